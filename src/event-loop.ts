/**
 * How late this process's own event loop is. What it has not read is nobody's silence, and what it cannot work off it should
 * not take in. The histogram of `perf_hooks` tells of delays only when they are over, and its clock is the process's; this
 * one can be asked in the middle of one, and its time is the port's.
 */
import type { Clock } from './ports.ts'

/** Pause between two beats, and how late one may be before it counts. */
const BEAT_MS = 20
const GRACE_MS = 5

/** A beat that is so late begins a time of delay; one that is less late than `CALM_MS` ends it. */
const DELAY_MS = 50
const CALM_MS = 20

/**
 * The loop has more to do than it can if it was busy for this share of the last while, the mean over some `MEAN_MS`. No single
 * turn weighs more than `TURN_WEIGHT_MAX`: one long pause (a collection of garbage) is no overload.
 */
const SATURATED = 0.9
const MEAN_MS = 300
const TURN_WEIGHT_MAX = 0.6

/** One event loop. It beats, by a timer, only while something is under way. */
export class EventLoop {
  readonly #clock: Clock
  #underWay = 0
  #dueAt = Number.POSITIVE_INFINITY
  /** Milliseconds of all delays that are over. */
  #stoodMs = 0
  #beats = 0
  #lastLateMs = 0
  #delayedSince = Number.POSITIVE_INFINITY
  #beatAt = 0
  #idleMs = 0
  #busyShare = 0
  #cancel: (() => void) | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Something is under way from now on, whose time is to be told from a delay of ours. */
  enter(): void {
    this.#underWay += 1
    if (this.#underWay > 1) return
    this.#lastLateMs = 0
    this.#delayedSince = Number.POSITIVE_INFINITY
    this.#busyShare = 0
    const now = this.#clock.elapsed()
    this.#measure(now)
    this.#plan(now)
  }

  /** One thing less is. */
  leave(): void {
    this.#underWay -= 1
    if (this.#underWay > 0) return
    this.#cancel?.()
    this.#stoodMs += this.lateMs(this.#clock.elapsed())
    this.#dueAt = Number.POSITIVE_INFINITY
  }

  /** Counts up with each beat: between two of them the loop has read what was there. */
  get beats(): number {
    return this.#beats
  }

  /** How late the last beat was, in milliseconds. */
  get lastLateMs(): number {
    return this.#lastLateMs
  }

  /** For how long, in milliseconds, beat after beat has been late; 0 where the last one was not. */
  delayedMs(now: number): number {
    return Math.max(0, now - this.#delayedSince)
  }

  /** Whether it has had next to no time left for some 300 ms. False if the clock counts no idle time. */
  get isSaturated(): boolean {
    return this.#busyShare > SATURATED
  }

  /** How late the next beat is by now, in milliseconds; 0 where it is not due yet. */
  lateMs(now: number): number {
    return now > this.#dueAt ? now - this.#dueAt : 0
  }

  /** A clock, in milliseconds, that stands still while the loop is late; `now` is by the monotonic clock. */
  ran(now: number): number {
    return now - this.#stoodMs - this.lateMs(now)
  }

  #plan(now: number): void {
    this.#dueAt = now + BEAT_MS + GRACE_MS
    this.#cancel = this.#clock.after(BEAT_MS, () => this.#beat())
  }

  /** The share of the time since the last call in which it had something to do; 0 if nobody counts it. */
  #measure(now: number): number {
    const idleMs = this.#clock.idle?.() ?? Number.NaN
    const share = 1 - (idleMs - this.#idleMs) / (now - this.#beatAt)
    this.#idleMs = idleMs
    this.#beatAt = now
    return share > 0 ? share : 0
  }

  #beat(): void {
    const now = this.#clock.elapsed()
    this.#lastLateMs = this.lateMs(now)
    this.#stoodMs += this.#lastLateMs
    this.#beats += 1
    const weight = Math.min(TURN_WEIGHT_MAX, (now - this.#beatAt) / MEAN_MS)
    this.#busyShare += weight * (this.#measure(now) - this.#busyShare)
    if (this.#lastLateMs < CALM_MS) this.#delayedSince = Number.POSITIVE_INFINITY
    else if (this.#lastLateMs >= DELAY_MS && this.#delayedSince === Number.POSITIVE_INFINITY)
      this.#delayedSince = now - this.#lastLateMs
    this.#plan(now)
  }
}
