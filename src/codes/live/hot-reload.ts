/**
 * The codes in use now. A change of the shelf is loaded beside the traffic and then taken into use by one assignment:
 * who has taken the former edition set keeps it to the end of its claim.
 */
import { stat } from 'node:fs/promises'
import type { Clock } from '../../ports.ts'
import { type Codes, composeCodes, type Imported, type Shipped } from '../codes.ts'
import { catalogueFile, readCatalogue, type ShelfBook } from '../editions/catalogue.ts'
import { publishedIn } from '../load.ts'
import { openBook } from '../store/file.ts'
import { type LoadAnswer, type LoadOrder, loadOff } from './loader.ts'
import type { SharedCodes } from './shared.ts'

/** Gives the edition set of this moment. Ask once for a claim. */
export interface CodesNow {
  current(): Codes
}

/** Codes that follow the shelf. */
export interface LiveCodes extends CodesNow {
  /** Revision of the shelf that is in use; 0 where nothing was ever imported. */
  revision(): number
  /** The same for another thread. */
  shared(): SharedCodes
  /** Looks at the shelf at once. @throws where it cannot be loaded; what was in use stays in use */
  reload(): Promise<void>
  stop(): void
}

/** What the live codes need. */
export interface LiveOptions {
  readonly dataDir: string
  readonly shipped: Shipped
  readonly clock: Clock
  /** Told once of each state of the shelf that cannot be loaded. */
  fault(cause: unknown): void
  /** Told of each edition set that is taken into use. */
  taken?(revision: number): void
  readonly load?: (order: LoadOrder) => Promise<LoadAnswer>
}

/** An imported book and the memory in which it lies. */
interface Loaded extends Imported {
  readonly shared: SharedArrayBuffer
}

/** Pause between two looks at the shelf. */
const LOOK_MS = 1000

/** Codes that never change. */
export function fixedCodes(codes: Codes): CodesNow {
  return { current: () => codes }
}

/** Loads what is on the shelf and follows it. @throws where it cannot be loaded at the start */
export async function openLiveCodes(options: LiveOptions): Promise<LiveCodes> {
  const { dataDir, shipped, clock, load = loadOff } = options
  let loaded = new Map<string, Loaded>()
  let revision = 0
  let current = composeCodes(shipped, [])
  let seen = ''
  let failed = ''
  let working: Promise<void> = Promise.resolve()
  let stopped = false
  let cancel = () => {}

  /** Loads the files that are new and puts the edition set together. */
  async function take(): Promise<void> {
    const catalogue = readCatalogue(dataDir)
    if (catalogue.revision === revision) return
    const used = catalogue.books.filter((book) => publishedIn(book).length > 0)
    const files = used.filter(({ file }) => !loaded.has(file))
    const answers = await load({ dataDir, files })
    if (stopped) return
    const fresh = new Map(answers.map((answer) => [answer.file, answer]))
    const importedOf = (book: ShelfBook): Loaded => {
      const answer = fresh.get(book.file)
      const { index, shared } = answer ?? loaded.get(book.file)!
      const rows = answer ? openBook(answer.shared) : loaded.get(book.file)!.book
      return { book: rows, shared, live: publishedIn(book), ...(index && { index }) }
    }
    loaded = new Map(used.map((book) => [book.file, importedOf(book)]))
    current = composeCodes(shipped, [...loaded.values()])
    revision = catalogue.revision
    options.taken?.(revision)
  }

  /** One load at a time; who comes meanwhile waits for a look of its own. */
  function reload(): Promise<void> {
    working = working.then(take, take)
    return working
  }

  async function look(): Promise<void> {
    // The catalogue is replaced as a whole, so that its stamp changes with its content.
    const stamp = await stat(catalogueFile(dataDir)).then(
      ({ mtimeMs, ino, size }) => `${mtimeMs} ${ino} ${size}`,
      () => '',
    )
    if (stamp !== '' && stamp !== seen && !stopped) {
      try {
        await reload()
        seen = stamp
        failed = ''
      } catch (cause) {
        // Tried again at every look, told once.
        if (failed !== stamp) options.fault(cause)
        failed = stamp
      }
    }
    if (!stopped) cancel = clock.after(LOOK_MS, () => void look())
  }

  await reload()
  cancel = clock.after(LOOK_MS, () => void look())
  return {
    current: () => current,
    revision: () => revision,
    shared: () => ({
      revision,
      books: [...loaded.values()].map(({ shared, live, index = null }) => ({ shared, live, index })),
    }),
    reload,
    stop() {
      stopped = true
      cancel()
    },
  }
}
