/**
 * Totals that show at once whether anything went missing, for a load run or an operator: every accepted message of
 * money has ended or is open, and the amount in force is what was settled less what was reversed. A full count
 * scans all rows; its result is kept in `tally` and updated with each record (`src/journal/index/index-tally.ts`).
 */
import type Sqlite from 'better-sqlite3'
import { type State, UNRESOLVED } from '../../journal/exchange-state.ts'
import { lastState } from './columns.ts'

/** Messages of money (settlements and cancellations) by result. Exact counts. */
export interface MoneyTally {
  /** With a durable intent. */
  readonly begun: number
  /** With a final outcome, or known never to have been sent. */
  readonly ended: number
  /** Still waiting for an outcome. */
  readonly open: number
  /** Ever known to have been executed by a platform. */
  readonly settled: number
  /** Of these, undone again. */
  readonly reversed: number
  /** Amount in force in fen; cancellations are negative. */
  readonly standingFen: number
}

/** The figures, in the order of their columns. */
export const FIGURES = ['begun', 'ended', 'open', 'settled', 'reversed', 'standingFen'] as const

/** Adds figure by figure; `sign` -1 subtracts. */
export function addTally(to: MoneyTally, what: MoneyTally, sign: 1 | -1 = 1): MoneyTally {
  return {
    begun: to.begun + sign * what.begun,
    ended: to.ended + sign * what.ended,
    open: to.open + sign * what.open,
    settled: to.settled + sign * what.settled,
    reversed: to.reversed + sign * what.reversed,
    standingFen: to.standingFen + sign * what.standingFen,
  }
}

const OPEN = UNRESOLVED.map((state) => `'${state}'`).join(', ')

/** The encounter of an exchange; if the exchange opened it, its outcome names it. */
export const encounterOf = (exchange: string) =>
  `coalesce(${exchange}.encounter, (select o.encounter from outcome o where o.exchange = ${exchange}.id and o.encounter is not null limit 1))`

/** Ids of the exchanges of an encounter, including the one that opened it. */
const idsIn = (encounter: string) =>
  `(select x.id from exchange x where x.encounter = ${encounter}
    union select o.exchange from outcome o where o.encounter = ${encounter} and o.state = 'accepted')`

/** Joins a cancellation to its settlement: it names the id that the settlement's answer assigned. */
const BELONG = `c.institution = s.institution
  and substr(c.insured_area, 1, 2) = substr(s.insured_area, 1, 2) and exists (
    select 1 from outcome g where g.exchange = s.id and g.state = 'accepted' and g.settlement = c.settlement)`

/**
 * A settlement is undone once. If a cancellation is in force against it, a reversal did not undo it, even if the
 * platform accepted the reversal; and cancelling a settlement that is not in force subtracts nothing.
 */
const CANCELLED = `exists (select 1 from exchange c where s.kind = 'settlement' and c.kind = 'cancellation'
  and c.key is not null and c.encounter = ${encounterOf('s')} and ${BELONG} and ${lastState('c')} = 'accepted')`
const IDLE = `exists (select 1 from exchange s where c.kind = 'cancellation' and s.kind = 'settlement'
  and s.key is not null and s.id in ${idsIn('c.encounter')} and ${BELONG} and ${lastState('s')} = 'reversed')`

const counting = (which: string) => `
  with money as (
    select e.id, ${lastState('e')} as state,
      (select o.total from outcome o where o.exchange = e.id order by o.id desc limit 1) as total,
      exists (select 1 from outcome o where o.exchange = e.id and o.state = 'accepted') as settled
    from exchange e
    where e.key is not null and e.kind in ('settlement', 'cancellation') and ${which}
  )
  select
    count(*) as begun,
    coalesce(sum(state not in (${OPEN})), 0) as ended,
    coalesce(sum(state in (${OPEN})), 0) as open,
    coalesce(sum(settled), 0) as settled,
    coalesce(sum(settled and state = 'reversed' and not
      (select ${CANCELLED} from exchange s where s.id = money.id)), 0) as reversed,
    coalesce(sum(case when state = 'accepted' and not
      (select ${IDLE} from exchange c where c.id = money.id) then total else 0 end), 0) as standingFen
  from money where state != 'rejected'`

/** Related messages share an encounter; a message without one stands alone. */
const TOGETHER = `e.id in (select @exchange union ${idsIn(`(select ${encounterOf('n')} from exchange n where n.id = @exchange)`).slice(1, -1)})`

/** Bound as one parameter, whatever their number. */
const OF_INSTITUTIONS = 'e.institution in (select value from json_each(?))'

/**
 * Counts everything, in time linear in the journal. @param institutions whose messages are counted; null for all
 */
export function countTally(
  client: Sqlite.Database,
  institutions: readonly string[] | null = null,
): MoneyTally {
  if (!institutions) return client.prepare<[], MoneyTally>(counting('true')).get()!
  return client.prepare<[string], MoneyTally>(counting(OF_INSTITUTIONS)).get(JSON.stringify(institutions))!
}

/** Prepares the count of everything one exchange could affect: its encounter, or itself if it has none. */
export function encounterTally(client: Sqlite.Database): (exchange: number) => MoneyTally {
  const together = client.prepare<[{ exchange: number }], MoneyTally>(counting(TOGETHER))
  return (exchange) => together.get({ exchange })!
}

const KEPT = 'select begun, ended, "open", settled, reversed, standing_fen as standingFen from tally'

/** The stored totals; null if there are none yet. */
export function keptTally(client: Sqlite.Database): MoneyTally | null {
  return client.prepare<[], MoneyTally>(KEPT).get() ?? null
}

/** Updates the stored totals. */
export interface KeptTally {
  /** Replaces the stored totals. */
  put(tally: MoneyTally): void
  /** Adds to the stored totals, figure by figure. */
  change(by: MoneyTally): void
}

/** Prepares it. */
export function tallyKeeping(client: Sqlite.Database): KeptTally {
  const columns = FIGURES.map((figure) => (figure === 'standingFen' ? 'standing_fen' : `"${figure}"`))
  const put = client.prepare(
    `insert or replace into tally (id, ${columns.join(', ')}) values (1, ${columns.map(() => '?').join(', ')})`,
  )
  const change = client.prepare(
    `update tally set ${columns.map((column) => `${column} = ${column} + ?`).join(', ')}`,
  )
  const valuesOf = (tally: MoneyTally) => FIGURES.map((figure) => tally[figure])
  return {
    put: (tally) => void put.run(valuesOf(tally)),
    change: (by) => void change.run(valuesOf(by)),
  }
}

/** The columns of an exchange that are counted. */
export interface CountedRow {
  readonly key: string | null
  readonly kind: string | null
  readonly state: State
  /** Whether it was ever accepted: 1 or 0. */
  readonly settled: number
  /** Of its last outcome, in fen. */
  readonly total: number | null
}

/** Prepares the query for one exchange. */
export function countedExchange(client: Sqlite.Database): (exchange: number) => CountedRow | undefined {
  const row = client.prepare<[number], CountedRow>(
    `select key, kind, ${lastState('exchange')} as state,
      (select total from outcome where outcome.exchange = exchange.id order by outcome.id desc limit 1) as total,
      exists (select 1 from outcome where outcome.exchange = exchange.id and state = 'accepted') as settled
     from exchange where id = ?`,
  )
  return (exchange) => row.get(exchange)
}
