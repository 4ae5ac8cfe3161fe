/** What the pages read of the indexes, on a thread of its own: never on the way of a settlement. */
import { addDays, type Day, type Instant, instantFromShanghai } from '../../domain/day.ts'
import { partsOf, type Store } from '../../store/parts.ts'
import {
  type ComparedRow,
  comparisonsIn,
  type DaySums,
  daySums,
  exchangesNamed,
  type LifeRow,
  lastTimes,
  lifeOf,
  numberAt,
  openCasesWithin,
  type TimedRow,
  type WatchedRow,
  watchedExchange,
} from '../../store/queries/console.ts'
import { lastExchange } from '../../store/queries/exchanges.ts'

/** What is asked: `prefixes` are beginnings of area codes within which a person sees, null for all. */
export type ConsoleQuestion =
  | { readonly ask: 'open'; readonly prefixes: readonly string[] | null }
  | { readonly ask: 'named'; readonly text: string }
  | { readonly ask: 'life'; readonly worker: number; readonly exchange: number }
  | { readonly ask: 'pulse'; readonly now: Instant }

/** What is asked of a day. */
export interface DayQuestion {
  readonly day: Day
  readonly prefixes: readonly string[] | null
  /** Transactions by which institutions compare with a platform. */
  readonly comparing: readonly string[]
}

/** A row, and the worker in whose journal it is, from 1. */
export type PlacedRow = WatchedRow & { readonly worker: number }

/** Open cases, the oldest first. */
export interface OpenRead {
  readonly total: number
  readonly rows: readonly PlacedRow[]
}

/** One exchange with its life, and what else is of its visit; null where there is none. */
export type LifeRead = {
  readonly row: PlacedRow
  readonly life: readonly LifeRow[]
  readonly beside: readonly PlacedRow[]
} | null

/** How much there is to do, and how long it takes. */
export interface Pulse {
  /** Messages of each of the last minutes, the oldest first, with when it began. */
  readonly minutes: readonly { readonly at: Instant; readonly count: number }[]
  readonly hops: readonly HopTimes[]
}

/** Times of one destination in the last minutes, in milliseconds. */
export interface HopTimes {
  readonly destination: string
  readonly count: number
  /** Without an answer that was clear. */
  readonly unclear: number
  readonly ownMs: { readonly half: number; readonly most: number }
  readonly counterpartMs: { readonly half: number; readonly most: number }
}

/** The day of a person's areas. */
export interface DayRead {
  readonly sums: readonly DaySums[]
  readonly compared: readonly ComparedRow[]
}

const LIMITS = { open: 200, named: 50, life: 200, beside: 30, times: 5000 }
const MINUTES = 15
const MINUTE_MS = 60_000

/** Answers one question. */
export function readConsole(
  store: Store,
  question: ConsoleQuestion,
): OpenRead | PlacedRow[] | LifeRead | Pulse {
  const parts = partsOf(store).map(({ $client: client }, index) => ({ client, worker: index + 1 }))
  switch (question.ask) {
    case 'open': {
      const found = parts.map(({ client, worker }) => {
        const { total, rows } = openCasesWithin(client, question.prefixes, LIMITS.open)
        return { total, rows: rows.map((row) => ({ ...row, worker })) }
      })
      const rows = found.flatMap((one) => one.rows).sort((one, other) => one.at - other.at)
      return { total: found.reduce((sum, one) => sum + one.total, 0), rows: rows.slice(0, LIMITS.open) }
    }
    case 'named':
      return parts.flatMap(({ client, worker }) =>
        exchangesNamed(client, question.text, LIMITS.named).map((row) => ({ ...row, worker })),
      )
    case 'life': {
      const { worker, exchange } = question
      const part = parts.find((one) => one.worker === worker)
      const row = part && watchedExchange(part.client, exchange)
      if (!part || !row) return null
      const named = row.encounter ? exchangesNamed(part.client, row.encounter, LIMITS.beside) : []
      const beside = named.filter(({ id, institution }) => id !== exchange && institution === row.institution)
      return {
        row: { ...row, worker },
        life: lifeOf(part.client, exchange, LIMITS.life),
        beside: beside.map((one) => ({ ...one, worker })).reverse(),
      }
    }
    case 'pulse':
      return pulseOf(
        parts.map(({ client }) => client),
        question.now,
      )
  }
}

function pulseOf(clients: readonly Store['$client'][], now: Instant): Pulse {
  const begin = Math.floor(now / MINUTE_MS) * MINUTE_MS - (MINUTES - 1) * MINUTE_MS
  const edges = Array.from({ length: MINUTES + 1 }, (_, index) => begin + index * MINUTE_MS)
  const counts = clients.map((client) => {
    const number = numberAt(client, lastExchange(client))
    return edges.map((at) => number(at))
  })
  const minutes = edges.slice(0, -1).map((at, index) => ({
    at: at as Instant,
    count: counts.reduce((sum, numbers) => sum + numbers[index + 1]! - numbers[index]!, 0),
  }))
  const times = clients.flatMap((client) => lastTimes(client, begin, LIMITS.times))
  return { minutes, hops: hopsOf(times) }
}

/** Times by destination. */
export function hopsOf(times: readonly TimedRow[]): HopTimes[] {
  const by = new Map<string, TimedRow[]>()
  for (const row of times) by.set(row.destination, [...(by.get(row.destination) ?? []), row])
  return [...by].sort().map(([destination, rows]) => ({
    destination,
    count: rows.length,
    unclear: rows.filter(({ state }) => state === 'unknown').length,
    ownMs: spread(rows.map(({ ownMicros }) => ownMicros)),
    counterpartMs: spread(rows.map(({ counterpartMicros }) => counterpartMicros)),
  }))
}

/** Half of them take no longer, and 99 of a hundred. @param micros not empty */
function spread(micros: readonly number[]): HopTimes['ownMs'] {
  const sorted = micros.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]! / 1000
  return { half: at(0.5), most: at(0.99) }
}

/** Reads a day: as long as the day has messages. */
export function readDayOf(store: Store, { day, prefixes, comparing }: DayQuestion): DayRead {
  const [start, end] = [day, addDays(day, 1)].map((one) => instantFromShanghai(`${one} 00:00:00`))
  const sums: DaySums[] = []
  const compared: ComparedRow[] = []
  for (const { $client: client } of partsOf(store)) {
    const number = numberAt(client, lastExchange(client))
    const [from, before] = [number(start!), number(end!)]
    sums.push(...daySums(client, from, before, prefixes))
    compared.push(...comparisonsIn(client, from, before, prefixes, comparing))
  }
  return { sums, compared }
}
