/** Encounters whose money has no final outcome yet, and persons who buy: while one is held nothing else is settled in it. */
import type { Busy } from '../engine.ts'
import { busyNames, type ExchangeEntry } from '../entry.ts'

type Holding = Pick<ExchangeEntry, 'kind' | 'institution' | 'insuredArea' | 'encounter' | 'person'>

/** Which exchange holds which encounter. */
export interface BusyEncounters {
  /** In what another exchange stands in the way of this one; null where nothing does. */
  busy(exchange: Holding): Busy['by'] | null
  /** Holds the encounter of a settlement or cancellation; others hold nothing. */
  hold(exchange: Holding & Pick<ExchangeEntry, 'id'>): void
  release(exchange: Holding & Pick<ExchangeEntry, 'id'>): void
}

/** Makes an empty list. */
export function createBusyEncounters(): BusyEncounters {
  const holders = new Map<string, number>()
  return {
    busy(exchange) {
      const held = busyNames(exchange).findIndex((name) => holders.has(name))
      if (held < 0) return null
      return held === 0 && exchange.encounter !== null ? 'visit' : 'buyer'
    },
    hold(exchange) {
      const [own] = busyNames(exchange)
      if (own !== undefined) holders.set(own, exchange.id)
    },
    release(exchange) {
      const [own] = busyNames(exchange)
      if (own !== undefined && holders.get(own) === exchange.id) holders.delete(own)
    },
  }
}
