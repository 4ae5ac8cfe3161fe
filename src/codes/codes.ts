/**
 * The codebook engine: makes every code national on the day of the fee and keeps which edition and row said so. It
 * never guesses: a code that is not mapped is a result, and never becomes its own translation.
 */
import type { GivenCode } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import type { Codebook, CodeMap } from '../extension/codebook.ts'
import { createLocalCodes } from './local.ts'
import { createNearest, nearestFirst, type Sought } from './nearest.ts'
import type { Candidate, Found, MapUse, NotFound, Resolved, ResolveReason } from './outcome.ts'
import { createTable, isUsable, type Table } from './table.ts'
import { badTargetText, lookupText, notMappedText } from './texts.ts'

export type { Resolved } from './outcome.ts'

/** The system of codes that need no map. */
const NATIONAL = 'national'

/** Stands for whichever standard a fee line may carry; the form of the code decides. */
const ITEM = 'item'

/** National field of the item of a fee line; codebooks that live in it are the fee items. */
const ITEM_FIELD = 'med_list_codg'
const ITEM_TITLE = '收费项目'
const CANDIDATES_DEFAULT = 3

/** Codes on a day. Every question names a standard by its codebook id, or `item`. */
export interface Codes {
  /** All codebooks, by number of their standard; lists beside the fifteen come last. */
  codebooks(): readonly Codebook[]
  /** @param id `diagnosis` */
  book(id: string): Codebook | undefined
  /** Whether a national code may be used on a day. A local suffix is kept. */
  lookup(standard: string, code: string, day: Day): Found | NotFound
  /** Makes a given code national on a day. */
  resolve(standard: string, given: GivenCode, day: Day): Resolved
  /** Nearest codes that are valid on a day, best first; three unless told. */
  nearest(standard: string, sought: Sought, day: Day, limit?: number): Candidate[]
}

/**
 * Builds the engine over codebooks and maps in memory.
 *
 * @throws {RangeError} when two codebooks have one id, or two maps lead from one system to one standard
 */
export function createCodes(given: { codebooks: readonly Codebook[]; maps: readonly CodeMap[] }): Codes {
  const books = given.codebooks.toSorted(
    (a, b) => (a.standard ?? 99) - (b.standard ?? 99) || (a.id < b.id ? -1 : 1),
  )
  const tables = new Map(books.map((book) => [book.id, createTable(book)]))
  if (tables.size < books.length) throw new RangeError('Two codebooks have one id')
  const itemTables = books
    .filter(({ fields }) => fields.includes(ITEM_FIELD))
    .map(({ id }) => tables.get(id)!)
  const local = createLocalCodes(given.maps)
  const rank = createNearest()

  /** Tables that a question is about: all fee items, one table, or none. */
  function tablesOf(standard: string): readonly Table[] {
    const table = tables.get(standard)
    return standard === ITEM ? itemTables : table ? [table] : []
  }

  /** The table that a national code belongs to. */
  const tableOf = (standard: string, code: string) =>
    standard === ITEM ? itemTables.find((table) => table.accepts(code)) : tables.get(standard)

  function lookup(standard: string, code: string, day: Day): Found | NotFound {
    const table = tableOf(standard, code)
    if (table) return table.lookup(code, day)
    return { found: false, reason: standard === ITEM ? 'wrong-shape' : 'unknown-standard' }
  }

  function nearest(standard: string, sought: Sought, day: Day, limit = CANDIDATES_DEFAULT): Candidate[] {
    const ranked = tablesOf(standard).flatMap((table) => {
      const edition = table.editionOn(day)
      return edition ? rank(edition, sought, (entry) => isUsable(entry, day)) : []
    })
    return ranked
      .sort(nearestFirst)
      .slice(0, limit)
      .map(({ entry: { code, name } }) => ({ code, name }))
  }

  /** Candidates with the named replacement in front, where it is valid. */
  function candidates(standard: string, sought: Sought, day: Day, replacement?: string): Candidate[] {
    const near = nearest(standard, sought, day)
    const answer = replacement ? lookup(standard, replacement, day) : undefined
    if (!answer?.found) return near
    const { code, name } = answer.entry
    return [{ code, name }, ...near.filter((one) => one.code !== code)].slice(0, CANDIDATES_DEFAULT)
  }

  function titleOf(standard: string, code: string): string {
    return tableOf(standard, code)?.codebook.titleZh ?? (standard === ITEM ? ITEM_TITLE : standard)
  }

  function refuse(reason: ResolveReason, text: string, offered: readonly Candidate[]): Resolved {
    return { ok: false, reason, text, candidates: offered }
  }

  function resolveNational(standard: string, { code, name }: GivenCode, day: Day): Resolved {
    const answer = lookup(standard, code, day)
    if (answer.found) return { ok: true, ...found(answer) }
    const text = lookupText(titleOf(standard, code), code, answer)
    const known = name ?? answer.entry?.name
    const sought = { code, ...(known && { name: known }) }
    return refuse(answer.reason, text, candidates(standard, sought, day, answer.entry?.replacedBy))
  }

  function resolveLocal(standard: string, { system, code, name }: GivenCode, day: Day): Resolved {
    const standards = tablesOf(standard).map(({ codebook }) => codebook.id)
    const answer = local.find(system, standards, code, day)
    if (!answer.mapped) {
      const known = name ?? answer.row?.name
      return refuse('not-mapped', notMappedText(code, day, answer.row), nearestByName(standard, known, day))
    }
    return translate(answer.standard, code, answer.use, day)
  }

  /** A local code says nothing about the national table, so only its name is compared. */
  const nearestByName = (standard: string, name: string | undefined, day: Day) =>
    name ? nearest(standard, { name }, day) : []

  /** Follows a map: every target must itself be valid on the day. */
  function translate(standard: string, code: string, map: MapUse, day: Day): Resolved {
    const answers = map.row.targets.map((target) => ({ target, answer: lookup(standard, target, day) }))
    for (const { target, answer } of answers) {
      if (answer.found) continue
      const text = badTargetText(code, lookupText(titleOf(standard, target), target, answer))
      const sought = { code: target, name: map.row.name }
      return refuse(answer.reason, text, candidates(standard, sought, day, answer.entry?.replacedBy))
    }
    const [first, ...rest] = answers.flatMap(({ answer }) => (answer.found ? [answer] : []))
    if (!first)
      return refuse('not-mapped', notMappedText(code, day), nearestByName(standard, map.row.name, day))
    const also = rest.map((further) => further.code)
    return { ok: true, ...found(first), map, ...(also.length > 0 && { also }) }
  }

  return {
    codebooks: () => books,
    book: (id) => tables.get(id)?.codebook,
    lookup,
    resolve(standard, code, day) {
      if (tablesOf(standard).length === 0) {
        return refuse('unknown-standard', lookupText(standard, code.code, UNKNOWN_STANDARD), [])
      }
      return code.system === NATIONAL
        ? resolveNational(standard, code, day)
        : resolveLocal(standard, code, day)
    },
    nearest,
  }
}

const UNKNOWN_STANDARD: NotFound = { found: false, reason: 'unknown-standard' }

/** What a resolved code takes over from its lookup. */
function found({ code, standard, edition, entry }: Found) {
  return { code, name: entry.name, standard, edition, entry }
}
