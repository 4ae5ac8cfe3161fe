/**
 * Hedged questions: one that takes longer than 95 of 100 do is asked a second time with the same bytes, and the first
 * answer counts. It takes the edge off a lost packet or a slow node behind the platform. What changes something is never
 * asked twice.
 */
import type { Call } from './call.ts'
import type { UsualTime } from './usual.ts'

/** Second questions, as a share of all. */
const SHARE = 0.05
/** Unused share that may be saved up. */
const SAVED_MAX = 2
/** What 95 of 100 take is not known from fewer. */
const ANSWERS_MIN = 20

/** What second questions one channel may still ask. */
export class Hedge {
  #saved = 0
  readonly #usual: UsualTime

  constructor(usual: UsualTime) {
    this.#usual = usual
  }

  /** A call leaves for the first time. */
  earn(): void {
    this.#saved = Math.min(SAVED_MAX, this.#saved + SHARE)
  }

  /** When a call is to be asked a second time, as `EventLoop.ran` tells it; never for most. */
  dueAt({ sending, attempts, leftRan }: Call): number {
    const may = sending.traffic === 'questions' && sending.from === 'caller' && attempts === 1
    return may && this.#usual.answers >= ANSWERS_MIN ? leftRan + this.#usual.p95Ms : Number.POSITIVE_INFINITY
  }

  /** @returns whether a second question may leave now; it is then counted */
  spend(): boolean {
    if (this.#saved < 1) return false
    this.#saved -= 1
    return true
  }
}
