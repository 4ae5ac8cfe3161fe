/**
 * What is being handled in this process just now: found by its key, by the name of its message and by what it undoes, and
 * waited for.
 */
import { type ExchangeEntry, keysOf } from './entry.ts'
import { TransientMap } from './transient-map.ts'

/** A message that is being handled. */
export interface Flight {
  readonly key: string
  readonly bodyHash: string | null
  readonly message: string | null
}

/** A keyed exchange, or an intent of one, as far as it must be known. */
type Keyed = Pick<ExchangeEntry, 'key' | 'institution' | 'transaction' | 'message'>

/** What undoes something and is under way. */
export interface Undoing {
  readonly key: string
  /** Resolves as `landing` does. */
  readonly landing: Promise<void>
}

/** All that is in flight. */
export interface Flights {
  /** @param key or the name of a message, or of an undoing */
  get(key: string): Flight | undefined
  /** Takes a keyed message up. @param undoing name of what it undoes; null where it undoes nothing */
  takeOff(intent: Keyed & Pick<ExchangeEntry, 'bodyHash'>, undoing?: string | null): void
  /** It has its outcome, or was not begun: whoever waits goes on. Of what is not in flight nothing happens. */
  land(exchange: Keyed): void
  /** It stays in flight, since nobody may take it up again; who waits goes on and looks again. */
  wake(key: string): void
  /** Resolves when it lands or is woken; null where it is not in flight. */
  landing(key: string): Promise<void> | null
  /** What undoes the same. @param name by `undoingName` */
  undoing(name: string): Undoing | null
}

/** A flight with all names that it is found by. */
interface Held extends Flight {
  readonly names: readonly string[]
  waited: PromiseWithResolvers<void> | null
}

/** Makes it. */
export function createFlights(): Flights {
  const flights = new TransientMap<string, Held>()

  function wake(key: string): void {
    const flight = flights.get(key)
    flight?.waited?.resolve()
    if (flight) flight.waited = null
  }

  function landing(key: string): Promise<void> | null {
    const flight = flights.get(key)
    if (!flight) return null
    flight.waited ??= Promise.withResolvers<void>()
    return flight.waited.promise
  }

  return {
    get: (key) => flights.get(key),
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
    landing,
    undoing(name) {
      const landed = landing(name)
      return landed && { key: flights.get(name)!.key, landing: landed }
    },
  }
}
