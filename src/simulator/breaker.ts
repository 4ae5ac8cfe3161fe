/** A simple breaker: after some failures in a row it fails fast for a while, then lets one request try. */
import type { Instant } from '../domain/day.ts'

/** Failures in a row that open it. */
const FAILURES_MAX = 5

/** How long it stays open. */
const OPEN_MS = 5000

/** The breaker before one province. */
export class Breaker {
  #failures = 0
  #openUntil = 0
  #probing = false
  readonly #now: () => Instant

  constructor(now: () => Instant) {
    this.#now = now
  }

  /** Whether a request may leave. Every `true` must be followed by `succeeded` or `failed`. */
  allows(): boolean {
    if (this.#failures < FAILURES_MAX) return true
    if (this.#probing || this.#now() < this.#openUntil) return false
    this.#probing = true
    return true
  }

  succeeded(): void {
    this.#failures = 0
    this.#probing = false
  }

  failed(): void {
    this.#failures += 1
    this.#probing = false
    if (this.#failures >= FAILURES_MAX) this.#openUntil = this.#now() + OPEN_MS
  }
}
