/**
 * What is durable and not yet in the index: where it rests, by whatever it may be asked for; looked at before the index.
 * The messages themselves are read from the segments, so that a pile-up holds no bodies in memory.
 *
 * It is held by generations: each time the index has come further a new one begins, and one that the index has passed is
 * forgotten as a whole. Nothing is taken out one by one, which costs as much as putting it in.
 */

import { type Entry, type ExchangeEntry, messageName, type OutcomeEntry } from '../entry.ts'
import type { State } from '../exchange-state.ts'
import type { EntryPlaces } from '../segment/encoding.ts'
import { isAfter } from './indexing.ts'
import type { Indexed, Place, Point } from './journal-index.ts'

/** What the tail knows of an exchange. */
export interface Recent {
  /** Null where its start is in the index. */
  readonly exchange: Indexed | null
  /** Its last outcome; null where there is none since the index. */
  readonly last: Indexed | null
  /** Its present state. */
  readonly state: State
}

/** The tail. */
export interface Unindexed {
  /** Takes in a batch that begins at one point and is durable up to another. */
  add(batch: readonly Entry[], places: readonly EntryPlaces[], begin: Point, end: Point): void
  /** Forgets what is in the index. */
  indexed(upTo: Point): void
  byId(id: number): Recent | null
  byKey(key: string): number | null
  /** Exchanges whose key ends like this, in order. Looks at all that is held: only a person's question asks this. */
  byKeyEnd(end: string): readonly number[]
  byMessage(institution: string, message: string, transaction: string): number | null
  /** Exchanges of any institution whose key or name ends with this message id, in order. Looks at all that is held. */
  messages(id: string): readonly number[]
  /** Cancellations that name this encounter, in order. */
  cancellations(encounter: string): readonly number[]
  /** Settlements that name this encounter, in order. */
  settlements(encounter: string): readonly number[]
  /** Exchanges whose outcome was a yes that names this encounter, in order. */
  accepted(encounter: string): readonly number[]
  /** Exchanges with an outcome that names this settlement, in order. */
  settled(settlement: string): readonly number[]
  /** Exchanges that have begun or gone on since the index, each with a state; the last one said of it is the present. */
  states(): Iterable<readonly [id: number, state: State]>
  /** How many exchanges it holds something of; those that go on over generations count in each. */
  size(): number
}

/** What one generation says of an exchange. */
interface Held {
  exchange: Indexed | null
  last: Indexed | null
  state: State
}

/** What came between two steps of the index. */
interface Generation {
  /** Where its last batch ends. */
  end: Point
  readonly held: Map<number, Held>
  readonly keys: Map<string, number>
  /** By the names of messages whose key is another text. */
  readonly names: Map<string, number>
  /** Exchanges that have opened an encounter, or were accepted in it, by the encounters that their outcomes name. */
  readonly encounters: Map<string, number[]>
  /** Cancellations by the encounters that they name. */
  readonly cancellations: Map<string, number[]>
  /** The same of settlements. */
  readonly attempts: Map<string, number[]>
  /** Exchanges with an outcome that names a settlement, by its id. */
  readonly settlements: Map<string, number[]>
}

const NOTHING: readonly number[] = []
const encountersOf = ({ encounters }: Generation) => encounters
const settlementsOf = ({ settlements }: Generation) => settlements
const cancellationsOf = ({ cancellations }: Generation) => cancellations
const attemptsOf = ({ attempts }: Generation) => attempts

