/** What a run comes to. */
import type { DurableRows } from './durable-rows.ts'

/** What one run gives. */
export interface Run {
  readonly seed: number
  readonly faults: number
  readonly faultsByKind: ReadonlyMap<string, number>
  readonly settlements: number
  readonly lost: number
  readonly doubled: number
  readonly unknownLeft: number
  readonly longestRecoveryMs: number
  /** What did not hold; empty in a good run. */
  readonly violations: readonly string[]
}

/** Longest time from an outcome that became unknown to the evidence that ended it. */
export function longestRecovery(platter: DurableRows): number {
  let longest = 0
  for (const { outcomes } of platter.keyed()) {
    const since = outcomes.find(({ state }) => state === 'unknown')?.at
    // What a hospital reversed the next day was not open until then.
    const last = outcomes.find(
      ({ at, state }) => since !== undefined && at >= since && state !== 'unknown' && state !== 'undoing',
    )
    if (since !== undefined && last) longest = Math.max(longest, last.at - since)
  }
  return longest
}
