/**
 * The codes in use now. A changed edition is loaded in the background and then activated by one assignment; a claim
 * keeps the set of editions it started with.
 */
import { stat } from 'node:fs/promises'
import type { Clock } from '../../ports.ts'
import { type Codes, composeCodes, type Imported, type Shipped } from '../codes.ts'
import { catalogueFile, readCatalogue, type ShelfBook } from '../editions/catalogue.ts'
import { publishedIn } from '../load.ts'
import { openBook } from '../store/file.ts'
import { type LoadAnswer, type LoadOrder, loadOff } from './loader.ts'
import type { SharedCodes } from './shared.ts'

/** Returns the current set of editions. Ask once per claim. */
export interface CodesNow {
  current(): Codes
}

/** Codes that follow the imported editions. */
export interface LiveCodes extends CodesNow {
  /** Revision of the catalogue in use; 0 if nothing was ever imported. */
  revision(): number
  /** The same codes for another thread. */
  shared(): SharedCodes
  /** Checks for changes now. @throws if they cannot be loaded; the former editions stay in use */
  reload(): Promise<void>
  stop(): void
}

/** Dependencies of the live codes. */
export interface LiveOptions {
  readonly dataDir: string
  readonly shipped: Shipped
  readonly clock: Clock
  /** Called once for each revision that cannot be loaded. */
  fault(cause: unknown): void
  /** Called for each set of editions that is activated. */
  taken?(revision: number): void
  readonly load?: (order: LoadOrder) => Promise<LoadAnswer>
}

/** An imported book and the memory that holds it. */
interface Loaded extends Imported {
  readonly shared: SharedArrayBuffer
}

/** Interval between two checks for changes. */
const LOOK_MS = 1000

/** Codes that never change. */
export function fixedCodes(codes: Codes): CodesNow {
  return { current: () => codes }
}

/** Loads the imported editions and follows them. @throws if the first load fails */
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

  /** Loads new files and assembles the set of editions. */
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

  /** One load at a time; callers that arrive meanwhile wait for a check of their own. */
  function reload(): Promise<void> {
    working = working.then(take, take)
    return working
  }

  async function look(): Promise<void> {
    // The catalogue is replaced as a whole, so its stamp changes with its content.
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
        // Retried at every check, reported once.
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
