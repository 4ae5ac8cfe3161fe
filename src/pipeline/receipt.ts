/** The latency receipt: where the time of one message went. */
import type { Clock } from '../ports.ts'

/** Milliseconds by who spent them. */
export interface Receipt {
  /** The gateway's own work. */
  readonly ownMs: number
  /** Waiting for the journal. */
  readonly commitMs: number
  /** The counterpart, with the network to it. */
  readonly counterpartMs: number
}

/** Measures one message. */
export interface Watch {
  /** Waits for a durable write and adds its time. */
  commit<Result>(write: Promise<Result>): Promise<Result>
  counterpart(ms: number): void
  /** What has been spent so far. */
  receipt(): Receipt
}

/** Starts measuring. */
export function startWatch(clock: Clock): Watch {
  const start = clock.elapsed()
  let commitMs = 0
  let counterpartMs = 0
  return {
    async commit(write) {
      const before = clock.elapsed()
      try {
        return await write
      } finally {
        commitMs += clock.elapsed() - before
      }
    },
    counterpart(ms) {
      counterpartMs += ms
    },
    receipt: () => ({
      ownMs: Math.max(0, clock.elapsed() - start - commitMs - counterpartMs),
      commitMs,
      counterpartMs,
    }),
  }
}

/** The receipt as a `Server-Timing` header, which browsers and tools read. */
export function serverTiming({ ownMs, commitMs, counterpartMs }: Receipt): string {
  const part = (name: string, ms: number) => `${name};dur=${ms.toFixed(3)}`
  return [part('own', ownMs), part('commit', commitMs), part('counterpart', counterpartMs)].join(', ')
}