/** Makes an empty tail. */
export function createUnindexed(): Unindexed {
  /** The oldest first. */
  const generations: Generation[] = []
  /** The one that is added to; null where the next batch begins one. */
  let present: Generation | null = null

  function generationUpTo(end: Point): Generation {
    if (present) present.end = end
    else {
      const of = { keys: new Map(), names: new Map(), encounters: new Map(), settlements: new Map() }
      present = { end, held: new Map(), cancellations: new Map(), attempts: new Map(), ...of }
      generations.push(present)
    }
    return present
  }

  /** What the newest generations say first. */
  function newest<Found>(ask: (generation: Generation) => Found | null | undefined): Found | null {
    for (let at = generations.length - 1; at >= 0; at -= 1) {
      const found = ask(generations[at]!)
      if (found !== null && found !== undefined) return found
    }
    return null
  }

  /** What every generation says, in order; most say nothing. */
  function all(name: string, listOf: (generation: Generation) => ReadonlyMap<string, readonly number[]>) {
    let found: readonly number[] = NOTHING
    for (const generation of generations) {
      const ids = listOf(generation).get(name)
      if (ids) found = found === NOTHING ? ids : [...found, ...ids]
    }
    return found
  }

  return {
    add(entries, places, begin, end) {
      const generation = generationUpTo(end)
      const { segment, offset: from } = begin
      const placed = ({ offset, length }: Omit<Place, 'segment'>) => ({
        segment,
        offset: from + offset,
        length,
      })
      for (let index = 0; index < entries.length; index += 1) {
        const { exchange, outcome } = entries[index]!
        const place = places[index]!
        if (exchange) addExchange(generation, exchange, placed(place.exchange!))
        if (outcome) addOutcome(generation, outcome, place.outcome!.id, placed(place.outcome!))
      }
    },
    indexed(upTo) {
      const ahead = generations.findIndex(({ end }) => isAfter(end, upTo))
      generations.splice(0, ahead < 0 ? generations.length : ahead)
      present = null
    },
    byId(id) {
      const state = newest(({ held }) => held.get(id)?.state)
      if (state === null) return null
      const exchange = newest(({ held }) => held.get(id)?.exchange)
      return { exchange, last: newest(({ held }) => held.get(id)?.last), state }
    },
    byKey: (key) => newest(({ keys }) => keys.get(key)),
    byKeyEnd(end) {
      const all = generations.flatMap(({ keys }) => [...keys])
      return all.flatMap(([key, id]) => (key.endsWith(end) ? id : []))
    },
    byMessage(institution, message, transaction) {
      const name = messageName({ institution, transaction, message })!
      return newest(({ keys, names }) => names.get(name) ?? keys.get(name))
    },
    messages(message) {
      const end = `|${message}`
      const all = generations.flatMap(({ keys, names }) => [...keys, ...names])
      return [...new Set(all.flatMap(([name, id]) => (name.endsWith(end) ? id : [])))]
    },
    cancellations: (encounter) => all(encounter, cancellationsOf),
    settlements: (encounter) => all(encounter, attemptsOf),
    accepted: (encounter) => all(encounter, encountersOf),
    settled: (settlement) => all(settlement, settlementsOf),
    *states() {
      for (const { held } of generations) for (const [id, { state }] of held) yield [id, state] as const
    },
    size: () => generations.reduce((sum, { held }) => sum + held.size, 0),
  }
}

function addExchange(generation: Generation, entry: ExchangeEntry, place: Place): void {
  const { held, keys, names, cancellations, attempts } = generation
  const { id, key, kind, encounter } = entry
  held.set(id, { exchange: { columns: { id }, place }, last: null, state: 'open' })
  if (key === null) return
  keys.set(key, id)
  const name = messageName(entry)
  if (name !== null && name !== key) names.set(name, id)
  if (encounter === null) return
  if (kind === 'cancellation') put(cancellations, encounter, id)
  else if (kind === 'settlement') put(attempts, encounter, id)
}

function addOutcome(generation: Generation, outcome: OutcomeEntry, id: number, place: Place): void {
  const { held, encounters, settlements } = generation
  const { exchange, encounter, settlement, state } = outcome
  let one = held.get(exchange)
  if (!one) {
    one = { exchange: null, last: null, state }
    held.set(exchange, one)
  }
  one.last = { columns: { id }, place }
  one.state = state
  if (settlement) put(settlements, settlement, exchange)
  if (state === 'accepted' && encounter) put(encounters, encounter, exchange)
}

function put(map: Map<string, number[]>, name: string, id: number): void {
  const ids = map.get(name)
  if (ids) ids.push(id)
  else map.set(name, [id])
}
