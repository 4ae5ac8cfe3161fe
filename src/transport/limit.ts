/**
 * How many calls may be under way to one party at once, found by what the party bears: additive increase, multiplicative
 * decrease. A gradient on the round trip was left: a settlement engine that works in batches, or a province whose answers
 * take three seconds at noon, moves the round trip without being overloaded, while calls that are lost or far later than
 * this party's own habit say so plainly.
 */

/** A limit in the hand of its gate. Times in milliseconds. */
export interface Limit {
  /** Calls that may be under way now. */
  allowed(): number
  /** A call was answered. @param underWay how many were, itself included */
  answered(tookMs: number, underWay: number): void
  /** A call was lost: no answer, or none that can be read. */
  lost(now: number): void
  /** What this party usually takes; 0 before the first answer. */
  usualMs(): number
}

const START = 32
const LEAST = 4
/** Sockets to one address are the upper end; more calls would only wait there unseen. */
const MOST = 128
const DECREASE = 0.7
/** Answers that take so many times the usual time count as signs of overload. */
const LATE_TIMES = 4
const LATE_LEAST_MS = 50
/** Weight of the newest answer in the usual time. */
const WEIGHT = 1 / 16

/** Opens a limit. */
export function createLimit(): Limit {
  let limit = START
  let usual = 0
  let decreasedAt = Number.NEGATIVE_INFINITY

  function decrease(now: number): void {
    // Calls that were under way together are lost together: they count once.
    if (now - decreasedAt < Math.max(usual, LATE_LEAST_MS)) return
    decreasedAt = now
    limit = Math.max(LEAST, limit * DECREASE)
  }

  return {
    allowed: () => Math.floor(limit),
    answered(tookMs, underWay) {
      const late = usual > 0 && tookMs > Math.max(LATE_LEAST_MS, usual * LATE_TIMES)
      usual = usual === 0 ? tookMs : usual + (tookMs - usual) * WEIGHT
      // Only a limit that is used shows that more could be borne.
      if (!late && underWay * 2 >= limit) limit = Math.min(MOST, limit + 1 / limit)
    },
    lost: decrease,
    usualMs: () => usual,
  }
}
