/** Orders of mobile payment as the settlement centre keeps them. All amounts are in fen. */
import type { Store } from './database.ts'

/** Their tables. */
export const ORDERS_SCHEMA = `
CREATE TABLE IF NOT EXISTS orders (pay_ord_id TEXT PRIMARY KEY, pay_token TEXT NOT NULL, med_org_ord TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, fixmedins_name TEXT NOT NULL, psn_no TEXT NOT NULL, id_no TEXT NOT NULL,
  user_name TEXT NOT NULL, insutype TEXT NOT NULL, med_type TEXT NOT NULL, acct_used_flag TEXT NOT NULL,
  mdtrt_id TEXT NOT NULL, chrg_bchno TEXT NOT NULL, state TEXT NOT NULL, setl_id TEXT NOT NULL, setl_type TEXT NOT NULL,
  until INTEGER, ends TEXT NOT NULL, noticed INTEGER NOT NULL) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS orders_batch ON orders (mdtrt_id, chrg_bchno) WHERE state <> '12';
CREATE TABLE IF NOT EXISTS refunds (app_refd_sn TEXT NOT NULL, pay_ord_id TEXT NOT NULL, setl_id TEXT NOT NULL,
  kind TEXT NOT NULL, total INTEGER NOT NULL, fund INTEGER NOT NULL, account INTEGER NOT NULL, cash INTEGER NOT NULL,
  half INTEGER NOT NULL, until INTEGER, ends TEXT NOT NULL, PRIMARY KEY (pay_ord_id, app_refd_sn)) WITHOUT ROWID;
`

/** One order. */
export type Order = {
  pay_ord_id: string
  pay_token: string
  med_org_ord: string
  fixmedins_code: string
  fixmedins_name: string
  psn_no: string
  id_no: string
  user_name: string
  insutype: string
  med_type: string
  acct_used_flag: string
  mdtrt_id: string
  chrg_bchno: string
  /** `ordStas`, 0 to 16. */
  state: string
  /** Its settlement in the book; empty until it is paid. */
  setl_id: string
  setl_type: string
  /** UTC milliseconds at which it enters the state `ends`; null if it is not in progress. */
  until: number | null
  ends: string
  /** Whether 6302 has notified the hospital: 1 if delivered, 0 if still to do. */
  noticed: number
}

/** One refund. */
export type Refund = {
  app_refd_sn: string
  pay_ord_id: string
  /** Its negative row in the book. */
  setl_id: string
  /** `refdType`. */
  kind: string
  total: number
  fund: number
  account: number
  cash: number
  /** 1 while one of its legs has failed. */
  half: number
  /** When a half one comes to its end; null: never, by itself. */
  until: number | null
  /** `7` where the other leg follows, `6` where the first is taken back. */
  ends: string
}

/** The order of an id. */
export function orderIn(store: Store, id: string): Order | undefined {
  return store.row<Order>('SELECT * FROM orders WHERE pay_ord_id = ?', id)
}

/** Refunds of an order that stand, whole or by half. */
export function refundsOf(store: Store, order: string): Refund[] {
  return store.rows<Refund>('SELECT * FROM refunds WHERE pay_ord_id = ?', order)
}

/** Changes an order. */
export function changeOrder(store: Store, id: string, change: Partial<Order>): void {
  const columns = Object.keys(change).map((column) => `${column} = ?`)
  store.run(`UPDATE orders SET ${columns.join(', ')} WHERE pay_ord_id = ?`, ...Object.values(change), id)
}

/** Finished orders whose hospital is still to be notified, oldest first. */
export function ordersToNotice(store: Store): Order[] {
  return store.rows<Order>("SELECT * FROM orders WHERE noticed = 0 AND (state = '6' OR until IS NOT NULL)")
}
