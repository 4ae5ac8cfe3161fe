/** Self-paid bills that a hospital has told at the door, through drizzle. */
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
 * The hash of the request that the journal noted for a stay; null if the note was lost or came by file.
 *
 * @param transaction by which the journal names these requests
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

/** Records a bill, the one of its stay. */
export function recordSelfPaid(
  database: Database,
  bill: Omit<typeof stayRecord.$inferInsert, 'id' | 'event' | 'occurrence'>,
): void {
  database
    .insert(stayRecord)
    .values({ ...bill, event: 'U', occurrence: 1 })
    .run()
}
