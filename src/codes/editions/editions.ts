/**
 * All imported editions of every table and map, under `codes/` in the data directory. Packed files are
 * immutable: a new edition writes a new packed file with all editions in it, and one rename switches the
 * catalogue.
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

/** An edition being built. Nothing is written before `commit()`; dropping a build leaves nothing behind. */
export interface Build<Row> {
  /**
   * Adds a row, in any order.
   * @throws {RowRefused} if the code is empty, too long or already in this edition; the build stays usable
   */
  add(row: Row): void
  /** Rows added so far. */
  readonly rows: number
  /** What the edition would change. Packs everything in memory; no row can be added afterwards. */
  changes(): EditionDifference
  /**
   * Writes the packed file and switches the catalogue, atomically.
   * @throws {Error} if the editions were changed since the build began
   */
  commit(): { readonly book: ShelfBook; readonly changes: EditionDifference }
}

/** Identifies an imported edition. */
export interface EditionName {
  /** Null for a national table. */
  readonly system: string | null
  readonly standard: string
  readonly version: string
}

/** The imported editions of one data directory. */
export interface Editions {
  /** The catalogue on disk now; empty if nothing was ever imported. */
  read(): EditionCatalogue
  /** Reads a packed file. @throws if it is missing or damaged */
  open(book: ShelfBook): PackedBook
  /**
   * Begins an edition of a national table, before, between or after the existing ones.
   * @throws {RangeError} if the version or the first day is taken
   */
  beginTable(standard: string, edition: NewEdition): Build<TableRow>
  /** Begins an edition of the map from a local system. */
  beginMap(system: string, standard: string, edition: NewEdition): Build<MapRow>
  /**
   * Advances an edition and appends the step to its history. `lifecycle.ts` decides who may take which step.
   * @throws {RangeError} if there is no such edition
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

/** Opens the editions of a data directory. Nothing is created before the first commit. */
export function openEditions(dataDir: string, clock: Pick<Clock, 'now'> = systemClock): Editions {
  const directory = shelfDirectory(dataDir)
  const read = () => readCatalogue(dataDir)
  const open = ({ file, crc32 }: ShelfBook) => openBook(readBook(join(directory, file), crc32))

  /** Changes the catalogue under a lock against other processes. */
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

/** First steps of an edition: by its maker, and by its checker if it has one. */
function firstSteps({ state, maker, checker }: NewEdition, at: Instant): EditionStep[] {
  const made: EditionStep = { state: 'maintained', by: maker, at }
  const later = EDITION_STATES.slice(1, EDITION_STATES.indexOf(state) + 1)
  return [made, ...later.map((step): EditionStep => ({ state: step, by: checker ?? maker, at }))]
}

/**
 * Index of a new edition among the existing ones. @throws {RangeError} if its version or first day is taken
 */
function placeFor(editions: readonly EditionHead[], { version, from }: EditionHead): number {
  const taken = editions.find((one) => one.version === version || one.from === from)
  if (taken) {
    const what = taken.version === version ? `called ${version}` : `in force from ${from}`
    throw new RangeError(`There is already an edition ${what}; editions are never changed`)
  }
  if (editions.length === EDITIONS_MAX) throw new RangeError(`A table holds ${EDITIONS_MAX} editions at most`)
  return editions.filter((one) => one.from < from).length
}

/** A file name that was never used before. */
function fileName({ system, standard }: BookName, revision: number): string {
  const plain = (text: string) => text.replace(/[^\w.-]/g, '_').slice(0, 60)
  return `${plain(standard)}${system === null ? '' : `-from-${plain(system)}`}-${revision}.codes`
}

/**
 * Removes packed files that neither catalogue names; a gateway may still be reading those of the former one.
 */
function clear(directory: string, catalogues: readonly EditionCatalogue[]): void {
  const kept = new Set(catalogues.flatMap(({ books }) => books.map(({ file }) => file)))
  for (const file of readdirSync(directory)) {
    if (/\.codes(?:\.part)?$/.test(file) && !kept.has(file)) rmSync(join(directory, file), { force: true })
  }
}
