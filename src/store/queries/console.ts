/** What the console's pages ask of an index: always with a limit, by a number or an indexed name. Oldest first. */
import type Sqlite from 'better-sqlite3'
import { firstFrom } from './code-evidence.ts'
import { lastState } from './columns.ts'
import { KEY_ENDS, MESSAGE_IS } from './exchanges.ts'
import type { CaseRow } from './open-cases.ts'

/** An exchange as a page shows it, with its last outcome. Amounts in fen. Nothing of a person is in it. */
export interface WatchedRow extends CaseRow {
  readonly kind: string | null
  readonly lane: string | null
  readonly treatmentArea: string | null
  readonly insuredArea: string | null
  readonly encounter: string | null
  /** Settlement that it names. */
  readonly settlement: string | null
  readonly original: string | null
  readonly total: number | null
}

const WATCHED = `exchange.id, exchange."transaction", exchange.kind, exchange.institution, exchange.message, exchange.lane,
  exchange.treatment_area as treatmentArea, exchange.insured_area as insuredArea, exchange.destination, exchange.at,
  exchange.settlement, exchange.original, ${lastState('exchange')} as state,
  coalesce(exchange.encounter, (select o.encounter from outcome o where o.exchange = exchange.id and o.encounter is not null limit 1)) as encounter,
  (select o.total from outcome o where o.exchange = exchange.id and o.total is not null order by o.id desc limit 1) as total`

/** Of areas by the beginnings of their codes; null for all. As one parameter, however many there are. */
const WITHIN = `(@areas is null or exists (select 1 from json_each(@areas) where
  substr(exchange.insured_area, 1, length(value)) = value or substr(exchange.treatment_area, 1, length(value)) = value))`

const areasOf = (prefixes: readonly string[] | null) => prefixes && JSON.stringify(prefixes)

/** Open cases of some areas, and how many there are. @param prefixes beginnings of area codes; null for all */
export function openCasesWithin(
  client: Sqlite.Database,
  prefixes: readonly string[] | null,
  limit: number,
): { readonly total: number; readonly rows: readonly WatchedRow[] } {
  const from = `from open_case join exchange on exchange.id = open_case.exchange where ${WITHIN}`
  const areas = areasOf(prefixes)
  const total = client.prepare<[object], number>(`select count(*) ${from}`).pluck().get({ areas })!
  const rows = client.prepare<[object], WatchedRow>(
    `select ${WATCHED} ${from} order by open_case.exchange limit @limit`,
  )
  return { total, rows: rows.all({ areas, limit }) }
}

/** One exchange by its number. */
export function watchedExchange(client: Sqlite.Database, id: number): WatchedRow | undefined {
  return client.prepare<[number], WatchedRow>(`select ${WATCHED} from exchange where id = ?`).get(id)
}

/** Exchanges that a text names: message id, encounter, settlement, or `Idempotency-Key`. Latest first, limited each way. */
export function exchangesNamed(client: Sqlite.Database, text: string, limit: number): WatchedRow[] {
  const keyEnd = `|Idempotency-Key|${text}`
  const ways: readonly (readonly [string, readonly string[]])[] = [
    [`select id from exchange where ${MESSAGE_IS}`, [text, text]],
    [`select id from exchange where ${KEY_ENDS}`, [keyEnd, keyEnd, keyEnd]],
    ['select id from exchange where encounter = ?', [text]],
    ['select exchange as id from outcome where encounter = ?', [text]],
    ['select exchange as id from outcome where settlement = ?', [text]],
  ]
  const found = ways.flatMap(([sql, given]) =>
    client
      .prepare<string[], number>(`${sql} order by id desc limit ${limit}`)
      .pluck()
      .all(...given),
  )
  const ids = [...new Set(found)].sort((one, other) => other - one).slice(0, limit)
  return ids.map((id) => watchedExchange(client, id)!)
}

/** What became of an exchange, one step. */
export interface LifeRow {
  readonly id: number
  readonly state: string
  readonly at: number
  readonly problem: string | null
  readonly reason: string | null
  readonly hop: string | null
  readonly settlement: string | null
  readonly total: number | null
  readonly fund: number | null
  readonly account: number | null
  readonly cash: number | null
  readonly ownMicros: number | null
  readonly counterpartMicros: number | null
}

