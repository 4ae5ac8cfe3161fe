/**
 * What is being handled in this process just now: found by its key, by the name of its message and by what it undoes, and
 * waited for.
 */
import type { Flight } from '../engine.ts'
import { type ExchangeEntry, keysOf } from '../entry.ts'

/** A keyed exchange, or an intent of one, as far as it must be known. */
type Keyed = Pick<ExchangeEntry, 'key' | 'institution' | 'transaction' | 'message'>

/** All that is in flight. */
export interface Flights {
  has(key: string): boolean
  /** Its promise resolves when it lands or is woken. @param key or the name of a message, or of an undoing */
  get(key: string): Flight | undefined
  /** Takes a keyed message up. @param undoing name of what it undoes; null where it undoes nothing */
  takeOff(intent: Keyed & Pick<ExchangeEntry, 'bodyHash'>, undoing?: string | null): void
  /** It has its outcome, or was not begun: whoever waits goes on. Of what is not in flight nothing happens. */
  land(exchange: Keyed): void
  /** It stays in flight, since nobody may take it up again; who waits goes on and looks again. */
  wake(key: string): void
}

/** A flight with all names that it is found by. */
interface Held extends Omit<Flight, 'landed'> {
  readonly names: readonly string[]
  waited: PromiseWithResolvers<void> | null
}

/** Makes it. */
export function createFlights(): Flights {
  const flights = new Map<string, Held>()

  function wake(key: string): void {
    const flight = flights.get(key)
    flight?.waited?.resolve()
    if (flight) flight.waited = null
  }

  return {
    has: (key) => flights.has(key),
    get(name) {
      const flight = flights.get(name)
      if (!flight) return undefined
      flight.waited ??= Promise.withResolvers<void>()
      const { key, bodyHash, message, waited } = flight
      return { key, bodyHash, message, landed: waited.promise }
    },
    takeOff(intent, undoing = null) {
      const { bodyHash, message } = intent
      const key = intent.key!
      const own = keysOf({ ...intent, key })
      const names = undoing === null ? own : [...own, undoing]
      const flight = { key, bodyHash, message, names, waited: null }
      for (const name of names) flights.set(name, flight)
    },
    land(exchange) {
      const flight = exchange.key === null ? undefined : flights.get(exchange.key)
      if (!flight) return
      wake(exchange.key!)
      for (const name of flight.names) if (flights.get(name) === flight) flights.delete(name)
    },
    wake,
  }
}
