/** The national tables: one by its id, or any that a fee line may use, chosen by the form of the code. */
import type { Day } from '../domain/day.ts'
import { hashAscii } from '../hash.ts'
import { createNearest, nearestFirst, type Sought } from './nearest.ts'
import type { NearestIndex } from './nearest-index.ts'
import type { Candidate, Found, NotFound } from './outcome.ts'
import type { Packed } from './store/packed.ts'
import type { Table } from './table.ts'

/** Any standard that a fee line may use; the form of the code decides. */
export const ITEM = 'item'

/** National field for the item of a fee line; codebooks of this field are fee items. */
const ITEM_FIELD = 'med_list_codg'
/** Name for what may be a drug, a service or a consumable. */
export const ITEM_TITLE = '收费项目'
const CANDIDATES_DEFAULT = 3

/** The tables, queried by standard. */
export interface National {
  /** Ids of the tables that a query covers: all fee items, one, or none. */
  standardsOf(standard: string): readonly string[]
  lookup(standard: string, code: string, day: Day): Found | NotFound
  nearest(standard: string, sought: Sought, day: Day, limit?: number): Candidate[]
  /** Nearest codes, preceded by the named replacement if it is valid. */
  candidates(standard: string, sought: Sought, day: Day, replacement?: string): Candidate[]
  /** National title of the table a code belongs to. */
  titleOf(standard: string, code: string): string
}

/** Combines tables. @param indexes indexes for nearest codes that were built with the tables */
export function createNational(
  tables: ReadonlyMap<string, Table>,
  indexes: ReadonlyMap<Packed, NearestIndex>,
): National {
  const itemTables = [...tables.values()].filter(({ codebook }) => codebook.fields.includes(ITEM_FIELD))
  const itemStandards = itemTables.map(({ codebook }) => codebook.id)
  const rank = createNearest(indexes)

  /** The table a national code belongs to. */
  const tableOf = (standard: string, code: string) =>
    standard === ITEM ? itemTables.find((table) => table.accepts(code)) : tables.get(standard)

  function lookup(standard: string, code: string, day: Day): Found | NotFound {
    if (standard === ITEM) return lookupItem(code, day)
    const table = tables.get(standard)
    return table ? table.lookup(code, day) : { found: false, reason: 'unknown-standard' }
  }

  /** A code found exactly as written belongs to that table; otherwise its form decides. */
  function lookupItem(code: string, day: Day): Found | NotFound {
    const hash = hashAscii(code)
    for (const table of itemTables) {
      const first = table.packed.find(code, hash)
      if (first !== 0) return table.lookupAt(first, code, day)
    }
    const table = tableOf(ITEM, code)
    return table ? table.lookup(code, day) : { found: false, reason: 'wrong-shape' }
  }

  function standardsOf(standard: string): readonly string[] {
    if (standard === ITEM) return itemStandards
    return tables.has(standard) ? [standard] : []
  }

  function nearest(standard: string, sought: Sought, day: Day, limit = CANDIDATES_DEFAULT): Candidate[] {
    const ranked = standardsOf(standard).flatMap((id) => {
      const table = tables.get(id)!
      return rank(table.packed, sought, (head) => table.usable(head, day))
    })
    return ranked
      .sort(nearestFirst)
      .slice(0, limit)
      .map(({ entry }) => entry)
  }

  return {
    standardsOf,
    lookup,
    nearest,
    candidates(standard, sought, day, replacement) {
      const near = nearest(standard, sought, day)
      const answer = replacement ? lookup(standard, replacement, day) : undefined
      if (!answer?.found) return near
      const { code, name } = answer.entry
      return [{ code, name }, ...near.filter((one) => one.code !== code)].slice(0, CANDIDATES_DEFAULT)
    },
    titleOf: (standard, code) =>
      tableOf(standard, code)?.codebook.titleZh ?? (standard === ITEM ? ITEM_TITLE : standard),
  }
}
