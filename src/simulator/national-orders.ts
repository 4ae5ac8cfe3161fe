/**
 * Purchases out of area at the national platform. Their answers name no settlement and no message, so what it knows of them it
 * knows by the number of the order: the amounts when a query shows them as paid, and how a message has ended that a province
 * left without an answer.
 */
import { asFen, type Fen } from '../domain/money.ts'
import type { Message, Node } from './envelope.ts'
import { moneyOf, textOf } from './fields.ts'
import type { Amounts, NationalBook, TransactionRow } from './national-book.ts'

/** What the book keeps of an order beside its row, and whether a reversal of it had no answer. */
export const ORDERED_SCHEMA = `
CREATE TABLE IF NOT EXISTS ordered (msgid TEXT PRIMARY KEY, ssn TEXT NOT NULL, total INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reversing (mdtrt_regno TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS not_waiting (mdtrt_regno TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS transactions_visit ON transactions (mdtrt_id);
`

const [ORDER, REFUND, CANCELLATION, REVERSAL] = ['2166', '2163', '2167', '2181'] as const

/** Messages of the family that have a row in the book. */
export const ORDERING: readonly string[] = [ORDER, REFUND, CANCELLATION]
/** Those of them that undo one. */
export const UNDOING_ORDERS: readonly string[] = [REFUND, CANCELLATION]
/** Queries about the status of purchases. */
export const SHOWING: readonly string[] = ['2170', '2171']
/** The reversal of the family. */
export const isOrderReversal = ({ transaction }: Message) => transaction === REVERSAL

/**
 * A row without an answer: its state is unknown, or the last query did not show it. Whatever appears later was
 * late.
 */
const UNANSWERED = "state IN ('unknown', 'refused') AND answer IS NULL"

const NOTHING: Amounts = { total: 0, fund: 0, person: 0, account: 0, cash: 0, hospital: 0 }

/** Amounts of a row that a query or a refund shows. */
function amountsOf(row: Node): Amounts {
  const of = (field: string) => moneyOf(row, field) ?? asFen(0)
  const [total, account, cash] = ['medfee_sumamt', 'acct_payamt', 'psn_cashpay'].map(of) as [Fen, Fen, Fen]
  const person = account + cash
  return { total, fund: total - person, person, account, cash, hospital: 0 }
}

type Booked = Amounts & { setl_id: string; mdtrt_id: string }

/** What an answer to one of these messages booked; null if it is unreadable. */
export function orderBookedIn({ transaction, input }: Message, output: Node): Booked | null {
  const number = textOf(transaction === ORDER ? output : input, 'mdtrt_regno')
  if (number === '') return null
  const amounts = transaction === REFUND ? amountsOf(output) : NOTHING
  return { setl_id: number, mdtrt_id: number, ...amounts }
}

/** Keeps whose order it is. */
export function keepOrdered({ store }: NationalBook, { id, transaction, input }: Message): void {
  if (transaction !== ORDER) return
  const total = moneyOf(input, 'medfee_sumamt') ?? 0
  store.run('INSERT OR IGNORE INTO ordered VALUES (?, ?, ?)', id, textOf(input, 'ssn'), total)
}

/** A refunded order was paid, even if no query showed it. */
export function learnRefund(book: NationalBook, { transaction, input }: Message, refund: Node): void {
  if (transaction === REFUND) learnPaid(book, textOf(input, 'mdtrt_regno'), refund)
}

function learnPaid({ store }: NationalBook, number: string, refund: Node): void {
  const { total, fund, person, account, cash } = amountsOf(refund)
  store.run(
    `UPDATE transactions SET total = ?, fund = ?, person = ?, account = ?, cash = ?
      WHERE infno = ? AND mdtrt_id = ? AND state = 'settled' AND total = 0`,
    ...[total, fund, person, account, cash].map((amount) => Math.abs(amount)),
    ...[ORDER, number],
  )
}

/** Whether a message that undoes names an order of its sender; one that is not known here is the province's to judge. */
export function isOwnOrder({ store }: NationalBook, { institution, input }: Message): boolean {
  const sql = 'SELECT fixmedins_code FROM transactions WHERE infno = ? AND mdtrt_id = ?'
  const row = store.row<{ fixmedins_code: string }>(sql, ORDER, textOf(input, 'mdtrt_regno'))
  return !row || row.fixmedins_code === institution
}

/** Result of a reversal. @param done null: unknown */
export function reversedOrder({ store }: NationalBook, { input }: Message, done: boolean | null): void {
  const number = textOf(input, 'mdtrt_regno')
  const undone = textOf(input, 'status') === REFUND ? REFUND : ORDER
  if (done === null && undone === ORDER) store.run('INSERT OR IGNORE INTO reversing VALUES (?)', number)
  if (done) markReversed(store, number, undone)
}

