/** Local code systems: their maps indexed by system and standard, asked for a day. */
import type { Day } from '../domain/day.ts'
import type { CodeMap, CodeMapRow } from '../extension/codebook.ts'
import type { MapUse } from './outcome.ts'
import { inForce } from './table.ts'

/** What a local system says about a code on a day; where nothing, the row that is over or still to come, if any. */
type LocalAnswer =
  | { readonly mapped: true; readonly standard: string; readonly use: MapUse }
  | { readonly mapped: false; readonly row?: CodeMapRow }

/** Indexed maps. */
export interface LocalCodes {
  /**
   * @param standards ids of the codebooks that will do, in order of preference
   * @param code the local code, letter for letter
   */
  find(system: string, standards: readonly string[], code: string, day: Day): LocalAnswer
}

const keyOf = (system: string, standard: string) => `${system}\n${standard}`

/**
 * Indexes maps.
 *
 * @throws {RangeError} when two maps lead from one system to one standard
 */
export function createLocalCodes(maps: readonly CodeMap[]): LocalCodes {
  const byKey = new Map<string, CodeMap>()
  const indexes = new Map<CodeMap['editions'][number], Map<string, CodeMapRow>>()
  for (const map of maps) {
    const key = keyOf(map.system, map.standard)
    if (byKey.has(key)) throw new RangeError(`Two maps from ${map.system} to ${map.standard}`)
    byKey.set(key, map)
    for (const edition of map.editions) {
      indexes.set(edition, new Map(edition.rows.map((row) => [row.code, row])))
    }
  }

  return {
    find(system, standards, code, day) {
      let idle: CodeMapRow | undefined
      for (const standard of standards) {
        const edition = inForce(byKey.get(keyOf(system, standard))?.editions ?? [], day)
        const row = edition && indexes.get(edition)?.get(code)
        if (!edition || !row) continue
        const valid = (!row.from || row.from <= day) && (!row.until || day < row.until)
        if (valid) return { mapped: true, standard, use: { system, version: edition.version, row } }
        idle ??= row
      }
      return { mapped: false, ...(idle && { row: idle }) }
    },
  }
}
