/** Settlements and cancellations with their current state, through drizzle. */
import { and, asc, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { exchange, outcome } from '../schema.ts'
import { encounterOf } from './money-totals.ts'

/** One message that moved money, or may have. Amounts in fen; zero if nothing was settled. */
export interface MoneyRow {
  readonly message: string
  readonly transaction: string
  readonly institution: string
  readonly insuredArea: string
  readonly treatmentArea: string
  readonly encounter: string | null
  /** State in the journal: `accepted`, `reversed`, `refused`, `unknown` … */
  readonly state: string
  readonly total: number
  readonly fund: number
  readonly person: number
  readonly account: number
  readonly cash: number
  readonly hospital: number
}

/** Reads the rows of one store, in order. */
export function moneyRows(database: Database): MoneyRow[] {
  const last = sql`(select max(o.id) from outcome o where o.exchange = ${exchange.id})`
  return database
    .select({
      message: sql<string>`${exchange.message}`,
      transaction: sql<string>`${exchange.transaction}`,
      institution: sql<string>`${exchange.institution}`,
      insuredArea: sql<string>`${exchange.insuredArea}`,
      treatmentArea: sql<string>`${exchange.treatmentArea}`,
      // An exchange that opened its own encounter did not name it; its outcome does.
      encounter: sql<string | null>`${sql.raw(encounterOf('exchange'))}`,
      state: sql<string>`coalesce(${outcome.state}, 'open')`,
      total: sql<number>`coalesce(${outcome.total}, 0)`,
      fund: sql<number>`coalesce(${outcome.fund}, 0)`,
      person: sql<number>`coalesce(${outcome.personShare}, 0)`,
      account: sql<number>`coalesce(${outcome.account}, 0)`,
      cash: sql<number>`coalesce(${outcome.cash}, 0)`,
      hospital: sql<number>`coalesce(${outcome.hospital}, 0)`,
    })
    .from(exchange)
    .leftJoin(outcome, sql`${outcome.id} = ${last}`)
    .where(and(isNotNull(exchange.key), inArray(exchange.kind, ['settlement', 'cancellation'])))
    .orderBy(asc(exchange.id))
    .all()
}
