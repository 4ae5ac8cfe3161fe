/** Open cases in the index: keyed exchanges that recovery or a person has to resolve. */
import type Sqlite from 'better-sqlite3'
import type { Instant } from '../../domain/day.ts'
import { type State, UNRESOLVED } from '../../journal/exchange-state.ts'

/** States of an exchange that a person may have to look at. */
export const CASES: readonly State[] = UNRESOLVED.filter((state) => state !== 'open')

const STATE =
  '(select state from outcome where outcome.exchange = exchange.id order by outcome.id desc limit 1)'

/** Keyed exchanges left open by their last outcome: the required content of `open_case`. */
export const CASES_OF_ROWS = `select id from exchange where key is not null and ${STATE} in (${CASES.map((state) => `'${state}'`).join(', ')})`

/** Maintains the open cases. */
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

/** Rebuilds them from the rows. */
export function remakeOpenCases(client: Sqlite.Database): void {
  client.exec(`delete from open_case; insert into open_case ${CASES_OF_ROWS}`)
}

/** Number of differences between the open cases and the rows. */
export function countDifferingCases(client: Sqlite.Database): number {
  const differing = `select id from (select exchange as id from open_case union all ${CASES_OF_ROWS})
    group by id having count(*) = 1`
  return client.prepare(differing).all().length
}

/** A case in the index. */
export interface CaseRow {
  readonly id: number
  readonly transaction: string | null
  readonly institution: string | null
  readonly message: string | null
  readonly destination: string | null
  readonly at: Instant
  readonly state: State
}

/** Restricts to some institutions, bound as one parameter; null for all. */
const OWN = '(@own is null or exchange.institution in (select value from json_each(@own)))'

const ownOf = (institutions: readonly string[] | null) => institutions && JSON.stringify(institutions)

/** Counts cases. @param institutions whose cases are counted; null for all */
export function countCases(client: Sqlite.Database, institutions: readonly string[] | null): number {
  const count = `select count(*) from open_case join exchange on exchange.id = open_case.exchange where ${OWN}`
  return client
    .prepare<[object], number>(count)
    .pluck()
    .get({ own: ownOf(institutions) })!
}

/** Reads a page of cases in order. @param after starts behind this exchange @param limit maximum number */
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
