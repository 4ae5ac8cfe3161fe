/**
 * The shelf: every imported edition of every table and map, under `codes/` in the data directory. Packed files are never
 * changed; a new edition makes a new packed file with all editions in it, and the catalogue is switched by one rename.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Instant } from '../../domain/day.ts'
import { type Clock, systemClock } from '../../ports.ts'
import { holdLock } from '../../store/data-dir-lock.ts'
import { type BookHead, openBook, type PackedBook, readBook, writeBook } from '../store/file.ts'
import { EDITIONS_MAX } from '../store/layout.ts'
import { packMapRow } from '../store/map-rows.ts'
import type { EditionDifference, Repacked } from '../store/merge.ts'
import { Packed } from '../store/packed.ts'
import { createPacker, type PackedRow } from '../store/packer.ts'
import { packReverse } from '../store/reverse.ts'
import type { EditionHead, MapRow, TableRow } from '../store/rows.ts'
import { packTableRow } from '../store/table-rows.ts'
import {
  EDITION_STATES,
  type EditionCatalogue,
  type EditionState,
  type EditionStep,
  type NewEdition,
  readCatalogue,
  type ShelfBook,
  shelfDirectory,
  writeCatalogue,
} from './catalogue.ts'

/** An edition being built. Nothing is on disk until `commit()`; a build that is dropped leaves nothing. */
export interface Build<Row> {
  /**
   * Takes a row, in any order.
   * @throws {RowRefused} where the code stands already in this edition, is empty or too long; the build stays usable
   */
  add(row: Row): void
  /** Rows taken so far. */
  readonly rows: number
  /** What the edition would change; packs everything in memory. No row can be added after it. */
  changes(): EditionDifference
  /**
   * Writes the packed file and switches the catalogue; both or nothing.
   * @throws {Error} where the shelf was changed since the build began
   */
  commit(): { readonly book: ShelfBook; readonly changes: EditionDifference }
}

/** Names an edition on the shelf. */
export interface EditionName {
  /** Null for a national table. */
  readonly system: string | null
  readonly standard: string
  readonly version: string
}

/** The shelf of one data directory. */
export interface Editions {
  /** The catalogue as it is now on disk; an empty one where nothing was ever imported. */
  read(): EditionCatalogue
  /** Reads a packed file. @throws where it is gone or damaged */
  open(book: ShelfBook): PackedBook
  /**
   * Begins an edition of a national table. It may lie before, between or after those on the shelf.
   * @throws {RangeError} where the version or the first day is taken
   */
  beginTable(standard: string, edition: NewEdition): Build<TableRow>
  /** The same for the map of a local system. */
  beginMap(system: string, standard: string, edition: NewEdition): Build<MapRow>
  /**
   * Takes an edition a step on; the step is added to its history. Who may take which step is for `lifecycle.ts`.
   * @throws {RangeError} where there is no such edition
   */
  mark(
    of: EditionName,
    step: { readonly state: EditionState; readonly by: string },
    change?: { readonly checker?: string; readonly published?: EditionHead['from'] },
  ): EditionCatalogue
}

type BookName = Pick<ShelfBook, 'system' | 'standard'>

const isBook =
  ({ system, standard }: BookName) =>
  (book: ShelfBook) =>
    book.system === system && book.standard === standard

