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
      select
        coalesce((select o.state from outcome o where o.exchange = e.id order by o.id desc limit 1), 'open') as state,
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
      coalesce(sum(settled and state = 'reversed'), 0) as reversed,
      coalesce(sum(case when state = 'accepted' then total else 0 end), 0) as standingFen
    from money where state != 'rejected'`)
  return counted!
}
