/** The gateway's side of the books: what its journal says of every message that moved money. */
import type { Database } from '../store/database.ts'
import { partsOf } from '../store/parts.ts'
import { type MoneyRow, moneyRows } from '../store/queries/money-rows.ts'

export type { MoneyRow }

/** Reads the settlements and cancellations of the journal with their present state. */
export function readJournalBook(database: Database): MoneyRow[] {
  return partsOf(database).flatMap(moneyRows)
}