/** Opens the shelf of a data directory. Nothing is made until something is committed. */
export function openEditions(dataDir: string, clock: Pick<Clock, 'now'> = systemClock): Editions {
  const directory = shelfDirectory(dataDir)
  const read = () => readCatalogue(dataDir)
  const open = ({ file, crc32 }: ShelfBook) => openBook(readBook(join(directory, file), crc32))

  /** Changes the catalogue while no other process does. */
  function change(next: (catalogue: EditionCatalogue) => EditionCatalogue): EditionCatalogue {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const releaseLock = holdLock(join(directory, 'shelf.lock'))
    if (!releaseLock) throw new Error('Another import is just being written; try again')
    try {
      const before = read()
      const after = { ...next(before), revision: before.revision + 1 }
      writeCatalogue(dataDir, after)
      clear(directory, [before, after])
      return after
    } finally {
      releaseLock()
    }
  }

  function begin<Row extends { readonly code: string }>(
    name: BookName,
    edition: NewEdition,
    packRow: (row: Row) => PackedRow,
  ): Build<Row> {
    const began = read()
    const former = began.books.find(isBook(name))
    const base = former ? open(former) : null
    const editions = former?.editions ?? []
    const place = placeFor(editions, edition)
    const packer = createPacker(base?.forward ?? null, place)
    let packed: Repacked | null = null
    const finish = () => {
      packed ??= packer.finish()
      return packed
    }

    return {
      add(row) {
        if (packed) throw new Error('The edition is packed already')
        packer.add(row.code, packRow(row))
      },
      get rows() {
        return packer.rows
      },
      changes: () => finish().difference,
      commit() {
        const { sections, difference, codes } = finish()
        const history = firstSteps(edition, clock.now())
        const all = editions.toSpliced(place, 0, { ...edition, rows: packer.rows, history })
        const head: BookHead = { ...name, editions: all.map(headOf), codes }
        const tables = name.system === null ? [sections] : [sections, packReverse(new Packed(sections))]
        let book: ShelfBook | undefined
        change((catalogue) => {
          if (catalogue.revision !== began.revision) {
            throw new Error(
              'The shelf was changed by another import meanwhile. Nothing was imported; try again',
            )
          }
          const file = fileName(name, catalogue.revision + 1)
          book = { ...name, file, ...writeBook(join(directory, file), head, tables), editions: all }
          return { ...catalogue, books: [...catalogue.books.filter((one) => !isBook(name)(one)), book] }
        })
        return { book: book!, changes: difference }
      },
    }
  }

  return {
    read,
    open,
    beginTable: (standard, edition) => begin({ system: null, standard }, edition, packTableRow),
    beginMap: (system, standard, edition) => begin({ system, standard }, edition, packMapRow),
    mark(of, { state, by }, said = {}) {
      return change((catalogue) => {
        const book = catalogue.books.find(isBook(of))
        if (!book?.editions.some(({ version }) => version === of.version)) {
          throw new RangeError(`There is no edition ${of.version} of ${of.standard} on the shelf`)
        }
        const step = { state, by, at: clock.now() }
        const editions = book.editions.map((one) =>
          one.version === of.version ? { ...one, ...said, state, history: [...one.history, step] } : one,
        )
        return {
          ...catalogue,
          books: catalogue.books.map((one) => (one === book ? { ...book, editions } : one)),
        }
      })
    },
  }
}

const headOf = ({ version, from, dataAsOf, published, source, status }: EditionHead): EditionHead => ({
  version,
  from,
  source,
  ...(dataAsOf && { dataAsOf }),
  ...(published && { published }),
  ...(status && { status }),
})

/** How an edition came to the state in which it is handed over: by its maker, and its checker where it has one. */
function firstSteps({ state, maker, checker }: NewEdition, at: Instant): EditionStep[] {
  const made: EditionStep = { state: 'maintained', by: maker, at }
  const later = EDITION_STATES.slice(1, EDITION_STATES.indexOf(state) + 1)
  return [made, ...later.map((step): EditionStep => ({ state: step, by: checker ?? maker, at }))]
}

/** Where an edition stands among others. @throws {RangeError} where its version or first day is taken */
function placeFor(editions: readonly EditionHead[], { version, from }: EditionHead): number {
  const taken = editions.find((one) => one.version === version || one.from === from)
  if (taken) {
    const what = taken.version === version ? `called ${version}` : `in force from ${from}`
    throw new RangeError(`There is already an edition ${what}; editions are never changed`)
  }
  if (editions.length === EDITIONS_MAX) throw new RangeError(`A table holds ${EDITIONS_MAX} editions at most`)
  return editions.filter((one) => one.from < from).length
}

/** A name that no file had before. */
function fileName({ system, standard }: BookName, revision: number): string {
  const plain = (text: string) => text.replace(/[^\w.-]/g, '_').slice(0, 60)
  return `${plain(standard)}${system === null ? '' : `-from-${plain(system)}`}-${revision}.codes`
}

/** Removes packed files that neither catalogue names; a gateway may just be reading those of the former one. */
function clear(directory: string, catalogues: readonly EditionCatalogue[]): void {
  const kept = new Set(catalogues.flatMap(({ books }) => books.map(({ file }) => file)))
  for (const file of readdirSync(directory)) {
    if (/\.codes(?:\.part)?$/.test(file) && !kept.has(file)) rmSync(join(directory, file), { force: true })
  }
}
