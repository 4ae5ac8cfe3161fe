/** The breaker of the national platform: opossum opens it; after a while one request tries, by the clock of the platform. */
import { EventEmitter } from 'node:events'
import CircuitBreaker from 'opossum'
import type { Instant } from '../domain/day.ts'

/** Failures in a row that open it. */
const FAILURES_MAX = 5
/** How long it stays open. */
const OPEN_MS = 5000
/** The longest timer that Node has: opossum itself never lets a request try. */
const RESET_MS = 2 ** 31 - 1

/** Thrown, so that opossum counts it at once. */
const FAILURE = new Error('no answer')

function fail(): never {
  throw FAILURE
}

/** The breaker before one province. */
export class Breaker {
  #triesAt = 0
  #trying = false
  readonly #now: () => Instant
  /** A success empties the window, so that it holds failures in a row only. */
  readonly #window = new EventEmitter()
  readonly #circuit = new CircuitBreaker<[], never>(fail, {
    timeout: false,
    resetTimeout: RESET_MS,
    volumeThreshold: FAILURES_MAX,
    rollingCountBuckets: 1,
    enableSnapshots: false,
    rotateBucketController: this.#window,
  })

  constructor(now: () => Instant) {
    this.#now = now
  }

  /** Whether a request may leave. Every `true` must be followed by `succeeded` or `failed`. */
  allows(): boolean {
    if (this.#circuit.closed) return true
    if (this.#trying || this.#now() < this.#triesAt) return false
    this.#trying = true
    return true
  }

  succeeded(): void {
    this.#trying = false
    this.#window.emit('rotate')
    this.#circuit.close()
  }

  failed(): void {
    this.#trying = false
    this.#triesAt = this.#now() + OPEN_MS
    this.#circuit.fire().catch(() => {})
  }

  /** Ends the timer that opossum keeps while it is open. */
  close(): void {
    this.#circuit.shutdown()
  }
}
