/**
 * Leases: who works on an open exchange just now, and until when. They live with the journal, since one process owns it:
 * with the process they end, and none can be left behind. The engine refuses what a lapsed lease would write.
 */
import type { Instant } from '../../domain/day.ts'
import type { Clock } from '../../ports.ts'
import { type Holder, type Lease, LeaseLost } from '../engine.ts'

/** A lease of this process. */
export interface OwnLease extends Lease {
  renew(): void
  /** @throws {LeaseLost} where it is not held any more */
  check(): void
  release(): void
}

/** All leases of one journal. */
export interface OwnLeases {
  /** @returns null where someone holds it, be it the same owner */
  take(exchange: number, owner: string, lengthMs: number): OwnLease | null
  holder(exchange: number): Holder | null
}

/** Opens the leases. Their ends are judged by the monotonic clock, so that a corrected wall clock ends none. */
export function createLeases(clock: Clock): OwnLeases {
  const held = new Map<number, { readonly owner: string; readonly lease: OwnLease; ends: number }>()
  const standing = (exchange: number) => {
    const entry = held.get(exchange)
    return entry && entry.ends > clock.elapsed() ? entry : null
  }
  return {
    take(exchange, owner, lengthMs) {
      if (standing(exchange)) return null
      const mine = () => {
        const entry = standing(exchange)
        if (entry?.lease !== lease) throw new LeaseLost(exchange, owner)
        return entry
      }
      const lease: OwnLease = {
        renew() {
          mine().ends = clock.elapsed() + lengthMs
        },
        check() {
          mine()
        },
        release() {
          if (held.get(exchange)?.lease === lease) held.delete(exchange)
        },
      }
      held.set(exchange, { owner, lease, ends: clock.elapsed() + lengthMs })
      return lease
    },
    holder(exchange) {
      const entry = standing(exchange)
      if (!entry) return null
      return { owner: entry.owner, until: (clock.now() + entry.ends - clock.elapsed()) as Instant }
    },
  }
}
