/** The latency receipt: where the time of one message went. */
import type { Clock } from '../ports.ts'

/** Milliseconds by who spent them. */
export interface Receipt {
  /** The gateway's own work. */
  readonly ownMs: number
  /** Waiting for room at the destination. */
  readonly queueMs: number
  /** Waiting for the journal. */
  readonly commitMs: number
  /** The counterpart, with the network to it. */
  readonly counterpartMs: number
}

/** Measures one message. */
export interface Stopwatch {
  /** When it began, by the monotonic clock. */
  readonly start: number
  /** Waits for a durable write and adds its time. */
  commit<Result>(write: Promise<Result>): Promise<Result>
  /** Adds what a call took: waiting for room, and the counterpart. */
  called(queueMs: number, counterpartMs: number): void
  /** What has been spent so far. */
  receipt(): Receipt
}

/** Starts measuring. */
export function startStopwatch(clock: Clock): Stopwatch {
  const start = clock.elapsed()
  let commitMs = 0
  let counterpartMs = 0
  let queueMs = 0
  return {
    start,
    async commit(write) {
      const before = clock.elapsed()
      try {
        return await write
      } finally {
        commitMs += clock.elapsed() - before
      }
    },
    called(waitedMs, tookMs) {
      queueMs += waitedMs
      counterpartMs += tookMs
    },
    receipt: () => ({
      ownMs: Math.max(0, clock.elapsed() - start - queueMs - commitMs - counterpartMs),
      queueMs,
      commitMs,
      counterpartMs,
    }),
  }
}

/** The receipt as a `Server-Timing` header, which browsers and tools read. */
export function serverTiming({ ownMs, queueMs, commitMs, counterpartMs }: Receipt): string {
  const part = (name: string, ms: number) => `${name};dur=${ms.toFixed(3)}`
  return [
    part('own', ownMs),
    part('queue', queueMs),
    part('commit', commitMs),
    part('counterpart', counterpartMs),
  ].join(', ')
}
