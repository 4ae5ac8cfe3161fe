/** The book of a province: answers, visits, lines, settlements, accumulators. All amounts are in fen. */
import { asFen, type Fen } from '../domain/money.ts'
import type { Accumulators } from './benefit-types.ts'
import { CLEARING } from './clearing.ts'
import { COMPARED } from './compared-file.ts'
import { Store } from './database.ts'
import { DECLARATIONS } from './declarations.ts'
import { FILES_SCHEMA } from './files.ts'
import { GOODS_SCHEMA } from './goods-book.ts'
import { ORDERS_SCHEMA } from './orders.ts'
import { CONFIRMATIONS } from './out-of-area-clearing.ts'
import { PRESCRIPTION_SCHEMA } from './prescription.ts'
import { PURCHASE_ORDERS_SCHEMA } from './purchase-order.ts'
import { SELF_PAID } from './self-paid.ts'
import { SETTLEMENT_LISTS } from './settlement-list.ts'

const SCHEMA = `
CREATE TABLE IF NOT EXISTS answers (msgid TEXT, infno TEXT, digest TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (msgid, infno)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tombstones (msgid TEXT, infno TEXT, at INTEGER NOT NULL,
  PRIMARY KEY (msgid, infno)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accumulators (psn_no TEXT, insutype TEXT, year INTEGER, name TEXT,
  value INTEGER NOT NULL, PRIMARY KEY (psn_no, insutype, year, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS visits (mdtrt_id TEXT PRIMARY KEY, msgid TEXT NOT NULL, kind TEXT NOT NULL,
  psn_no TEXT NOT NULL, insutype TEXT NOT NULL, insured_area TEXT NOT NULL, treatment_area TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, fixmedins_name TEXT NOT NULL, ipt_otp_no TEXT NOT NULL, med_type TEXT NOT NULL,
  dise_codg TEXT NOT NULL, begins INTEGER NOT NULL, ends INTEGER, emergency INTEGER NOT NULL,
  state TEXT NOT NULL, details TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS diagnoses (mdtrt_id TEXT NOT NULL, kind TEXT NOT NULL, row TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS diagnoses_visit ON diagnoses (mdtrt_id);
CREATE INDEX IF NOT EXISTS visits_person ON visits (psn_no, begins);
CREATE INDEX IF NOT EXISTS visits_message ON visits (msgid);
CREATE TABLE IF NOT EXISTS lines (mdtrt_id TEXT, feedetl_sn TEXT, chrg_bchno TEXT NOT NULL, dise_codg TEXT NOT NULL,
  med_list_codg TEXT NOT NULL, init_feedetl_sn TEXT NOT NULL, total INTEGER NOT NULL, self_paid INTEGER NOT NULL,
  over_limit INTEGER NOT NULL, first_self_pay INTEGER NOT NULL, in_scope INTEGER NOT NULL,
  PRIMARY KEY (mdtrt_id, feedetl_sn)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settlements (serial INTEGER PRIMARY KEY AUTOINCREMENT, setl_id TEXT NOT NULL UNIQUE,
  msgid TEXT NOT NULL, infno TEXT NOT NULL, init_setl_id TEXT, mdtrt_id TEXT NOT NULL, chrg_bchno TEXT NOT NULL,
  psn_no TEXT NOT NULL, insutype TEXT NOT NULL, insured_area TEXT NOT NULL, treatment_area TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, state TEXT NOT NULL, total INTEGER NOT NULL, fund INTEGER NOT NULL,
  person INTEGER NOT NULL, account INTEGER NOT NULL, cash INTEGER NOT NULL, hospital INTEGER NOT NULL,
  year INTEGER NOT NULL, at INTEGER NOT NULL, used TEXT NOT NULL, wire TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS settlements_message ON settlements (msgid, infno);
CREATE INDEX IF NOT EXISTS settlements_visit ON settlements (mdtrt_id);
CREATE INDEX IF NOT EXISTS settlements_original ON settlements (init_setl_id);
CREATE TABLE IF NOT EXISTS kept_rows (serial INTEGER PRIMARY KEY AUTOINCREMENT, infno TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, row TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS kept_rows_institution ON kept_rows (fixmedins_code, infno);
${FILES_SCHEMA}`

