/** The book of the national platform: one row per money transaction, durable before it is forwarded. */
import { Store } from './database.ts'
import { ORDERED_SCHEMA } from './national-orders.ts'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS transactions (serial INTEGER PRIMARY KEY AUTOINCREMENT, msgid TEXT NOT NULL,
  infno TEXT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL, setl_id TEXT NOT NULL, init_setl_id TEXT,
  mdtrt_id TEXT NOT NULL, psn_no TEXT NOT NULL, insured_area TEXT NOT NULL, treatment_area TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, total INTEGER NOT NULL, fund INTEGER NOT NULL, person INTEGER NOT NULL,
  account INTEGER NOT NULL, cash INTEGER NOT NULL, hospital INTEGER NOT NULL, at INTEGER NOT NULL, answer TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS transactions_message ON transactions (msgid, infno);
CREATE TABLE IF NOT EXISTS tombstones (msgid TEXT, infno TEXT, at INTEGER NOT NULL,
  PRIMARY KEY (msgid, infno)) WITHOUT ROWID;
UPDATE transactions SET state = 'unknown' WHERE state = 'forwarded';
`

/** How far a transaction has come: `forwarded` becomes one of the others, after a restart `unknown`. */
export type TransactionState = 'forwarded' | 'settled' | 'refused' | 'unknown' | 'reversed'

/** Amounts in fen. */
export type Amounts = {
  total: number
  fund: number
  person: number
  account: number
  cash: number
  hospital: number
}

/** One money transaction. */
export type TransactionRow = Amounts & {
  serial: number
  msgid: string
  infno: string
  digest: string
  state: TransactionState
  setl_id: string
  init_setl_id: string | null
  mdtrt_id: string
  psn_no: string
  insured_area: string
  treatment_area: string
  fixmedins_code: string
  at: number
  /** The bytes that were answered, where there was a clear answer. */
  answer: string | null
}

/** The book of the national platform. */
export class NationalBook {
  readonly store: Store

  constructor(path: string) {
    this.store = new Store(path, SCHEMA + ORDERED_SCHEMA)
  }

  find(id: string, transaction: string): TransactionRow | undefined {
    const sql = 'SELECT * FROM transactions WHERE msgid = ? AND infno = ?'
    return this.store.row<TransactionRow>(sql, id, transaction)
  }

  open(row: Omit<TransactionRow, 'serial'>): void {
    this.store.insert('transactions', row)
  }

  /** Moves a row from one of the states to another; does nothing where it is in none of them. */
  move(
    id: string,
    transaction: string,
    from: readonly TransactionState[],
    change: Partial<TransactionRow>,
  ): void {
    const columns = Object.keys(change).map((column) => `${column} = ?`)
    const states = from.map((state) => `'${state}'`).join(', ')
    const sql = `UPDATE transactions SET ${columns.join(', ')} WHERE msgid = ? AND infno = ? AND state IN (${states})`
    this.store.run(sql, ...Object.values(change), id, transaction)
  }

  /** Books a settlement that a query has shown, where it was unknown. */
  learn(id: string, shown: Amounts & { setl_id: string; mdtrt_id: string }): void {
    for (const row of this.store.rows<{ infno: string }>(
      "SELECT infno FROM transactions WHERE msgid = ? AND state = 'unknown'",
      id,
    )) {
      this.move(id, row.infno, ['unknown'], { state: 'settled', ...shown })
    }
  }

  isBuried(id: string, transaction: string): boolean {
    return !!this.store.row(
      'SELECT 1 AS found FROM tombstones WHERE msgid = ? AND infno = ?',
      id,
      transaction,
    )
  }

  bury(id: string, transaction: string, at: number): void {
    this.store.run('INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?)', id, transaction, at)
  }

  all(): TransactionRow[] {
    return this.store.rows<TransactionRow>('SELECT * FROM transactions ORDER BY serial')
  }
}
