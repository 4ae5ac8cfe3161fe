/**
 * The shelf: every imported edition of every table and map, under `codes/` in the data directory. Packed files are never
 * changed; a new edition makes a new packed file with all editions in it, and the catalogue is switched by one rename.
 */
import type { EditionHead, MapRow, TableRow } from './store/rows.ts'

/** How far an edition has come. Only published editions are used by the gateway. */
export const EDITION_STATES = ['maintained', 'reviewed', 'publicised', 'published'] as const

/** One of `EDITION_STATES`. */
export type EditionState = (typeof EDITION_STATES)[number]

/** An edition as an importer hands it over. */
export interface NewEdition extends EditionHead {
  readonly state: EditionState
  /** Who made it. */
  readonly maker: string
}

/** An edition on the shelf. */
export interface ShelfEdition extends NewEdition {
  readonly rows: number
  /** Who checked it; another person than the maker. */
  readonly checker?: string
}

/** What is packed together: a national table, or the map of one local system to one national table. */
export interface ShelfBook {
  /** Null for a national table. */
  readonly system: string | null
  /** Id of the codebook: `diagnosis`. */
  readonly standard: string
  /** Name of the packed file in `codes/`. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  /** In order of their first day. */
  readonly editions: readonly ShelfEdition[]
}

/** Everything on the shelf. */
export interface Catalogue {
  /** Grows by one with every change. */
  readonly revision: number
  readonly books: readonly ShelfBook[]
}

/** What an edition changes against the one before it in time; `closed` rows stay answerable for their days. */
export interface Changes {
  readonly added: number
  /** Name, dates, marks, attributes or targets differ. */
  readonly changed: number
  readonly closed: number
  readonly unchanged: number
}

/** An edition being built. Nothing is on disk until `commit()`; a build that is dropped leaves nothing. */
export interface Build<Row> {
  /**
   * Takes a row, in any order.
   * @throws {RowRefused} where the code stands already in this edition, is empty or too long; the build stays usable
   */
  add(row: Row): void
  /** Rows taken so far. */
  readonly rows: number
  /** What the edition would change; packs everything in memory, so ask once. For a dry run. */
  changes(): Changes
  /**
   * Writes the packed file and switches the catalogue; both or nothing.
   * @throws {Error} where the shelf was changed since the build began
   */
  commit(): { readonly book: ShelfBook; readonly changes: Changes }
}

/** The shelf of one data directory. */
export interface Shelf {
  /** The catalogue as it is now on disk; an empty one where nothing was ever imported. */
  read(): Catalogue
  /**
   * Begins an edition of a national table. It may lie before, between or after those on the shelf.
   * @throws {RangeError} where the version or the first day is taken
   */
  beginTable(standard: string, edition: NewEdition): Build<TableRow>
  /** The same for the map of a local system. */
  beginMap(system: string, standard: string, edition: NewEdition): Build<MapRow>
  /** Changes what is said about an edition: its state, its checker. @throws {RangeError} where there is none */
  mark(
    of: { readonly system: string | null; readonly standard: string; readonly version: string },
    change: {
      readonly state?: EditionState
      readonly checker?: string
      readonly published?: EditionHead['from']
    },
  ): Catalogue
}

/** Opens the shelf of a data directory. Nothing is made until something is committed. */
export function openShelf(dataDir: string): Shelf {
  throw new Error(`Not built yet: ${dataDir}`)
}
