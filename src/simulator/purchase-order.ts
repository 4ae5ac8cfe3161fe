/**
 * A purchase out of area as its platform keeps it: ordered by the pharmacy, paid by the person on the phone, cancelled,
 * refunded or reversed by the pharmacy. Amounts are in fen.
 */
import type { Instant } from '../domain/day.ts'
import { asFen, type Fen } from '../domain/money.ts'
import type { Book, SettlementRow } from './book.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { requiredText, textOf } from './fields.ts'
import type { Insured, Province } from './province.ts'

/** Its table. */
export const PURCHASE_ORDERS_SCHEMA = `
CREATE TABLE IF NOT EXISTS purchase_orders (mdtrt_regno TEXT PRIMARY KEY, fixmedins_code TEXT NOT NULL, mdtrtsn TEXT NOT NULL,
  psn_no TEXT NOT NULL, ssn TEXT NOT NULL, setl_id TEXT NOT NULL, state TEXT NOT NULL, answers INTEGER NOT NULL,
  looked INTEGER NOT NULL, total INTEGER NOT NULL, account INTEGER NOT NULL, cash INTEGER NOT NULL, at INTEGER NOT NULL,
  input TEXT NOT NULL, UNIQUE (fixmedins_code, mdtrtsn)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS purchase_orders_person ON purchase_orders (ssn, at);
`

/** A purchase. */
export type PurchaseOrder = {
  /** Number of the registration, which is that of the visit and the settlement too. */
  mdtrt_regno: string
  fixmedins_code: string
  /** The pharmacy's number of the visit, never used again. */
  mdtrtsn: string
  psn_no: string
  ssn: string
  /** Row of the book. */
  setl_id: string
  state: 'pushed' | 'paid' | 'cancelled' | 'refunded' | 'reversed'
  /** 1 if the person answers the phone; 0 if the order is left unpaid. */
  answers: number
  /** How often the pharmacy has asked whether it is paid. */
  looked: number
  total: Fen
  account: Fen
  cash: Fen
  /** UTC milliseconds. */
  at: number
  /** As it was ordered, JSON. */
  input: string
}

/** What was ordered. */
export function inputOf({ input }: PurchaseOrder): Node {
  return JSON.parse(input) as Node
}

/** An order of the sender by its number. @throws {Refusal} if there is none: another pharmacy's is none */
export function orderOf({ book }: Province, { institution, input }: Message): PurchaseOrder {
  const number = requiredText(input, 'mdtrt_regno')
  const order = book.store.row<PurchaseOrder>('SELECT * FROM purchase_orders WHERE mdtrt_regno = ?', number)
  if (order?.fixmedins_code !== institution) throw new Refusal('E000', '未查询到本机构的购药订单')
  return order
}

/** Orders of a person at a pharmacy, oldest first; of one number where named. */
export function ordersOf({ book }: Province, { institution, input }: Message): PurchaseOrder[] {
  const [ssn, number] = [requiredText(input, 'ssn'), textOf(input, 'mdtrt_regno')]
  return book.store.rows<PurchaseOrder>(
    `SELECT * FROM purchase_orders WHERE ssn = ? AND fixmedins_code = ? AND (? = '' OR mdtrt_regno = ?) ORDER BY at, mdtrt_regno`,
    ...[ssn, institution, number, number],
  )
}

/** Refuses a number of a visit that the pharmacy has used, whatever became of it. [F: T, 2166] */
export function requireUnused({ book }: Province, institution: string, number: string): void {
  const sql = 'SELECT 1 AS found FROM purchase_orders WHERE fixmedins_code = ? AND mdtrtsn = ?'
  if (book.store.row(sql, institution, number))
    throw new Refusal('E504', '就诊顺序号mdtrtsn已使用，退费或冲正后须更换新的顺序号')
}

/** Takes an order to another state. */
export function move(book: Book, { mdtrt_regno }: PurchaseOrder, state: PurchaseOrder['state']): void {
  book.store.run('UPDATE purchase_orders SET state = ? WHERE mdtrt_regno = ?', state, mdtrt_regno)
}

/** A row of the book about an order. */
export function bookedRow(
  message: Message,
  { mdtrt_regno, setl_id, psn_no, fixmedins_code }: PurchaseOrder,
  insured: Pick<Insured['insurance'], 'insutype' | 'area'>,
  at: Instant,
): Omit<SettlementRow, 'serial'> {
  return {
    ...{ setl_id, msgid: message.id, infno: message.transaction, init_setl_id: null },
    ...{ mdtrt_id: mdtrt_regno, chrg_bchno: '', psn_no, fixmedins_code },
    ...{ insutype: insured.insutype, insured_area: insured.area, treatment_area: message.treatment },
    ...{ state: 'settled', total: 0, fund: 0, person: 0, account: 0, cash: 0, hospital: 0 },
    ...{ year: new Date(at).getUTCFullYear(), at, used: '{}', wire: '{}' },
  }
}

/** The person pays on the phone: from the account first, the rest in cash. */
export function pay(province: Province, order: PurchaseOrder, { person, insurance }: Insured): void {
  const { book } = province
  const balance = book.balance(person.number, insurance.insutype, insurance.opening)
  const account = asFen(Math.max(0, Math.min(balance, order.total)))
  const cash = asFen(order.total - account)
  book.draw(person.number, insurance.insutype, account)
  book.store.run(
    "UPDATE purchase_orders SET state = 'paid', account = ?, cash = ? WHERE mdtrt_regno = ?",
    ...[account, cash, order.mdtrt_regno],
  )
  book.store.run(
    'UPDATE settlements SET total = ?, person = ?, account = ?, cash = ? WHERE setl_id = ?',
    ...[order.total, order.total, account, cash, order.setl_id],
  )
}
