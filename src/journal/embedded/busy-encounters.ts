/** Encounters and orders whose money has no final outcome yet, and persons who buy: while one is held nothing else is settled in it. */
import type { Busy } from '../engine.ts'
import { busyNames, type ExchangeEntry, type Holding } from '../entry.ts'

/** Which exchange holds which encounter. */
export interface BusyEncounters {
  /** In what another exchange stands in the way of this one; null where nothing does. */
  busy(exchange: Holding): Busy['by'] | null
  /** Holds the encounter of a settlement or cancellation, and its order; others hold nothing. */
  hold(exchange: Holding & Pick<ExchangeEntry, 'id'>): void
  release(exchange: Holding & Pick<ExchangeEntry, 'id'>): void
}

/** Makes an empty list. */
export function createBusyEncounters(): BusyEncounters {
  const holders = new Map<string, number>()
  return {
    busy: (exchange) => busyNames(exchange).heeded.find(({ name }) => holders.has(name))?.by ?? null,
    hold(exchange) {
      for (const name of busyNames(exchange).held) holders.set(name, exchange.id)
    },
    release(exchange) {
      for (const name of busyNames(exchange).held) if (holders.get(name) === exchange.id) holders.delete(name)
    },
  }
}