/** A visit: an outpatient registration, a stay, or a purchase at a pharmacy, which its settlement opens. */
export type Visit = {
  mdtrt_id: string
  msgid: string
  kind: 'outpatient' | 'inpatient' | 'pharmacy'
  psn_no: string
  insutype: string
  insured_area: string
  treatment_area: string
  fixmedins_code: string
  fixmedins_name: string
  ipt_otp_no: string
  med_type: string
  dise_codg: string
  begins: number
  ends: number | null
  /** 1 if marks make it an emergency. */
  emergency: number
  state: 'open' | 'discharged' | 'cancelled' | 'reversed'
  /** What else the admission said, as JSON. */
  details: string
}

/** A fee line after the split. */
export type Line = {
  mdtrt_id: string
  feedetl_sn: string
  chrg_bchno: string
  dise_codg: string
  med_list_codg: string
  init_feedetl_sn: string
  total: number
  self_paid: number
  over_limit: number
  first_self_pay: number
  in_scope: number
}

/** A settlement or, with negative amounts and `init_setl_id`, the cancellation of one. */
export type SettlementRow = {
  serial: number
  setl_id: string
  msgid: string
  infno: string
  init_setl_id: string | null
  mdtrt_id: string
  /** Batch of an outpatient settlement; empty for a stay or a purchase. */
  chrg_bchno: string
  psn_no: string
  insutype: string
  insured_area: string
  treatment_area: string
  fixmedins_code: string
  /** `reversed` by 2601. A cancelled settlement stays `settled`; a negative row cancels it. */
  state: 'settled' | 'reversed'
  total: number
  fund: number
  person: number
  account: number
  cash: number
  hospital: number
  year: number
  at: number
  /** What it added to the accumulators, as JSON. */
  used: string
  /** The answer as it was given, as JSON. */
  wire: string
}

/** Year of the money taken from the personal account, which is not reset yearly. */
const ALL_YEARS = 0

/** The book of one province. */
export class Book {
  readonly store: Store

  constructor(path: string) {
    const parts = [
      SCHEMA,
      DECLARATIONS,
      GOODS_SCHEMA,
      ORDERS_SCHEMA,
      PURCHASE_ORDERS_SCHEMA,
      PRESCRIPTION_SCHEMA,
      COMPARED,
      CLEARING,
      CONFIRMATIONS,
      SETTLEMENT_LISTS,
      SELF_PAID,
    ]
    this.store = new Store(path, parts.join(''))
  }

  /** The stored answer of a message. */
  answerOf(id: string, transaction: string): { digest: string; body: string } | undefined {
    return this.store.row('SELECT digest, body FROM answers WHERE msgid = ? AND infno = ?', id, transaction)
  }

  keepAnswer(id: string, transaction: string, digest: string, body: string): void {
    this.store.insert('answers', { msgid: id, infno: transaction, digest, body })
  }

  /** Whether 2601 has reversed this message, before or after it came. */
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

  /** The next number of a counter, from 1. */
  next(name: string): number {
    const sql = `INSERT INTO counters VALUES (?, 1)
      ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`
    return this.store.row<{ value: number }>(sql, name)!.value
  }

  accumulators(person: string, insutype: string, year: number): Accumulators {
    const rows = this.store.rows<{ name: string; value: number }>(
      'SELECT name, value FROM accumulators WHERE psn_no = ? AND insutype = ? AND year = ?',
      person,
      insutype,
      year,
    )
    return Object.fromEntries(rows.map((row) => [row.name, row.value]))
  }

  /** Adds to the accumulators of a year, or takes off with `sign` −1. */
  accumulate(person: string, insutype: string, year: number, used: Accumulators, sign: 1 | -1): void {
    for (const [name, value] of Object.entries(used)) {
      if (value === 0) continue
      this.store.run(
        `INSERT INTO accumulators VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (psn_no, insutype, year, name) DO UPDATE SET value = value + excluded.value`,
        person,
        insutype,
        year,
        name,
        sign * value,
      )
    }
  }

