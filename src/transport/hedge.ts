/**
 * Hedged requests: a question that takes longer than 95 of 100 is sent a second time with the same bytes, and the first
 * answer counts. This helps if a packet was lost or a node behind the platform is slow. Calls that change something are
 * never sent twice.
 */
import type { Call } from './call.ts'
import type { LatencyEstimate } from './latency-estimate.ts'

/** Hedges as a share of all calls. */
const SHARE = 0.05
/** Unused share that may be saved up. */
const SAVED_MAX = 2
/** Answers needed to know the 95th percentile. */
const ANSWERS_MIN = 20

/** The hedge budget of one channel. */
export class Hedge {
  #saved = 0
  readonly #latency: LatencyEstimate

  constructor(latency: LatencyEstimate) {
    this.#latency = latency
  }

  /** A call leaves for the first time. */
  earn(): void {
    this.#saved = Math.min(SAVED_MAX, this.#saved + SHARE)
  }

  /** When a call is due for a hedge, in the time of `EventLoop.ran`; infinity if it gets none. */
  dueAt({ sending, attempts, leftRan }: Call): number {
    const may = sending.traffic === 'questions' && sending.from === 'caller' && attempts === 1
    return may && this.#latency.answers >= ANSWERS_MIN
      ? leftRan + this.#latency.p95Ms
      : Number.POSITIVE_INFINITY
  }

  /** @returns whether a hedge may leave now; if so, it is counted */
  spend(): boolean {
    if (this.#saved < 1) return false
    this.#saved -= 1
    return true
  }
}
