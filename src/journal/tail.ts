/** What is durable and not yet in the index: kept in memory, by whatever it may be asked for, and looked at first. */
import type { Entry, ExchangeEntry, OutcomeEntry } from './entry.ts'
import { isAfter } from './indexing.ts'
import type { Point } from './journal-index.ts'

/** What the tail knows of an exchange. */
export interface Recent {
  /** Null where its start is in the index. */
  exchange: ExchangeEntry | null
  /** Its last outcome; null where there is none since the index. */
  last: OutcomeEntry | null
}

/** The tail. */
export interface Tail {
  /** Takes in a batch that is durable up to a point. */
  add(batch: readonly Entry[], end: Point): void
  /** Forgets what is in the index. */
  indexed(upTo: Point): void
  byId(id: number): Recent | null
  byKey(key: string): number | null
  byMessage(institution: string, message: string, transaction: string): number | null
  /** Exchanges whose outcome was a yes that names this encounter, in order. */
  accepted(encounter: string): readonly number[]
  /** Exchanges with an outcome that names this settlement, in order. */
  settled(settlement: string): readonly number[]
  ids(): Iterable<number>
}

interface Held extends Recent {
  /** The last batch that speaks of it. */
  batch: number
}

/** Makes an empty tail. */
export function createTail(): Tail {
  const held = new Map<number, Held>()
  const keys = new Map<string, number>()
  const messages = new Map<string, number>()
  const encounters = new Map<string, number[]>()
  const settlements = new Map<string, number[]>()
  /** Batches that are not in the index, the oldest first. */
  const batches: { readonly number: number; readonly entries: readonly Entry[]; readonly end: Point }[] = []
  let number = 0

  const messageOf = (institution: unknown, message: unknown, transaction: unknown) =>
    JSON.stringify([institution, message, transaction])

  function hold(id: number): Held {
    let one = held.get(id)
    if (!one) {
      one = { exchange: null, last: null, batch: number }
      held.set(id, one)
    }
    one.batch = number
    return one
  }

  function addExchange(exchange: ExchangeEntry): void {
    hold(exchange.id).exchange = exchange
    if (exchange.key === null) return
    keys.set(exchange.key, exchange.id)
    messages.set(messageOf(exchange.institution, exchange.message, exchange.transaction), exchange.id)
  }

  function addOutcome(outcome: OutcomeEntry): void {
    hold(outcome.exchange).last = outcome
    const { encounter, settlement } = outcome
    if (encounter && outcome.state === 'accepted') note(encounters, encounter, outcome.exchange)
    if (settlement) note(settlements, settlement, outcome.exchange)
  }

  function forget({ exchange, outcome }: Entry, batch: number): void {
    if (outcome?.encounter && outcome.state === 'accepted')
      drop(encounters, outcome.encounter, outcome.exchange)
    if (outcome?.settlement) drop(settlements, outcome.settlement, outcome.exchange)
    for (const id of [exchange?.id, outcome?.exchange]) {
      if (id !== undefined && held.get(id)?.batch === batch) held.delete(id)
    }
    if (!exchange || exchange.key === null) return
    if (keys.get(exchange.key) === exchange.id) keys.delete(exchange.key)
    const message = messageOf(exchange.institution, exchange.message, exchange.transaction)
    if (messages.get(message) === exchange.id) messages.delete(message)
  }

  return {
    add(entries, end) {
      number += 1
      batches.push({ number, entries, end })
      for (const { exchange, outcome } of entries) {
        if (exchange) addExchange(exchange)
        if (outcome) addOutcome(outcome)
      }
    },
    indexed(upTo) {
      while (batches.length > 0 && !isAfter(batches[0]!.end, upTo)) {
        const batch = batches.shift()!
        for (const entry of batch.entries) forget(entry, batch.number)
      }
    },
    byId: (id) => held.get(id) ?? null,
    byKey: (key) => keys.get(key) ?? null,
    byMessage: (institution, message, transaction) =>
      messages.get(messageOf(institution, message, transaction)) ?? null,
    accepted: (encounter) => encounters.get(encounter) ?? [],
    settled: (settlement) => settlements.get(settlement) ?? [],
    ids: () => held.keys(),
  }
}

function note(map: Map<string, number[]>, name: string, id: number): void {
  const ids = map.get(name)
  if (ids) ids.push(id)
  else map.set(name, [id])
}

function drop(map: Map<string, number[]>, name: string, id: number): void {
  const ids = map.get(name)
  const at = ids?.indexOf(id) ?? -1
  if (at < 0) return
  ids!.splice(at, 1)
  if (ids!.length === 0) map.delete(name)
}
