/**
 * The open loop: visits begin when the plan says so, whatever became of those before, and are timed from that moment. So
 * a gateway that stalls cannot hide it (coordinated omission).
 */
import type { PlannedVisit } from './plan.ts'

/** A timer of Node is late by up to a millisecond; the last stretch is waited for awake. */
const AWAKE_MS = 1.2

/**
 * Plays every visit at its moment.
 *
 * @param elapsed milliseconds from the start
 * @param ended ends the arrivals early; visits that have begun go on
 * @returns when every visit has ended
 */
export async function drive(
  visits: Iterable<PlannedVisit>,
  play: (visit: PlannedVisit) => Promise<void>,
  elapsed: () => number,
  ended: AbortSignal,
): Promise<void> {
  const open = new Set<Promise<void>>()
  for (const visit of visits) {
    await until(visit.dueMs, elapsed, ended)
    if (ended.aborted) break
    const played = play(visit).finally(() => open.delete(played))
    open.add(played)
  }
  await Promise.all(open)
}

function until(dueMs: number, elapsed: () => number, ended: AbortSignal): Promise<void> | undefined {
  if (elapsed() >= dueMs) return
  return new Promise((resolve) => {
    function look(): void {
      const left = dueMs - elapsed()
      if (left <= 0 || ended.aborted) resolve()
      else if (left > AWAKE_MS) setTimeout(look, Math.min(left - AWAKE_MS, 100))
      else setImmediate(look)
    }
    look()
  })
}
