/** Self-paid bills reported by hospitals, through drizzle. */
import { and, asc, eq } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { exchange, stayRecord } from '../schema.ts'

/** A stay of an institution. */
export interface StayOf {
  readonly encounter: string
  readonly institution: string
}

/** The bill that is recorded for a stay. */
export function selfPaidBill(database: Database, { encounter, institution }: StayOf) {
  return database
    .select()
    .from(stayRecord)
    .where(
      and(eq(stayRecord.stay, encounter), eq(stayRecord.institution, institution), eq(stayRecord.event, 'U')),
    )
    .orderBy(asc(stayRecord.id))
    .get()
}

/**
 * The hash of the request that the journal recorded for a stay; null if it was lost or the bill was imported.
 *
 * @param transaction the journal's name for these requests
 */
export function notedBodyHash(
  database: Database,
  { encounter, institution }: StayOf,
  transaction: string,
): string | null {
  const noted = database
    .select({ bodyHash: exchange.bodyHash })
    .from(exchange)
    .where(
      and(
        eq(exchange.encounter, encounter),
        eq(exchange.institution, institution),
        eq(exchange.transaction, transaction),
      ),
    )
    .orderBy(asc(exchange.id))
    .get()
  return noted?.bodyHash ?? null
}

/** Records the bill of a stay. */
export function recordSelfPaid(
  database: Database,
  bill: Omit<typeof stayRecord.$inferInsert, 'id' | 'event' | 'occurrence'>,
): void {
  database
    .insert(stayRecord)
    .values({ ...bill, event: 'U', occurrence: 1 })
    .run()
}
