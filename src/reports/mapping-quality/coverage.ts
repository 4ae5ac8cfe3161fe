/** How far the maps of a system go: rows that lead to a usable code, rows decided to have none, rows that are open. */

import { setImmediate } from 'node:timers/promises'
import { inForceOn } from '../../codes/calendar.ts'
import type { Codes } from '../../codes/codes.ts'
import { dayNumber } from '../../codes/store/day-number.ts'
import { mapRowAt } from '../../codes/store/map-rows.ts'
import type { NoTarget } from '../../codes/store/rows.ts'
import type { Day } from '../../domain/day.ts'

/** One map on a day. */
export interface Coverage {
  readonly system: string
  readonly standard: string
  /** Version of the map's edition; null if the system has no map to this standard and codes were seen all the same. */
  readonly edition: string | null
  readonly mapped: number
  /** No national code, by decision: final. */
  readonly decidedNone: number
  /** To be done: the target is not usable on the day, or someone has still to look. */
  readonly open: number
}

/** A row of a map that is open. */
export interface OpenRow {
  readonly system: string
  readonly standard: string
  readonly code: string
  readonly name: string
}

/** Reasons why a row has no target that leave nothing to do. */
const DECIDED: ReadonlySet<NoTarget> = new Set(['not-in-national-table', 'out-of-scope'])

/** Rows that are looked at in one go. */
const PART = 2000

/** Goes through all maps that lead from a system. */
export async function coverageOf(
  codes: Codes,
  system: string,
  day: Day,
): Promise<{ readonly coverage: readonly Coverage[]; readonly open: readonly OpenRow[] }> {
  const open: OpenRow[] = []
  const coverage: Coverage[] = []
  let seen = 0
  for (const map of codes.mapsFrom(system)) {
    const edition = inForceOn(map, day)
    if (!edition) continue
    const { forward, standard } = map.book
    const number = dayNumber(day)
    const counts = { mapped: 0, decidedNone: 0, open: 0 }
    for (const head of forward.heads()) {
      const place = forward.inForce(head, edition.place, number)
      seen += 1
      if (seen % PART === 0) await setImmediate()
      if (place === 0) continue
      const { code, name, noTarget, until } = mapRowAt(forward, place)
      if (until && until <= day) continue
      if (noTarget && DECIDED.has(noTarget)) counts.decidedNone += 1
      else if (codes.resolve(standard, { system, code }, day).ok) counts.mapped += 1
      else {
        counts.open += 1
        open.push({ system, standard, code, name })
      }
    }
    coverage.push({ system, standard, edition: edition.version, ...counts })
  }
  return { coverage, open }
}
