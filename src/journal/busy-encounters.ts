/**
 * Encounters whose money has no final outcome yet: while one is held nothing else is settled or cancelled in it. A settlement
 * that opens its own encounter has none to hold, so it holds the person at the institution: whoever is sent a second time under
 * another id would have bought twice, and what is cancelled meanwhile may be this very purchase.
 */
import type { ExchangeEntry } from './entry.ts'
import { encounterBusy } from './noes.ts'
import { TransientMap } from './transient-map.ts'

type Holding = Pick<ExchangeEntry, 'kind' | 'institution' | 'insuredArea' | 'encounter' | 'person'>

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
      const held = namesOf(exchange).findIndex((name) => holders.has(name))
      if (held >= 0) throw encounterBusy(held === 0 && exchange.encounter !== null ? 'visit' : 'buyer')
    },
    hold(exchange) {
      const [own] = namesOf(exchange)
      if (own !== undefined) holders.set(own, exchange.id)
    },
    release(exchange) {
      const [own] = namesOf(exchange)
      if (own !== undefined && holders.get(own) === exchange.id) holders.delete(own)
    },
  }
}

/**
 * What an exchange holds, and what else must not be held when it begins; nothing where it moves no money. An encounter and a
 * person are among those of all institutions and platforms: two platforms may give the same id.
 */
function namesOf({ kind, institution, insuredArea, encounter, person }: Holding): readonly string[] {
  if (kind !== 'settlement' && kind !== 'cancellation') return NOTHING
  const place = `${institution}|${insuredArea?.slice(0, 2)}`
  const buyer = person === null ? [] : [`${place}|person|${person}`]
  if (encounter === null) return kind === 'settlement' ? buyer : NOTHING
  return kind === 'cancellation' ? [`${place}|${encounter}`, ...buyer] : [`${place}|${encounter}`]
}

const NOTHING: readonly string[] = []
