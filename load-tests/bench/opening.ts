/** When a breaker opened, and what it cost to find out that its destination is back: from the answers of one run. */
import { quantile } from '../statistics.ts'
import type { Shot } from './open-loop.ts'

/** What the answers say. */
export interface Opening {
  /** Milliseconds from going dark; null where the gateway never refused at once. */
  readonly openMs: number | null
  /** Calls from then on, up to the first that was served again. */
  readonly calls: number
  /** Of these, which were let through to the dark destination and lost. */
  readonly lost: number
  /** Of these, which were refused, but not at once. */
  readonly slow: number
  /** What the refusals of the dark time took, in milliseconds: half of them less, 99 of 100 less. */
  readonly refusedMs: readonly [number, number]
  /** Milliseconds from coming back to the first call that was served; null where none was. */
  readonly backMs: number | null
}

/** What counts as at once. */
const AT_ONCE_MS = 5
/** So long everything has to be refused before the breaker counts as open. */
const STRETCH_MS = 1000
/** In the stretch one refusal of fifty may be later: load, platform and clock share a core. */
const LATE_SHARE = 0.02

/**
 * Reads a run.
 *
 * @param shots in the order in which they were due
 * @param dark when the destination went dark, and `back` when it spoke again, from the start of the run
 */
export function openingOf(shots: readonly Shot[], dark: number, back: number): Opening {
  const served = shots.find(({ due, verdict }) => due >= back && verdict === 'yes')
  const backMs = served ? served.due - back : null
  const during = shots.filter(({ due }) => due >= dark && due < back)
  const first = during.find(({ due }) => {
    if (due + STRETCH_MS > back) return false
    const stretch = during.filter((shot) => shot.due >= due && shot.due < due + STRETCH_MS)
    const late = stretch.filter((shot) => shot.took >= AT_ONCE_MS).length
    return stretch.every(({ verdict }) => verdict === 'refused') && late <= stretch.length * LATE_SHARE
  })
  const refused = during.filter(({ verdict }) => verdict === 'refused').map(({ took }) => took)
  const common = { refusedMs: [quantile(refused, 0.5), quantile(refused, 0.99)], backMs } as const
  if (!first) return { openMs: null, calls: 0, lost: 0, slow: 0, ...common }
  const end = served?.due ?? Number.POSITIVE_INFINITY
  const after = shots.filter(({ due }) => due >= first.due && due < end)
  return {
    openMs: first.due - dark,
    calls: after.length,
    lost: after.filter(({ verdict }) => verdict === 'lost').length,
    slow: after.filter(({ verdict, took }) => verdict === 'refused' && took >= AT_ONCE_MS).length,
    ...common,
  }
}
