/** An estimate of how long a destination takes to answer, learned from each answer. */

/** Smallest deviation assumed, as a share of the mean, however evenly a destination answers. */
const DEVIATION_MIN = 1 / 8
/** An answer is late after the mean plus this many deviations, as in the retransmission timer of TCP (RFC 6298). */
const DEVIATIONS = 4
/** Pauses shorter than this are ordinary for a process or a network. */
const LATE_MIN_MS = 250
/** Used until the first answer; long enough for a slow destination. */
const LATE_UNKNOWN_MS = 3_000
const LATE_MAX_MS = 15_000
/** Share of the answers that come within `p95Ms`, and how far one answer moves it, as a share of the mean. */
const SHARE = 0.95
const STEP = 1 / 4

/** Mean, deviation and 95th percentile of the time of answers, in milliseconds. */
export class LatencyEstimate {
  readonly #weight: number
  #answers = 0
  #mean = 0
  #deviation = 0
  #p95 = 0

  /** @param weight how much one answer moves the estimate; the first ones weigh more */
  constructor(weight: number) {
    this.#weight = weight
  }

  /** Answers that it was learned from. */
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
