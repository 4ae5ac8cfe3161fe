/** What is being handled in this process just now: found by its key and by the name of its message, and waited for. */
import { type ExchangeEntry, keysOf } from './entry.ts'
import { PassingMap } from './passing-map.ts'

/** A message that is being handled. */
export interface Flight {
  readonly bodyHash: string | null
  readonly message: string | null
}

/** A keyed exchange, or an intent of one, as far as it must be known. */
type Keyed = Pick<ExchangeEntry, 'key' | 'institution' | 'transaction' | 'message'>

/** All that is in flight. */
export interface Flights {
  /** @param key or the name of a message */
  get(key: string): Flight | undefined
  /** Takes a keyed message up. */
  takeOff(intent: Keyed & Pick<ExchangeEntry, 'bodyHash'>): void
  /** It has its outcome, or was not begun: whoever waits goes on. Of what is not in flight nothing happens. */
  land(exchange: Keyed): void
  /** It stays in flight, since nobody may take it up again; who waits goes on and looks again. */
  wake(key: string): void
  /** Resolves when it lands or is woken; null where it is not in flight. */
  landing(key: string): Promise<void> | null
}

/** Makes it. */
export function createFlights(): Flights {
  const flights = new PassingMap<string, Flight & { waited: PromiseWithResolvers<void> | null }>()
  const namesOf = (exchange: Keyed) => keysOf(exchange as Keyed & { readonly key: string })

  function wake(key: string): void {
    const flight = flights.get(key)
    flight?.waited?.resolve()
    if (flight) flight.waited = null
  }

  return {
    get: (key) => flights.get(key),
    takeOff(intent) {
      const { bodyHash, message } = intent
      const flight = { bodyHash, message, waited: null }
      for (const key of namesOf(intent)) flights.set(key, flight)
    },
    land(exchange) {
      const flight = exchange.key === null ? undefined : flights.get(exchange.key)
      if (!flight) return
      wake(exchange.key!)
      for (const key of namesOf(exchange)) if (flights.get(key) === flight) flights.delete(key)
    },
    wake,
    landing(key) {
      const flight = flights.get(key)
      if (!flight) return null
      flight.waited ??= Promise.withResolvers<void>()
      return flight.waited.promise
    },
  }
}
