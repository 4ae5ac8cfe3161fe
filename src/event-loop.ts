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
    this.#plan(this.#clock.elapsed())
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

  #beat(): void {
    const now = this.#clock.elapsed()
    this.#lastLateMs = this.lateMs(now)
    this.#stoodMs += this.#lastLateMs
    this.#beats += 1
    if (this.#lastLateMs < CALM_MS) this.#delayedSince = Number.POSITIVE_INFINITY
    else if (this.#lastLateMs >= DELAY_MS && this.#delayedSince === Number.POSITIVE_INFINITY)
      this.#delayedSince = now - this.#lastLateMs
    this.#plan(now)
  }
}
