/** Exchanges without a final outcome, in memory: asked for with every search of recovery, so nothing is read for it. */
import type { Instant } from '../../domain/day.ts'
import type { ExchangeEntry, OutcomeEntry, Unresolved } from '../entry.ts'

/** They. */
export interface UnresolvedExchanges {
  /** An exchange begins, or was left by a former run. */
  hold(exchange: ExchangeEntry): void
  release(exchange: Pick<ExchangeEntry, 'id'>): void
  /** One that is held has another state from now on. */
  move(
    outcome: Pick<OutcomeEntry, 'exchange' | 'state' | 'at' | 'searches' | 'sightings' | 'counterpartMicros'>,
  ): void
  /** All, by their numbers. */
  all(): readonly Unresolved[]
}

/** Makes an empty list. */
export function createUnresolved(): UnresolvedExchanges {
  const held = new Map<number, Unresolved>()
  return {
    hold(exchange) {
      held.set(exchange.id, {
        exchange,
        state: 'open',
        since: exchange.at,
        searches: 0,
        sightings: 0,
        counterpartMicros: null,
      })
    },
    release: ({ id }) => held.delete(id),
    move({ exchange: id, state, at, searches, sightings, counterpartMicros = null }) {
      const known = held.get(id)
      if (!known) return
      const exchange = bare(known.exchange)
      const counts = { searches: searches ?? 0, sightings: sightings ?? 0 }
      held.set(id, { exchange, state, since: at as Instant, ...counts, counterpartMicros })
    },
    all: () => [...held].map(([, one]) => one).sort((one, other) => one.exchange.id - other.exchange.id),
  }
}

/** One without an outcome may stay for hours: its message is read from the journal when somebody works on it. */
function bare(exchange: ExchangeEntry): ExchangeEntry {
  const { sealed, mapped } = exchange
  return sealed === null && mapped === null ? exchange : { ...exchange, sealed: null, mapped: null }
}
