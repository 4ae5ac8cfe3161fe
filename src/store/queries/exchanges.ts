/** What the journal asks its index for: exchanges with the places of their records, and their last outcomes. */
import type Sqlite from 'better-sqlite3'
import { UNRESOLVED } from '../../journal/exchange-state.ts'
import { lastState, selection } from './columns.ts'
import { endOf } from './text-end.ts'

/** Columns of an exchange or an outcome by field, `segment`, `offset` and `length` of its record among them. */
export type IndexRow = Record<string, unknown>

/** Finds a key by the end that the index sorts by, and by the whole of it: given twice. */
export const KEY_IS = `key_end = ${endOf('?')} and key = ?`
/** Finds the keys that end like this: given three times, 18 characters at least. */
export const KEY_ENDS = `key_end = ${endOf('?')} and substr(key, -length(?)) = ? and key is not null`
/** Finds a message of any institution by its id, given twice; the same id may be that of several. */
export const MESSAGE_IS = `message_end = ${endOf('?')} and message = ? and key is not null`

const EXCHANGE = `select ${selection('exchange')}`
const LAST_ID = 'select coalesce(max(id), 0) from exchange'
const exchangeWhere = (condition: string) => `${EXCHANGE} from exchange where ${condition}`

/** Questions over the institutions of one index; workers ask them of each other's as well. Oldest first. */
export interface CommonQueries<Row = IndexRow> {
  /** Exchanges that opened an encounter: the request does not name it yet, its outcome does. */
  openings(encounter: string): Row[]
  /** Messages of money whose yes gave this settlement id. */
  settlers(settlement: string): Row[]
  /** Messages of any institution with this id, of whatever transaction. */
  messages(id: string): Row[]
}

/** Prepares those. `Row`: the columns that the caller reads of a row. */
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

/** All questions of the journal. */
export interface ExchangeQueries extends CommonQueries {
  byKey(key: string): IndexRow | undefined
  /** Exchanges whose key ends like this, in order. @param end 18 characters at least */
  byKeyEnd(end: string): IndexRow[]
  byId(id: number): IndexRow | undefined
  byMessage(institution: string, message: string, transaction: string): IndexRow | undefined
  /** The last outcome of an exchange. */
  lastOutcome(exchange: number): IndexRow | undefined
  /** Keyed exchanges without a final state, oldest first, read one by one. */
  unresolved(): IterableIterator<IndexRow>
  /** Keyed cancellations that name this encounter, oldest first. */
  cancellations(encounter: string): IndexRow[]
  /** The largest id of an exchange, 0 where there is none. */
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
  const cancellations = exchanges<[string]>(
    "encounter = ? and kind = 'cancellation' and key is not null order by id",
  )
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
    cancellations: (encounter) => cancellations.all(encounter),
    lastId: () => lastId.get()!,
  }
}

/** The largest id of an exchange, 0 where there is none. */
export function lastExchange(client: Sqlite.Database): number {
  return client.prepare<[], number>(LAST_ID).pluck().get()!
}

/** Where the record of an exchange rests. */
export interface ExchangePlace {
  readonly segment: number
  readonly offset: number
  readonly length: number
}

/** Prepares the question for the place of an exchange. */
export function exchangePlace(client: Sqlite.Database): (exchange: number) => ExchangePlace | undefined {
  const place = client.prepare<[number], ExchangePlace>(
    'select segment, "offset", length from exchange where id = ?',
  )
  return (exchange) => place.get(exchange)
}

/** Prepares what tells an exchange in a store from any other that could have its number; null if there is none. */
export function exchangeMark(client: Sqlite.Database): (exchange: number) => string | null {
  const mark = client
    .prepare<[number], string>('select json_array(key, at, segment, "offset") from exchange where id = ?')
    .pluck()
  return (exchange) => mark.get(exchange) ?? null
}
