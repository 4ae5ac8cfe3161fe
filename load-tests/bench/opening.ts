/** When a breaker opened, and what it cost to find out that its destination is back: from the answers of one run. */
import { quantile } from '../statistics.ts'
import type { Shot } from './open-loop.ts'

/** What the answers say. */
export interface Opening {
  /** Milliseconds from going dark to the first second in which every call is refused; null if there was none. */
  readonly refusesMs: number | null
  /** The same where half of the refusals, or more, also come at once. */
  readonly openMs: number | null
  /** The same where all come at once but one of fifty: the machine's own pauses are in it. */
  readonly steadyMs: number | null
  /** Calls from the first of these moments on, up to the first that was served again. */
  readonly calls: number
  /** Of these, which were let through to the dark destination and lost. */
  readonly lost: number
  /** Of these, which were refused, but not at once. */
  readonly slow: number
  /** What the refusals of the dark time took, in milliseconds: half of them less, 99 of 100 less. */
  readonly refusedMs: readonly [number, number]
  /** Milliseconds from coming back to the first call that was served; null if none was. */
  readonly backMs: number | null
}

/** What counts as at once. */
export const AT_ONCE_MS = 5
/** So long everything has to be refused before the breaker counts as open. */
const STRETCH_MS = 1000
/** How many refusals of the stretch may be later. */
const HALF = 0.5
const FEW = 0.02

/**
 * Reads a run.
 *
 * @param shots in the order in which they were due
 * @param dark when the destination went dark, and `back` when it spoke again, from the start of the run
 */
export function openingOf(shots: readonly Shot[], dark: number, back: number): Opening {
  const served = shots.find(({ due, verdict }) => due >= back && verdict === 'yes')
  const during = shots.filter(({ due }) => due >= dark && due < back)
  const refuses = during.find(({ due }) => isRefused(during, due, back))
  const opens = during.find(({ due }) => isRefused(during, due, back, HALF))
  const steady = during.find(({ due }) => isRefused(during, due, back, FEW))
  const refused = during.filter(({ verdict }) => verdict === 'refused').map(({ took }) => took)
  const [begin, end] = [refuses?.due ?? Number.POSITIVE_INFINITY, served?.due ?? Number.POSITIVE_INFINITY]
  const after = shots.filter(({ due }) => due >= begin && due < end)
  return {
    refusesMs: refuses ? refuses.due - dark : null,
    openMs: opens ? opens.due - dark : null,
    steadyMs: steady ? steady.due - dark : null,
    calls: after.length,
    lost: after.filter(({ verdict }) => verdict === 'lost').length,
    slow: after.filter(({ verdict, took }) => verdict === 'refused' && took >= AT_ONCE_MS).length,
    refusedMs: [quantile(refused, 0.5), quantile(refused, 0.99)],
    backMs: served ? served.due - back : null,
  }
}

/** Whether everything due in the stretch from a moment is refused, and no more than a share of it late. */
function isRefused(during: readonly Shot[], from: number, back: number, lateShare = 1): boolean {
  if (from + STRETCH_MS > back) return false
  const stretch = during.filter(({ due }) => due >= from && due < from + STRETCH_MS)
  const late = stretch.filter(({ took }) => took >= AT_ONCE_MS).length
  return stretch.every(({ verdict }) => verdict === 'refused') && late <= stretch.length * lateShare
}
