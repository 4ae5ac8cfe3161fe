/** Faults of calls, and why a call was not sent. */
import type { Instant } from '../domain/day.ts'

/**
 * Why a call was not sent: `down` — the breaker is open; `busy` — the limit is reached, and the queue is full or takes too
 * long; `late` — the caller's time is over; `unreached` — no connection, or no address.
 */
export type Why = 'down' | 'busy' | 'late' | 'unreached'

/** When to try again if no connection could be made. */
export const UNREACHED_AGAIN_MS = 5_000

/** Why a call was not sent, and when to try again. */
export interface Refused {
  readonly why: Why
  /** Since when the breaker is open, if `down`. */
  readonly since: Instant | null
  /** Milliseconds after which another try may succeed. */
  readonly againMs: number
}

/** A call that brought no usable answer; `sent` is false only if nothing has left. */
export class TransportFault extends Error {
  override readonly name = 'TransportFault'
  readonly sent: boolean
  /** Null if it was sent. */
  readonly refused: Refused | null
  /** Milliseconds in the queue. */
  readonly queueMs: number

  constructor(message: string, of: { cause?: unknown; refused?: Refused; queueMs?: number }) {
    super(message, { cause: of.cause })
    this.refused = of.refused ?? null
    this.sent = this.refused === null
    this.queueMs = of.queueMs ?? 0
  }
}
