/** Encounters whose money has no final outcome yet: while one is held nothing else is settled or cancelled in it. */
import type { ExchangeEntry } from './entry.ts'
import { encounterBusy } from './noes.ts'
import { TransientMap } from './transient-map.ts'

type Holding = Pick<ExchangeEntry, 'kind' | 'institution' | 'insuredArea' | 'encounter'>

/** Which exchange holds which encounter. */
export interface BusyEncounters {
  /** @throws {GatewayError} encounter-busy where another exchange holds what this one would */
  refuse(exchange: Holding): void
  /** Holds the encounter of a settlement or cancellation; others hold nothing. */
  hold(exchange: Holding & Pick<ExchangeEntry, 'id'>): void
  release(exchange: Holding & Pick<ExchangeEntry, 'id'>): void
}

/** Makes an empty list. */
export function createBusyEncounters(): BusyEncounters {
  const holders = new TransientMap<string, number>()
  return {
    refuse(exchange) {
      if (moves(exchange) && holders.has(nameOf(exchange))) throw encounterBusy()
    },
    hold(exchange) {
      if (moves(exchange)) holders.set(nameOf(exchange), exchange.id)
    },
    release(exchange) {
      if (!moves(exchange)) return
      const name = nameOf(exchange)
      if (holders.get(name) === exchange.id) holders.delete(name)
    },
  }
}

function moves({ kind, encounter }: Holding): boolean {
  return encounter !== null && (kind === 'settlement' || kind === 'cancellation')
}

/** An encounter among those of all institutions and platforms: two platforms may give the same id. */
function nameOf({ institution, insuredArea, encounter }: Holding): string {
  return `${institution}|${insuredArea?.slice(0, 2)}|${encounter}`
}
