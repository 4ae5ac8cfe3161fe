/**
 * The circuit breaker of one channel: opossum, which is told how each call ended and runs none itself. opossum counts a call
 * when it begins, so calls without an answer would dilute its rate; its timeout and its capacity count what is no fault of
 * the destination. Only `close()` closes it: a half-open state would try the destination with the next customer, and the
 * late answer to a call from before the opening would close it.
 */
import { EventEmitter } from 'node:events'
import CircuitBreaker from 'opossum'
import type { Instant } from '../domain/day.ts'

/** The window of the rate: ten seconds. */
const BUCKETS = 10
const BUCKET_MS = 1_000
/** It opens if more than this percentage of the calls failed, and the window holds at least so many. */
const FAILURES_PERCENT = 50
const CALLS_MIN = 10
/** The longest timer that Node has, 24.8 days; a longer one fires at once. */
const RESET_MS = 2 ** 31 - 1

const EVENTS = ['success', 'failure', 'reject', 'open', 'close'] as const

/** How often opossum has emitted each of its events. */
export type BreakerEvents = Readonly<Record<(typeof EVENTS)[number], number>>

/** When a breaker opened, and what was noticed. */
export interface Opening {
  readonly since: Instant
  readonly why: 'silence' | 'faults'
}

const SUCCESS = Promise.resolve()
const FAILURE = new Error('no usable answer')

function end(isSuccess: boolean): Promise<void> {
  if (isSuccess) return SUCCESS
  throw FAILURE
}

/** The breaker of one channel. `now` is in milliseconds of the monotonic clock. */
export class Breaker {
  readonly events = { success: 0, failure: 0, reject: 0, open: 0, close: 0 } satisfies BreakerEvents
  readonly #rotation = new EventEmitter()
  readonly #circuit = new CircuitBreaker<[boolean], void>(end, {
    timeout: false,
    resetTimeout: RESET_MS,
    volumeThreshold: CALLS_MIN,
    errorThresholdPercentage: FAILURES_PERCENT,
    rollingCountBuckets: BUCKETS,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    rotateBucketController: this.#rotation,
  })
  #opening: Opening | null = null
  /** Number of the current bucket since the start of the clock. */
  #bucket = 0

  constructor() {
    for (const event of EVENTS) {
      // `as`: the types have one overload an event.
      this.#circuit.on(event as 'open', () => {
        this.events[event] += 1
      })
    }
    this.#circuit.on('halfOpen', () => this.#circuit.open())
  }

  get isOpen(): boolean {
    return this.#circuit.opened
  }

  /** Null while it is closed. */
  get opening(): Opening | null {
    return this.#opening
  }

  /** Counts a call that was answered. */
  succeeded(now: number): void {
    this.#count(true, now)
  }

  /** Counts a call that was not. @returns whether that opened it */
  failed(now: number): boolean {
    this.#count(false, now)
    return this.isOpen
  }

  /** Counts a call that was refused because it is open. */
  rejected(): void {
    if (this.isOpen) this.#fire(true)
  }

  open(opening: Opening): void {
    this.#opening = opening
    this.#circuit.open()
  }

  /** Closes it with an empty window. */
  close(): void {
    this.#opening = null
    this.#rotate(BUCKETS)
    this.#circuit.close()
  }

  /** Ends it, and the timer that opossum keeps while it is open. */
  shutdown(): void {
    this.#circuit.shutdown()
  }

  #count(isSuccess: boolean, now: number): void {
    const bucket = Math.floor(now / BUCKET_MS)
    if (bucket !== this.#bucket) this.#rotate(Math.min(BUCKETS, bucket - this.#bucket))
    this.#bucket = bucket
    this.#fire(isSuccess)
  }

  #fire(isSuccess: boolean): void {
    // What it rejects with was counted already.
    this.#circuit.fire(isSuccess).catch(() => {})
  }

  #rotate(buckets: number): void {
    for (let turn = 0; turn < buckets; turn += 1) this.#rotation.emit('rotate')
  }
}
