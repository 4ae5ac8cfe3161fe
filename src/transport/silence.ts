/**
 * Silence: a party that takes calls and says nothing at all. A breaker that counts outcomes learns of it only when the
 * first deadlines pass, half a minute later, with a counter full of people; here it is noticed as soon as the party is
 * quiet for far longer than is its habit while several calls wait.
 */

/** Watches one party. Times in milliseconds on one clock. */
export interface Silence {
  /** A call has left. */
  left(now: number): void
  /** The party has said something, whatever it was. */
  heard(now: number): void
  /** A call has ended, with or without an answer. */
  ended(): void
  /** How long until it would be silence, from what is known now; Infinity where nothing waits. 0: it is. */
  until(now: number, usualMs: number): number
}

/** Calls that must wait before quiet means anything: one alone may just be a hard bill. */
const WAITING_LEAST = 3
const LEAST_MS = 500
const MOST_MS = 10_000
const USUAL_TIMES = 6

/** Opens a watch. */
export function createSilence(): Silence {
  let waiting = 0
  /** The last sign of life, or the first call after a rest. */
  let since = 0
  return {
    left(now) {
      if (waiting === 0) since = now
      waiting += 1
    },
    heard(now) {
      since = now
    },
    ended() {
      waiting -= 1
    },
    until(now, usualMs) {
      if (waiting < WAITING_LEAST) return Number.POSITIVE_INFINITY
      const patience = Math.min(MOST_MS, Math.max(LEAST_MS, usualMs * USUAL_TIMES))
      return Math.max(0, since + patience - now)
    },
  }
}