function markReversed(store: NationalBook['store'], number: string, infno: string): void {
  const sql =
    "UPDATE transactions SET state = 'reversed' WHERE infno = ? AND mdtrt_id = ? AND state = 'settled'"
  store.run(sql, infno, number)
  store.run('DELETE FROM reversing WHERE mdtrt_regno = ?', number)
}

/** Learns from what a query shows. */
export function learnOrders(book: NationalBook, message: Message, rows: readonly Node[]): void {
  for (const row of rows) learnOrder(book, message, row)
  for (const row of rows) learnNotUndone(book, row)
  if (message.transaction === '2171') learnUnshown(book, message, rows)
  else learnWaiting(book, message, rows)
}

/** An order without a known outcome is the one shown if person, pharmacy and total match. */
function learnOrder(book: NationalBook, message: Message, row: Node): void {
  const { store } = book
  const { institution, input } = message
  const number = textOf(row, 'mdtrt_regno')
  const amounts = amountsOf(row)
  const isKnown = store.row(
    'SELECT 1 AS found FROM transactions WHERE mdtrt_id = ? AND infno = ?',
    number,
    ORDER,
  )
  if (!isKnown) {
    store.run(
      `UPDATE transactions SET state = 'settled', setl_id = ?, mdtrt_id = ? WHERE serial = (
        SELECT serial FROM transactions JOIN ordered USING (msgid) WHERE infno = ? AND ${UNANSWERED}
          AND fixmedins_code = ? AND ssn = ? AND ordered.total = ? ORDER BY serial LIMIT 1)`,
      ...[number, number, ORDER, institution, textOf(input, 'ssn'), Math.abs(amounts.total)],
    )
  }
  const isPaid = row.psn_cashpay !== undefined
  if (!isPaid) return
  if (amounts.total < 0) learnPaid(book, number, row)
  const [infno, from] = amounts.total > 0 ? [ORDER, "state = 'settled'"] : [REFUND, UNANSWERED]
  store.run(
    `UPDATE transactions SET state = 'settled', total = ?, fund = ?, person = ?, account = ?, cash = ?
      WHERE infno = ? AND mdtrt_id = ? AND ${from}`,
    ...[amounts.total, amounts.fund, amounts.person, amounts.account, amounts.cash, infno, number],
  )
}

/** What waits or is paid was not undone, as far as is known. */
function learnNotUndone({ store }: NationalBook, row: Node): void {
  const undone = amountsOf(row).total > 0 ? UNDOING_ORDERS : [CANCELLATION]
  for (const infno of undone) {
    store.run(
      "UPDATE transactions SET state = 'refused' WHERE infno = ? AND mdtrt_id = ? AND state = 'unknown'",
      ...[infno, textOf(row, 'mdtrt_regno')],
    )
  }
}

/** Asked by the person, an order that neither waits nor is paid was none, as far as is known. */
function learnNone({ store }: NationalBook, { institution, input }: Message): void {
  store.run(
    `UPDATE transactions SET state = 'refused' WHERE infno = ? AND fixmedins_code = ? AND state = 'unknown'
      AND msgid IN (SELECT msgid FROM ordered WHERE ssn = ?)`,
    ...[ORDER, institution, textOf(input, 'ssn')],
  )
}

/**
 * What does not wait for the person, and was not paid when that was asked afterwards, was cancelled or reversed, where that was
 * asked for. The other way round it might have been paid in between.
 */
function learnUnshown(book: NationalBook, message: Message, rows: readonly Node[]): void {
  const { store } = book
  const number = textOf(message.input, 'mdtrt_regno')
  if (number === '') {
    learnNone(book, message)
    return
  }
  const isGone = store.row('SELECT 1 AS found FROM not_waiting WHERE mdtrt_regno = ?', number)
  if (rows.length > 0 || !isGone) return
  store.run(
    `UPDATE transactions SET state = 'settled', setl_id = ? WHERE infno = ? AND mdtrt_id = ? AND ${UNANSWERED}`,
    ...[number, CANCELLATION, number],
  )
  if (store.row('SELECT 1 AS found FROM reversing WHERE mdtrt_regno = ?', number))
    markReversed(store, number, ORDER)
}

/** Which orders of a person wait, and which do not. */
function learnWaiting({ store }: NationalBook, { institution, input }: Message, rows: readonly Node[]): void {
  const shown = new Set(rows.map((row) => textOf(row, 'mdtrt_regno')))
  const sql = `SELECT mdtrt_id FROM transactions JOIN ordered USING (msgid)
    WHERE infno = ? AND fixmedins_code = ? AND ssn = ? AND state = 'settled'`
  const known = store.rows<Pick<TransactionRow, 'mdtrt_id'>>(sql, ORDER, institution, textOf(input, 'ssn'))
  for (const { mdtrt_id } of known) {
    if (shown.has(mdtrt_id)) store.run('DELETE FROM not_waiting WHERE mdtrt_regno = ?', mdtrt_id)
    else store.run('INSERT OR IGNORE INTO not_waiting VALUES (?)', mdtrt_id)
  }
}
