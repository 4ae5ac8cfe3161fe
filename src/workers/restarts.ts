/** How often a worker that dies is started again, and after which pause. */
import { backoffMs } from '../backoff.ts'

const WITHIN_MS = 60_000
const RESTARTS_MAX = 5
const PAUSE_MS = 100
const PAUSE_MS_MAX = 5000

/** Counts the ends of one worker. */
export interface Restarts {
  /**
   * Notes an end.
   *
   * @param now monotonic milliseconds
   * @returns the pause before the next start; null where it ends too often, and starting it again helps nobody
   */
  after(now: number): number | null
}

/** Begins counting. */
export function createRestarts(): Restarts {
  let ends: number[] = []
  return {
    after(now) {
      ends = [...ends.filter((at) => now - at < WITHIN_MS), now]
      if (ends.length > RESTARTS_MAX) return null
      return backoffMs(ends.length - 1, PAUSE_MS, PAUSE_MS_MAX)
    },
  }
}
