/**
 * The codebook engine: translates every code to its national code on the day of the fee and keeps the edition
 * and row that decided it. It never guesses: an unmapped code is a result of its own and never its own
 * translation. An engine is immutable; a change of editions builds a new one (`hot-reload.ts`).
 */
import type { GivenCode } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import type { Codebook, CodeMap } from '../extension/codebook.ts'
import { liveEditions } from './calendar.ts'
import { createLocalCodes } from './local.ts'
import { createNational, ITEM } from './national.ts'
import type { Sought } from './nearest.ts'
import type { NearestIndex } from './nearest-index.ts'
import type { Candidate, CodebookHead, Found, NotFound, Resolved, Reversed, Translation } from './outcome.ts'
import { type LiveBook, packCodebook, packCodeMap } from './pack.ts'
import { createResolve } from './resolve.ts'
import { createTable } from './table.ts'
import { createTranslation } from './translation.ts'

export type { Resolved } from './outcome.ts'

/** Codes on a day. Every query names its standard by codebook id, or `item`. */
export interface Codes {
  /** All codebooks by number of their standard; lists other than the fifteen come last. */
  codebooks(): readonly CodebookHead[]
  /** @param id `diagnosis` */
  book(id: string): CodebookHead | undefined
  /** Whether a fee line may carry codes of this standard. */
  isItem(standard: string): boolean
  /** Checks whether a national code may be used on a day. A local suffix is kept. */
  lookup(standard: string, code: string, day: Day): Found | NotFound
  /** Translates a given code to a national one on a day. */
  resolve(standard: string, given: GivenCode, day: Day): Resolved
  /** The packed rows of a national table. */
  table(standard: string): LiveBook | undefined
  /** The maps from a local system. */
  mapsFrom(system: string): readonly LiveBook[]
  /** The packed rows of all maps in use. */
  maps(): readonly LiveBook[]
  /** Nearest codes that are valid on a day, best first; three by default. */
  nearest(standard: string, sought: Sought, day: Day, limit?: number): Candidate[]
  /** All targets of a local code on a day, undecided alternatives included. */
  translate(system: string, standard: string, code: string, day: Day): Translation
  /** All codes of a system that lead to a national one on a day. */
  reverse(system: string, standard: string, code: string, day: Day): Reversed
}

/** An imported table or map, with what was built beside it where it was loaded. */
export interface Imported extends LiveBook {
  readonly index?: NearestIndex
}

/** Names a table (without a system) or a map. */
const keyOf = ({ system, standard }: { readonly system: string | null; readonly standard: string }) =>
  `${system ?? ''}\n${standard}`

/** Codebooks and maps of the folders, packed once. */
export interface Shipped {
  readonly tables: readonly { readonly codebook: Codebook; readonly rows: LiveBook }[]
  readonly maps: readonly LiveBook[]
}

/**
 * Packs codebooks and maps.
 *
 * @throws {RangeError} if two codebooks share an id, or two maps share system and standard
 */
export function packShipped(given: {
  readonly codebooks: readonly Codebook[]
  readonly maps: readonly CodeMap[]
}): Shipped {
  const { codebooks, maps } = given
  if (new Set(codebooks.map(({ id }) => id)).size < codebooks.length) {
    throw new RangeError('Two codebooks have one id')
  }
  if (new Set(maps.map(keyOf)).size < maps.length) throw new RangeError('Two maps between the same two')
  const tables = codebooks
    .toSorted((a, b) => (a.standard ?? 99) - (b.standard ?? 99) || (a.id < b.id ? -1 : 1))
    .map((codebook) => ({ codebook, rows: packCodebook(codebook) }))
  return { tables, maps: maps.map(packCodeMap) }
}

/**
 * Assembles the engine. This is cheap, since all rows are packed already. An imported table replaces the
 * codebook's own rows, and an imported map replaces the shipped map between the same two systems.
 */
export function composeCodes(shipped: Shipped, imported: readonly Imported[]): Codes {
  const used = imported.filter(({ live }) => live.length > 0)
  const importedOf = new Map(used.map((one) => [keyOf(one.book), one]))
  const importedTable = (standard: string) => importedOf.get(keyOf({ system: null, standard }))
  const books = new Map(
    shipped.tables.map(({ codebook: { id }, rows }) => [id, importedTable(id) ?? rows] as const),
  )
  const tables = new Map(
    shipped.tables.map(({ codebook }) => {
      const other = importedTable(codebook.id)
      const head = other ? { ...codebook, editions: liveEditions(other), complete: true as const } : codebook
      return [codebook.id, createTable(head, books.get(codebook.id)!)]
    }),
  )
  const own = shipped.maps.filter(({ book }) => !importedOf.has(keyOf(book)))
  const maps = [...own, ...used.filter(({ book }) => book.system !== null)]
  const local = createLocalCodes(maps)
  const indexes = used.flatMap(({ book, index }) => (index ? [[book.forward, index] as const] : []))
  const national = createNational(tables, new Map(indexes))
  const heads = [...tables.values()].map(({ codebook }) => codebook)

  return {
    codebooks: () => heads,
    book: (id) => tables.get(id)?.codebook,
    table: (standard) => books.get(standard),
    mapsFrom: (system) => maps.filter(({ book }) => book.system === system),
    isItem: (standard) => national.standardsOf(ITEM).includes(standard),
    lookup: national.lookup,
    resolve: createResolve(national, local),
    maps: () => maps,
    nearest: national.nearest,
    ...createTranslation(national, local),
  }
}

/** Packs and assembles in one step, from shipped codebooks and maps and from imports. */
export function createCodes(given: {
  readonly codebooks: readonly Codebook[]
  readonly maps: readonly CodeMap[]
  readonly imported?: readonly Imported[]
}): Codes {
  return composeCodes(packShipped(given), given.imported ?? [])
}
