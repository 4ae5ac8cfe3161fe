/** Open cases: keyed exchanges that recovery or a person has to look at, as the index keeps them. */
import type Sqlite from 'better-sqlite3'
import type { Instant } from '../../domain/day.ts'
import { type State, UNRESOLVED } from '../../journal/exchange-state.ts'

/** States of an exchange that a person may have to look at. */
export const CASES: readonly State[] = UNRESOLVED.filter((state) => state !== 'open')

const STATE =
  '(select state from outcome where outcome.exchange = exchange.id order by outcome.id desc limit 1)'

/** Keyed exchanges whose last outcome leaves them open: what `open_case` must hold. */
export const CASES_OF_ROWS = `select id from exchange where key is not null and ${STATE} in (${CASES.map((state) => `'${state}'`).join(', ')})`

/** What keeps them. */
export interface OpenCases {
  open(exchange: number): void
  close(exchange: number): void
}

/** Prepares it. */
export function openCases(client: Sqlite.Database): OpenCases {
  const open = client.prepare<[number]>('insert or ignore into open_case values (?)')
  const close = client.prepare<[number]>('delete from open_case where exchange = ?')
  return {
    open: (exchange) => void open.run(exchange),
    close: (exchange) => void close.run(exchange),
  }
}

/** Makes them anew from the rows. */
export function remakeOpenCases(client: Sqlite.Database): void {
  client.exec(`delete from open_case; insert into open_case ${CASES_OF_ROWS}`)
}

/** How many are kept and not in the rows, or the other way round. */
export function countDifferingCases(client: Sqlite.Database): number {
  const differing = `select id from (select exchange as id from open_case union all ${CASES_OF_ROWS})
    group by id having count(*) = 1`
  return client.prepare(differing).all().length
}

/** A case as the index knows it. */
export interface CaseRow {
  readonly id: number
  readonly transaction: string | null
  readonly institution: string | null
  readonly message: string | null
  readonly destination: string | null
  readonly at: Instant
  readonly state: State
}

/** Of some institutions alone; null for all. As one parameter, however many there are. */
const OWN = '(@own is null or exchange.institution in (select value from json_each(@own)))'

const ownOf = (institutions: readonly string[] | null) => institutions && JSON.stringify(institutions)

/** How many there are. @param institutions whose cases are counted; null for all */
export function countCases(client: Sqlite.Database, institutions: readonly string[] | null): number {
  const count = `select count(*) from open_case join exchange on exchange.id = open_case.exchange where ${OWN}`
  return client
    .prepare<[object], number>(count)
    .pluck()
    .get({ own: ownOf(institutions) })!
}

/** Some of them, in order. @param after the exchange after which they begin @param limit how many at most */
export function readCases(
  client: Sqlite.Database,
  institutions: readonly string[] | null,
  after: number,
  limit: number,
): CaseRow[] {
  const rows = client.prepare<[object], CaseRow>(
    `select exchange.id, exchange."transaction", exchange.institution, exchange.message, exchange.destination,
       exchange.at, ${STATE} as state
     from open_case join exchange on exchange.id = open_case.exchange
     where open_case.exchange > @after and ${OWN} order by open_case.exchange limit @limit`,
  )
  return rows.all({ own: ownOf(institutions), after, limit })
}
