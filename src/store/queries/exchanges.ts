/** Queries of the journal on its index: exchanges with the places of their records, and their last outcomes. */
import type Sqlite from 'better-sqlite3'
import { UNRESOLVED } from '../../journal/exchange-state.ts'
import { lastState, selection } from './columns.ts'
import { endOf } from './text-end.ts'

/** Columns of an exchange or outcome by field, including `segment`, `offset` and `length` of its record. */
export type IndexRow = Record<string, unknown>

/** Finds a key by its indexed suffix and its whole text: bind it twice. */
export const KEY_IS = `key_end = ${endOf('?')} and key = ?`
/** Finds keys by a suffix of at least 18 characters: bind it three times. */
export const KEY_ENDS = `key_end = ${endOf('?')} and substr(key, -length(?)) = ? and key is not null`
/** Finds a message of any institution by its id, bound twice; several may share one id. */
export const MESSAGE_IS = `message_end = ${endOf('?')} and message = ? and key is not null`

const EXCHANGE = `select ${selection('exchange')}`
const LAST_ID = 'select coalesce(max(id), 0) from exchange'
const exchangeWhere = (condition: string) => `${EXCHANGE} from exchange where ${condition}`

/** Queries across the institutions of one index; workers also send them to each other. Oldest first. */
export interface CommonQueries<Row = IndexRow> {
  /** Exchanges that opened an encounter: only the outcome names it, not the request. */
  openings(encounter: string): Row[]
  /** Accepted messages of money that produced this settlement id. */
  settlers(settlement: string): Row[]
  /** Messages of any institution and transaction with this id. */
  messages(id: string): Row[]
}

/** Prepares them. `Row`: the columns that the caller reads. */
export function commonQueries<Row = IndexRow>(client: Sqlite.Database): CommonQueries<Row> {
  const openings = client.prepare<[string], Row>(
    `${EXCHANGE} from outcome join exchange on exchange.id = outcome.exchange
    where outcome.encounter = ? and outcome.state = 'accepted' and exchange.encounter is null
      and exchange.key is not null order by outcome.id`,
  )
  const settlers = client.prepare<[string], Row>(
    `${EXCHANGE} from outcome join exchange on exchange.id = outcome.exchange
    where outcome.settlement = ? and outcome.state = 'accepted' and exchange.kind in ('settlement', 'cancellation', 'write')
      and exchange.key is not null order by outcome.id`,
  )
  const messages = client.prepare<[string, string], Row>(`${exchangeWhere(MESSAGE_IS)} order by id`)
  return {
    openings: (encounter) => openings.all(encounter),
    settlers: (settlement) => settlers.all(settlement),
    messages: (id) => messages.all(id, id),
  }
}

/** All queries of the journal. */
export interface ExchangeQueries extends CommonQueries {
  byKey(key: string): IndexRow | undefined
  /** Exchanges whose key has this suffix, in order. @param end at least 18 characters */
  byKeyEnd(end: string): IndexRow[]
  byId(id: number): IndexRow | undefined
  byMessage(institution: string, message: string, transaction: string): IndexRow | undefined
  /** The last outcome of an exchange. */
  lastOutcome(exchange: number): IndexRow | undefined
  /** Keyed exchanges without a final state, oldest first, as a cursor. */
  unresolved(): IterableIterator<IndexRow>
  /** Keyed cancellations that name this encounter, oldest first. */
  cancellations(encounter: string): IndexRow[]
  /** Keyed settlements that name this encounter, oldest first. */
  settlements(encounter: string): IndexRow[]
  /** The largest id of an exchange, 0 if there is none. */
  lastId(): number
}

/** Prepares them. */
export function exchangeQueries(client: Sqlite.Database): ExchangeQueries {
  const exchanges = <Parameters extends unknown[]>(condition: string) =>
    client.prepare<Parameters, IndexRow>(exchangeWhere(condition))
  const byKey = exchanges<[string, string]>(KEY_IS)
  const byKeyEnd = exchanges<[string, string, string]>(`${KEY_ENDS} order by id`)
  const byId = exchanges<[number]>('id = ?')
  const byMessage = exchanges<[string, string, string, string]>(
    `${MESSAGE_IS} and institution = ? and "transaction" = ? order by id`,
  )
  const lastOutcome = client.prepare<[number], IndexRow>(
    `select ${selection('outcome')} from outcome where exchange = ? order by id desc limit 1`,
  )
  const unresolved = exchanges<string[]>(
    `key is not null and ${lastState('exchange')} in (${UNRESOLVED.map(() => '?').join(', ')}) order by id`,
  )
  const named = exchanges<[string, string]>('encounter = ? and kind = ? and key is not null order by id')
  const lastId = client.prepare<[], number>(LAST_ID).pluck()
  return {
    ...commonQueries(client),
    byKey: (key) => byKey.get(key, key),
    byKeyEnd: (end) => byKeyEnd.all(end, end, end),
    byId: (id) => byId.get(id),
    byMessage: (institution, message, transaction) =>
      byMessage.get(message, message, institution, transaction),
    lastOutcome: (exchange) => lastOutcome.get(exchange),
    unresolved: () => unresolved.iterate(...UNRESOLVED),
    cancellations: (encounter) => named.all(encounter, 'cancellation'),
    settlements: (encounter) => named.all(encounter, 'settlement'),
    lastId: () => lastId.get()!,
  }
}

/** The largest id of an exchange, 0 if there is none. */
export function lastExchange(client: Sqlite.Database): number {
  return client.prepare<[], number>(LAST_ID).pluck().get()!
}

/** Where the record of an exchange is stored. */
export interface ExchangePlace {
  readonly segment: number
  readonly offset: number
  readonly length: number
}

/** Prepares the query for the place of an exchange. */
export function exchangePlace(client: Sqlite.Database): (exchange: number) => ExchangePlace | undefined {
  const place = client.prepare<[number], ExchangePlace>(
    'select segment, "offset", length from exchange where id = ?',
  )
  return (exchange) => place.get(exchange)
}

/**
 * Prepares the query that identifies an exchange, to notice when another store reuses its number; null if missing.
 */
export function exchangeMark(client: Sqlite.Database): (exchange: number) => string | null {
  const mark = client
    .prepare<[number], string>('select json_array(key, at, segment, "offset") from exchange where id = ?')
    .pluck()
  return (exchange) => mark.get(exchange) ?? null
}