  /** What is left in the personal account. */
  balance(person: string, insutype: string, opening: Fen): Fen {
    return asFen(opening - (this.accumulators(person, insutype, ALL_YEARS).account ?? 0))
  }

  /** Takes money from the personal account; a negative amount gives it back. */
  draw(person: string, insutype: string, amount: number): void {
    this.accumulate(person, insutype, ALL_YEARS, { account: amount }, 1)
  }

  visit(id: string): Visit | undefined {
    return this.store.row<Visit>('SELECT * FROM visits WHERE mdtrt_id = ?', id)
  }

  visitOfMessage(id: string): Visit | undefined {
    return this.store.row<Visit>('SELECT * FROM visits WHERE msgid = ?', id)
  }

  visitsOf(person: string, from: number, until: number): Visit[] {
    const sql = `SELECT * FROM visits WHERE psn_no = ? AND begins BETWEEN ? AND ?
      AND state IN ('open', 'discharged') ORDER BY begins, mdtrt_id`
    return this.store.rows<Visit>(sql, person, from, until)
  }

  /** Changes a visit. */
  change(id: string, change: Partial<Visit>): void {
    const columns = Object.keys(change).map((column) => `${column} = ?`)
    this.store.run(`UPDATE visits SET ${columns.join(', ')} WHERE mdtrt_id = ?`, ...Object.values(change), id)
  }

  /** Lines of a visit, of one batch where named. */
  lines(visit: string, batch?: string): Line[] {
    return batch === undefined
      ? this.store.rows<Line>('SELECT * FROM lines WHERE mdtrt_id = ?', visit)
      : this.store.rows<Line>('SELECT * FROM lines WHERE mdtrt_id = ? AND chrg_bchno = ?', visit, batch)
  }

  /** Takes the lines of a purchase out of what is charged, or puts them back. */
  moveLines(visit: string, batch: string): void {
    this.store.run('UPDATE lines SET chrg_bchno = ? WHERE mdtrt_id = ?', batch, visit)
  }

  /** Says which interim settlement of a stay has taken a line. */
  moveLine(line: Line, batch: string): void {
    const sql = 'UPDATE lines SET chrg_bchno = ? WHERE mdtrt_id = ? AND feedetl_sn = ?'
    this.store.run(sql, batch, line.mdtrt_id, line.feedetl_sn)
  }

  removeLine(line: Line): void {
    this.store.run('DELETE FROM lines WHERE mdtrt_id = ? AND feedetl_sn = ?', line.mdtrt_id, line.feedetl_sn)
  }

  settlement(id: string): SettlementRow | undefined {
    return this.store.row<SettlementRow>('SELECT * FROM settlements WHERE setl_id = ?', id)
  }

  settlementOfMessage(id: string, transaction: string): SettlementRow | undefined {
    const sql = 'SELECT * FROM settlements WHERE msgid = ? AND infno = ?'
    return this.store.row<SettlementRow>(sql, id, transaction)
  }

  /** The cancellation in force against a settlement. */
  cancellationOf(id: string): SettlementRow | undefined {
    const sql = "SELECT * FROM settlements WHERE init_setl_id = ? AND state = 'settled'"
    return this.store.row<SettlementRow>(sql, id)
  }

  /** Settlements of a visit that stand: neither cancelled nor reversed. */
  standing(visit: string): SettlementRow[] {
    return this.store.rows<SettlementRow>(
      `SELECT * FROM settlements AS own WHERE mdtrt_id = ? AND state = 'settled' AND init_setl_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM settlements AS other
          WHERE other.init_setl_id = own.setl_id AND other.state = 'settled')`,
      visit,
    )
  }

  /** The latest row of a visit that was not reversed; of one batch where named. */
  latestOf(visit: string, batch: string): SettlementRow | undefined {
    const sql = `SELECT * FROM settlements WHERE mdtrt_id = ? AND state = 'settled' AND (? = '' OR chrg_bchno = ?)
      ORDER BY serial DESC LIMIT 1`
    return this.store.row<SettlementRow>(sql, visit, batch, batch)
  }

  markReversed(id: string): void {
    this.store.run("UPDATE settlements SET state = 'reversed' WHERE setl_id = ?", id)
  }
}
