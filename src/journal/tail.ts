/**
 * What is durable and not yet in the index: where it rests, by whatever it may be asked for; looked at before the index.
 * The messages themselves are read from the segments, so that a pile-up holds no bodies in memory.
 */
import type { EntryPlaces } from './encoding.ts'
import type { Entry, ExchangeEntry, OutcomeEntry } from './entry.ts'
import { isAfter } from './indexing.ts'
import type { Indexed, Place, Point } from './journal-index.ts'
import type { State } from './life.ts'
import { PassingMap } from './passing-map.ts'

/** What the tail knows of an exchange. */
export interface Recent {
  /** Null where its start is in the index. */
  readonly exchange: Indexed | null
  /** Its last outcome; null where there is none since the index. */
  readonly last: Indexed | null
  /** Its present state. */
  readonly state: State | null
}

/** The tail. */
export interface Tail {
  /** Takes in a batch that begins at one point and is durable up to another. */
  add(batch: readonly Entry[], places: readonly EntryPlaces[], begin: Point, end: Point): void
  /** Forgets what is in the index. */
  indexed(upTo: Point): void
  byId(id: number): Recent | null
  byKey(key: string): number | null
  byMessage(institution: string, message: string, transaction: string): number | null
  /** Exchanges whose outcome was a yes that names this encounter, in order. */
  accepted(encounter: string): readonly number[]
  /** Exchanges with an outcome that names this settlement, in order. */
  settled(settlement: string): readonly number[]
  /** Exchanges that have begun or gone on since the index, each with its present state. */
  states(): Iterable<readonly [id: number, state: State]>
  /** How many exchanges it knows something of. */
  size(): number
}

interface Held {
  exchange: Indexed | null
  last: Indexed | null
  state: State | null
  /** The last batch that speaks of it. */
  batch: number
}

/** What a batch has said of exchanges, to be taken back once it is indexed. */
interface Said {
  readonly id: number
  readonly key: string | null
  readonly message: string | null
  readonly encounter: string | null
  readonly settlement: string | null
}

/** Makes an empty tail. */
export function createTail(): Tail {
  const held = new PassingMap<number, Held>()
  const keys = new PassingMap<string, number>()
  const messages = new PassingMap<string, number>()
  const encounters = new PassingMap<string, number[]>()
  const settlements = new PassingMap<string, number[]>()
  /** Batches that are not in the index, the oldest first. */
  const batches: { readonly number: number; readonly said: readonly Said[]; readonly end: Point }[] = []
  let number = 0

  // With the length of the one, no two of them are one name; JSON says the same for more.
  const messageOf = (institution: string | null, message: string | null, transaction: string | null) =>
    `${transaction} ${institution?.length} ${institution}${message}`

  function hold(id: number): Held {
    let one = held.get(id)
    if (!one) {
      one = { exchange: null, last: null, state: null, batch: number }
      held.set(id, one)
    }
    one.batch = number
    return one
  }

  function addExchange({ id, key, institution, message, transaction }: ExchangeEntry, place: Place): Said {
    const one = hold(id)
    one.exchange = { columns: { id }, place }
    one.state ??= 'open'
    const nothing = { id, encounter: null, settlement: null }
    if (key === null) return { ...nothing, key, message: null }
    const name = messageOf(institution, message, transaction)
    keys.set(key, id)
    messages.set(name, id)
    return { ...nothing, key, message: name }
  }

  function addOutcome(outcome: OutcomeEntry, id: number, place: Place): Said {
    const { exchange, encounter: named, settlement = null, state } = outcome
    const one = hold(exchange)
    one.last = { columns: { id }, place }
    one.state = state
    const encounter = (state === 'accepted' && named) || null
    if (encounter) note(encounters, encounter, exchange)
    if (settlement) note(settlements, settlement, exchange)
    return { id: exchange, key: null, message: null, encounter, settlement }
  }

  function forget({ id, key, message, encounter, settlement }: Said, batch: number): void {
    if (held.get(id)?.batch === batch) held.delete(id)
    if (encounter) drop(encounters, encounter, id)
    if (settlement) drop(settlements, settlement, id)
    if (key !== null && keys.get(key) === id) keys.delete(key)
    if (message !== null && messages.get(message) === id) messages.delete(message)
  }

  return {
    add(entries, places, begin, end) {
      number += 1
      const said: Said[] = []
      const placed = ({ offset, length }: Omit<Place, 'segment'>): Place => ({
        ...{ segment: begin.segment, offset: begin.offset + offset, length },
      })
      for (const [index, { exchange, outcome }] of entries.entries()) {
        const place = places[index]!
        if (exchange) said.push(addExchange(exchange, placed(place.exchange!)))
        if (outcome) said.push(addOutcome(outcome, place.outcome!.id, placed(place.outcome!)))
      }
      batches.push({ number, said, end })
    },
    indexed(upTo) {
      let done = 0
      while (done < batches.length && !isAfter(batches[done]!.end, upTo)) {
        const { said, number: batch } = batches[done]!
        for (const each of said) forget(each, batch)
        done += 1
      }
      batches.splice(0, done)
    },
    byId: (id) => held.get(id) ?? null,
    byKey: (key) => keys.get(key) ?? null,
    byMessage: (institution, message, transaction) =>
      messages.get(messageOf(institution, message, transaction)) ?? null,
    accepted: (encounter) => encounters.get(encounter) ?? [],
    settled: (settlement) => settlements.get(settlement) ?? [],
    *states() {
      for (const [id, { state }] of held) yield [id, state!] as const
    },
    size: () => held.size,
  }
}

function note(map: PassingMap<string, number[]>, name: string, id: number): void {
  const ids = map.get(name)
  if (ids) ids.push(id)
  else map.set(name, [id])
}

function drop(map: PassingMap<string, number[]>, name: string, id: number): void {
  const ids = map.get(name)
  const at = ids?.indexOf(id) ?? -1
  if (at < 0) return
  ids!.splice(at, 1)
  if (ids!.length === 0) map.delete(name)
}
