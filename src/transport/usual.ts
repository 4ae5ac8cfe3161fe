/** What is usual for a destination: how long its answers take, learned from each of them. */

/** A destination that answers as evenly as a clock is still let vary by an eighth. */
const DEVIATION_MIN = 1 / 8
/** An answer is late beyond so many deviations, as in the retransmission timer of TCP (RFC 6298). */
const DEVIATIONS = 4
/** Shorter than this no silence is told from the ordinary pauses of a process or a network. */
const LATE_MIN_MS = 250
/** Nothing is known of a destination that has never answered; a slow one must be able to. */
const LATE_UNKNOWN_MS = 3_000
const LATE_MAX_MS = 15_000
/** Share of the answers that come within `p95Ms`, and how far one answer moves it, in parts of the mean. */
const SHARE = 0.95
const STEP = 1 / 4

/** The usual time of answers, in milliseconds. */
export class UsualTime {
  readonly #weight: number
  #answers = 0
  #mean = 0
  #deviation = 0
  #p95 = 0

  /** @param weight how much one answer moves what is usual; the first ones weigh more */
  constructor(weight: number) {
    this.#weight = weight
  }

  /** How many answers it was learned from. */
  get answers(): number {
    return this.#answers
  }

  get meanMs(): number {
    return this.#mean
  }

  /** The time within which 95 of 100 answers come. */
  get p95Ms(): number {
    return this.#p95
  }

  /** An answer that takes longer than this is late. */
  get lateMs(): number {
    if (this.#answers === 0) return LATE_UNKNOWN_MS
    const spread = DEVIATIONS * Math.max(this.#deviation, this.#mean * DEVIATION_MIN)
    return Math.min(LATE_MAX_MS, Math.max(LATE_MIN_MS, this.#mean + spread))
  }

  /** Learns from one answer. */
  learn(ms: number): void {
    this.#answers += 1
    if (this.#answers === 1) {
      this.#mean = ms
      this.#deviation = ms / 2
      this.#p95 = 2 * ms
      return
    }
    const weight = Math.max(this.#weight, 1 / this.#answers)
    this.#deviation += weight * (Math.abs(ms - this.#mean) - this.#deviation)
    this.#mean += weight * (ms - this.#mean)
    this.#p95 += this.#mean * STEP * (ms > this.#p95 ? SHARE : SHARE - 1)
  }
}
