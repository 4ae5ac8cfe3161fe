/**
 * The ports of the core: clock, randomness, network and disk. Everything the core does not decide by itself comes in
 * through one of them, so that a whole system can run in one thread from one seed.
 */
import type { Instant } from './domain/day.ts'

/** Tells the time and wakes. */
export interface Clock {
  now(): Instant
  /** Monotonic milliseconds with fractions, for measuring. */
  elapsed(): number
  /** Milliseconds for which the event loop has waited for something to do so far; absent if nobody counts them. */
  idle?(): number
  /**
   * Calls back once after `ms`.
   * @returns cancels the call
   */
  after(ms: number, callback: () => void): () => void
}

/** Chance. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A text that nobody has used or will guess. */
  token(): string
}

/** The clock of this machine. Its timers do not keep a process alive. */
export const systemClock: Clock = {
  now: () => Date.now() as Instant,
  elapsed: () => performance.now(),
  idle: () => performance.eventLoopUtilization().idle,
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/** The chance of this machine. */
export const systemRandom: Random = {
  next: () => Math.random(),
  token: () => crypto.randomUUID(),
}
