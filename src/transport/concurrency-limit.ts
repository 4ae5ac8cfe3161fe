/**
 * The limit of concurrent calls of a channel: additive increase, multiplicative decrease (AIMD). A gradient limit compares
 * each answer with the best time seen; here a lookup of 20 ms and a settlement of a second share a channel, so it would
 * follow the mixture of transactions and not the load. A late answer, or none, means the same for both.
 */

const START = 32
/** Lower bound, so that one bad spell leaves enough calls to learn from. */
const MIN = 4
/** Upper bound: a province that answers in a second takes 128 a second, more than the whole country sends at its peak. */
const MAX = 128
/** Share of the limit that is kept after a fault, and after a late answer. */
const AFTER_FAULT = 0.5
const AFTER_LATE = 0.9

/** The concurrency limit of one channel. */
export class AimdLimit {
  #limit = START
  /** Below this each answer adds one, so that after a restart the limit recovers within a few answers. */
  #known = 0
  /** No further reduction before this: calls that fail together count once. */
  #heldUntil = 0

  /** Concurrent calls. */
  get value(): number {
    return Math.floor(this.#limit)
  }

  /**
   * @param isLate whether the answer took too long
   * @param inFlight calls under way when the answer came, its own included
   * @param holdMs how long a reduction stands before the next; `now` in milliseconds of the monotonic clock
   */
  answered(isLate: boolean, inFlight: number, now: number, holdMs: number): void {
    if (isLate) this.#reduce(AFTER_LATE, now, holdMs)
    else if (this.#limit < Math.max(MIN, this.#known)) this.#limit += 1
    // An answer while half of the limit is unused says nothing about the limit.
    else if (inFlight * 2 >= this.#limit) this.#limit = Math.min(MAX, this.#limit + 1 / this.#limit)
  }

  failed(now: number, holdMs: number): void {
    this.#reduce(AFTER_FAULT, now, holdMs)
  }

  /** Starts again with one call after the destination was down: the others wait until it has answered one. */
  restart(): void {
    this.#known = Math.max(MIN, this.#known, this.#limit / 2)
    this.#limit = 1
  }

  #reduce(share: number, now: number, holdMs: number): void {
    if (now < this.#heldUntil) return
    this.#heldUntil = now + holdMs
    this.#known = 0
    this.#limit = Math.max(Math.min(this.#limit, MIN), this.#limit * share)
  }
}
