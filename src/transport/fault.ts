/** Calls that brought no usable answer, and why. */
import type { Instant } from '../domain/day.ts'

/**
 * Why nothing was sent: `down` — the destination does not answer, and is not asked before it does; `busy` — no room, and
 * the queue is full or would take too long; `late` — the caller's time is over; `unreached` — no connection, or no address.
 */
export type Why = 'down' | 'busy' | 'late' | 'unreached'

/** After so long it is worth trying again where no connection could be made. */
export const UNREACHED_AGAIN_MS = 5_000

/** What more is known of a call that was not sent. */
export interface Refused {
  readonly why: Why
  /** Since when the destination does not answer, where it is `down`. */
  readonly since: Instant | null
  /** After so many milliseconds it may be another matter. */
  readonly againMs: number
}

/** A call that brought no usable answer; `sent` is false only where nothing has left. */
export class TransportFault extends Error {
  override readonly name = 'TransportFault'
  readonly sent: boolean
  /** Null where it was sent. */
  readonly refused: Refused | null
  /** Milliseconds that it waited for room. */
  readonly queueMs: number

  constructor(message: string, of: { cause?: unknown; refused?: Refused; queueMs?: number }) {
    super(message, { cause: of.cause })
    this.refused = of.refused ?? null
    this.sent = this.refused === null
    this.queueMs = of.queueMs ?? 0
  }
}
