/**
 * The sums by which a load run, or an operator, sees at once that nothing went missing: every message of money that was
 * taken up has ended or is open, and what stands is what was settled less what was reversed.
 */
import { sql } from 'drizzle-orm'
import { UNRESOLVED } from '../journal/life.ts'
import type { Database } from '../store/database.ts'
import { partsOf } from '../store/parts.ts'

/** Messages of money (settlements and cancellations) by what became of them. Exact counts. */
export interface Tally {
  /** Whose intent is durable. */
  readonly begun: number
  /** Whose outcome stands, or which are known not to have left. */
  readonly ended: number
  /** Which still want an outcome. */
  readonly open: number
  /** Which a platform has ever been known to have done. */
  readonly settled: number
  /** Of these, which were undone again. */
  readonly reversed: number
  /** What stands, cancellations with their negative amounts, in fen. */
  readonly standingFen: number
}

const OPEN = sql.join(
  UNRESOLVED.map((state) => sql`${state}`),
  sql`, `,
)

const lastState = (exchange: string) =>
  `coalesce((select o.state from outcome o where o.exchange = ${exchange}.id order by o.id desc limit 1), 'open')`

/** Whether a cancellation and a settlement belong together: the one names the id that the other's yes gave. */
const BELONG = `c.institution = s.institution and c.encounter = s.encounter
  and substr(c.insured_area, 1, 2) = substr(s.insured_area, 1, 2) and exists (
    select 1 from outcome g where g.exchange = s.id and g.state = 'accepted' and g.settlement = c.settlement)`

/**
 * A settlement is undone once. One that a cancellation stands against was not undone by the reversal of its message, though
 * that was answered with a yes; and the cancellation of a settlement that does not stand lowers nothing.
 */
const CANCELLED =
  sql.raw(`exists (select 1 from exchange c where s.kind = 'settlement' and c.kind = 'cancellation'
  and c.key is not null and ${BELONG} and ${lastState('c')} = 'accepted')`)
const IDLE = sql.raw(`exists (select 1 from exchange s where c.kind = 'cancellation' and s.kind = 'settlement'
  and s.key is not null and ${BELONG} and ${lastState('s')} = 'reversed')`)

/** Counts. Reads every message of money once: for operators and load runs, not for every second. */
export function readTally(database: Database): Tally {
  const [first, ...more] = partsOf(database).map(tallyOf)
  return more.reduce((sum, part) => mapTally(sum, (count, name) => count + part[name]), first!)
}

function mapTally(tally: Tally, change: (count: number, name: keyof Tally) => number): Tally {
  const entries = Object.entries(tally) as [keyof Tally, number][]
  return Object.fromEntries(entries.map(([name, count]) => [name, change(count, name)])) as unknown as Tally
}

function tallyOf(database: Database): Tally {
  const [counted] = database.all<Record<keyof Tally, number>>(sql`
    with money as (
      select e.id, ${sql.raw(lastState('e'))} as state,
        (select o.total from outcome o where o.exchange = e.id order by o.id desc limit 1) as total,
        exists (select 1 from outcome o where o.exchange = e.id and o.state = 'accepted') as settled
      from exchange e
      where e.key is not null and e.kind in ('settlement', 'cancellation')
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
    from money where state != 'rejected'`)
  return counted!
}
