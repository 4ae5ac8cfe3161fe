/** Coverage of a system's maps: rows with a usable target, rows decided to have none, open rows. */

import { setImmediate } from 'node:timers/promises'
import { inForceOn } from '../../codes/calendar.ts'
import type { Codes } from '../../codes/codes.ts'
import { dayNumber } from '../../codes/store/day-number.ts'
import { mapRowAt } from '../../codes/store/map-rows.ts'
import type { NoTarget } from '../../codes/store/rows.ts'
import type { Day } from '../../domain/day.ts'

/** Coverage of one map on a day. */
export interface Coverage {
  readonly system: string
  readonly standard: string
  /** Version of the map's edition; null if there is no map to this standard although its codes were seen. */
  readonly edition: string | null
  readonly mapped: number
  /** No national code, by decision: final. */
  readonly decidedNone: number
  /** Open: the target is not usable on the day, or the row needs review. */
  readonly open: number
}

/** An open row of a map. */
export interface OpenRow {
  readonly system: string
  readonly standard: string
  readonly code: string
  readonly name: string
}

/** Reasons for a missing target that leave nothing to do. */
const DECIDED: ReadonlySet<NoTarget> = new Set(['not-in-national-table', 'out-of-scope'])

/** Rows processed before yielding. */
const PART = 2000

/** Reads all maps from a system. */
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
