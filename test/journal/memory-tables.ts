/** The journal as tables in memory, for engines of tests: rows go in by batches and are looked through from the first to the last. */
import type { Disk } from '../../src/journal/embedded/disk.ts'
import {
  type Entry,
  type ExchangeEntry,
  isSamePlatform,
  type OutcomeEntry,
  openerOf,
  type StoredExchange,
} from '../../src/journal/entry.ts'
import { UNRESOLVED } from '../../src/journal/exchange-state.ts'
import { countsOf } from '../../src/journal/segment/counts.ts'

/** The questions that they answer. */
type Questions = Omit<Disk, 'commit' | 'indexed' | 'close'>

/** The tables. */
export interface MemoryTables extends Questions {
  /** The exchange that took a key for its own. */
  readonly keys: ReadonlyMap<string, number>
  /** @throws where a number or a key stands already, as a real table does */
  add(batch: readonly Entry[]): void
  /** What is in them by now is archived: the texts are gone, the rest stays. */
  archive(): void
}

interface Stored {
  exchange: ExchangeEntry
  outcomes: OutcomeEntry[]
  archived: boolean
}

/** Makes them, empty. */
export function createMemoryTables(): MemoryTables {
  const stored = new Map<number, Stored>()
  const keys = new Map<string, number>()

  function add(batch: readonly Entry[]): void {
    for (const { exchange } of batch) {
      if (!exchange) continue
      const taken = exchange.key !== null && keys.has(exchange.key)
      if (taken || stored.has(exchange.id)) throw new Error('UNIQUE constraint failed')
      stored.set(exchange.id, { exchange, outcomes: [], archived: false })
      if (exchange.key !== null) keys.set(exchange.key, exchange.id)
    }
    for (const { outcome } of batch) if (outcome) stored.get(outcome.exchange)!.outcomes.push(outcome)
  }

  function remembered({ exchange, outcomes, archived }: Stored): StoredExchange {
    const last = outcomes.at(-1)
    return {
      exchange,
      state: last?.state ?? 'open',
      since: last?.at ?? exchange.at,
      reply: last?.reply ?? null,
      problem: last?.problem ?? null,
      reason: last?.reason ?? null,
      told: last?.told ?? null,
      ...countsOf(last),
      counterpartMicros: last?.counterpartMicros ?? null,
      encounter: last?.encounter ?? exchange.encounter,
      settlement: last?.settlement ?? exchange.settlement,
      total: last?.total ?? null,
      refusedRows: last?.refusedRows ?? null,
      archived,
    }
  }

  const all = () => [...stored.values()].sort((one, other) => one.exchange.id - other.exchange.id)
  const keyed = () => all().filter(({ exchange }) => exchange.key !== null)
  const first = (test: (one: Stored) => boolean, among = all()): Stored | null => among.find(test) ?? null
  const told = (one: Stored | null) => (one ? remembered(one) : null)
  const openers = (encounter: string) =>
    keyed()
      .filter(
        ({ exchange, outcomes }) =>
          exchange.encounter === null &&
          outcomes.some((each) => each.state === 'accepted' && each.encounter === encounter),
      )
      .map(({ exchange }) => openerOf(exchange))

  return {
    keys,
    add,
    archive() {
      for (const one of stored.values()) {
        one.exchange = { ...one.exchange, sealed: null }
        one.outcomes = one.outcomes.map((outcome) => ({ ...outcome, reply: null }))
        one.archived = true
      }
    },
    byKey: (key) => told(first(({ exchange }) => exchange.key === key)),
    byKeyEnd: (end) =>
      keyed()
        .filter(({ exchange }) => exchange.key!.endsWith(end))
        .map(remembered),
    byId: (id) => told(stored.get(id) ?? null),
    byMessage: (institution, message, transaction) =>
      told(
        first(
          ({ exchange }) =>
            exchange.institution === institution &&
            exchange.message === message &&
            exchange.transaction === transaction,
          keyed(),
        ),
      ),
    unresolved: () =>
      keyed()
        .map(remembered)
        .filter(({ state }) => UNRESOLVED.includes(state))
        .map(({ exchange, state, since, searches, sightings, counterpartMicros }) => {
          const bare = { ...exchange, sealed: null, mapped: null }
          return { exchange: bare, state, since, searches, sightings, counterpartMicros }
        }),
    openers,
    ownOpener: (encounter, institution, insuredArea) =>
      openers(encounter).find(
        (one) => one.institution === institution && isSamePlatform(one.insuredArea, insuredArea),
      ) ?? null,
    settlers: (settlement) =>
      keyed()
        .filter(({ exchange: { kind } }) => ['settlement', 'cancellation', 'write'].includes(kind ?? ''))
        .filter(({ outcomes }) => outcomes.some((each) => each.settlement === settlement))
        .map(remembered),
    cancellations: (encounter) =>
      keyed()
        .filter(({ exchange }) => exchange.kind === 'cancellation' && exchange.encounter === encounter)
        .map(remembered),
    settlements: (encounter) =>
      keyed()
        .filter(({ exchange }) => exchange.kind === 'settlement' && exchange.encounter === encounter)
        .map(remembered),
    messages: (id) =>
      keyed()
        .map(({ exchange }) => exchange)
        .filter((exchange) => exchange.message === id),
    lastId: () => Math.max(0, ...stored.keys()),
  }
}