const LIFE = `outcome.id, outcome.state, outcome.at, outcome.problem, outcome.reason, outcome.hop, outcome.settlement,
  outcome.total, outcome.fund, outcome.account, outcome.cash,
  outcome.own_micros as ownMicros, outcome.counterpart_micros as counterpartMicros`

/** The whole life of an exchange. */
export function lifeOf(client: Sqlite.Database, exchange: number, limit: number): LifeRow[] {
  const rows = client.prepare<[number, number], LifeRow>(
    `select ${LIFE} from outcome where exchange = ? order by id limit ?`,
  )
  return rows.all(exchange, limit)
}

/** Times of one message that went to a platform. */
export interface TimedRow {
  readonly destination: string
  readonly state: string
  readonly ownMicros: number
  readonly counterpartMicros: number
}

/** Times of the last messages that went to a platform, the latest first. @param among last outcomes that are looked at */
export function lastTimes(client: Sqlite.Database, since: number, among: number): TimedRow[] {
  const rows = client.prepare<[number, number], TimedRow>(
    `select exchange.destination, last.state, last.own_micros as ownMicros, last.counterpart_micros as counterpartMicros
     from (select * from outcome order by id desc limit ?) last join exchange on exchange.id = last.exchange
     where last.at >= ? and last.counterpart_micros is not null and exchange.destination is not null`,
  )
  return rows.all(among, since)
}

/** Prepares the question for the number of the first message from a moment on: by halving, since messages are numbered as they come. */
export function numberAt(client: Sqlite.Database, last: number): (at: number) => number {
  const first = firstFrom(client)
  return (at) => {
    let [low, high] = [0, last + 1]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const found = first(middle)
      if (found && found.at < at) low = found.id + 1
      else high = middle
    }
    return low
  }
}

/** Sums of the messages of money of some days, by insured province and what became of them. Amounts in fen. */
export interface DaySums {
  /** Two digits: `62`. */
  readonly province: string
  readonly kind: string
  readonly state: string
  readonly count: number
  readonly total: number
  readonly fund: number
  readonly account: number
  readonly cash: number
  readonly hospital: number
}

/** Reads them over the messages with these numbers. @param from the first @param before the one behind the last */
export function daySums(
  client: Sqlite.Database,
  from: number,
  before: number,
  prefixes: readonly string[] | null,
): DaySums[] {
  const sum = (column: string) => `coalesce(sum(last."${column}"), 0) as "${column}"`
  const rows = client.prepare<[object], DaySums>(
    `select substr(exchange.insured_area, 1, 2) as province, exchange.kind, coalesce(last.state, 'open') as state,
       count(*) as count, ${['total', 'fund', 'account', 'cash', 'hospital'].map(sum).join(', ')}
     from exchange left join outcome last
       on last.id = (select max(o.id) from outcome o where o.exchange = exchange.id)
     where exchange.id >= @from and exchange.id < @before and exchange.key is not null
       and exchange.kind in ('settlement', 'cancellation') and ${WITHIN}
     group by 1, 2, 3`,
  )
  return rows.all({ from, before, areas: areasOf(prefixes) })
}

/** What institutions have compared with the platforms, and what that said. */
export interface ComparedRow {
  readonly transaction: string
  readonly institution: string
  readonly state: string
  readonly count: number
}

/** Comparisons with the platforms' books among these messages. @param transactions which messages compare */
export function comparisonsIn(
  client: Sqlite.Database,
  from: number,
  before: number,
  prefixes: readonly string[] | null,
  transactions: readonly string[],
): ComparedRow[] {
  const rows = client.prepare<[object], ComparedRow>(
    `select exchange."transaction", exchange.institution, ${lastState('exchange')} as state, count(*) as count
     from exchange where exchange.id >= @from and exchange.id < @before and exchange.institution is not null
       and exchange."transaction" in (select value from json_each(@transactions)) and ${WITHIN}
     group by 1, 2, 3 order by 2, 1 limit 500`,
  )
  return rows.all({ from, before, areas: areasOf(prefixes), transactions: JSON.stringify(transactions) })
}
