/**
 * How many calls at once a channel takes: additive increase, multiplicative decrease (AIMD). A gradient would compare each
 * answer with the best time seen, and here a lookup of 20 ms and a settlement of a second share a channel: it would follow
 * the mixture of transactions instead of the load. What comes too late, or not at all, is the same sign for both.
 */

const START = 32
/** Never below, so that one bad spell leaves enough calls to learn from. */
const MIN = 4
/** Never above: a province that answers in a second takes 128 a second, more than the whole country sends at its peak. */
const MAX = 128
/** What is left after a fault, and after a late answer. */
const AFTER_FAULT = 0.5
const AFTER_LATE = 0.9

/** The limit of one channel. */
export class Limit {
  #limit = START
  /** Below this each answer makes room for one more: after a restart it is found again within a few answers. */
  #known = 0
  /** What went wrong at once counts once: nothing more is taken away before this. */
  #heldUntil = 0

  /** Calls at once. */
  get value(): number {
    return Math.floor(this.#limit)
  }

  /**
   * @param isLate whether it took longer than usual
   * @param inFlight calls at once when it came, itself among them
   * @param now and `holdMs`: how long a reduction stands before the next
   */
  answered(isLate: boolean, inFlight: number, now: number, holdMs: number): void {
    if (isLate) this.#reduce(AFTER_LATE, now, holdMs)
    else if (this.#limit < Math.max(MIN, this.#known)) this.#limit += 1
    // Room that nobody uses proves nothing.
    else if (inFlight * 2 >= this.#limit) this.#limit = Math.min(MAX, this.#limit + 1 / this.#limit)
  }

  failed(now: number, holdMs: number): void {
    this.#reduce(AFTER_FAULT, now, holdMs)
  }

  /** Begins with one call after the destination was down: the others wait until it has answered a real one. */
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
