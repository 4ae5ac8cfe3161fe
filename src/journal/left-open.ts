/** What becomes of an exchange whose gateway has gone: the same in every engine. */
import type { Instant } from '../domain/day.ts'
import type { OutcomeEntry, Unresolved } from './entry.ts'
import { transition } from './exchange-state.ts'

/** The outcome with which it goes on: what was left open is unknown from now on, anything else stays as it is. */
export function outcomeOfLeft(
  { exchange, state, since, searches, sightings, counterpartMicros }: Unresolved,
  now: Instant,
): OutcomeEntry {
  return state === 'open'
    ? {
        exchange: exchange.id,
        state: transition('open', 'no-answer'),
        at: now,
        hop: 'gateway',
        told: '网关重启前已发出，结果未知',
      }
    : { exchange: exchange.id, state, at: since, searches, sightings, counterpartMicros }
}
