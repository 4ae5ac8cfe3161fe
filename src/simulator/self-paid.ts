/**
 * The bill of who has paid all (4261), for a claim by hand later: its sum is reconciled (4262) and what differs is listed (4263).
 * What was paid so is not settled directly, and what was settled is not claimed by hand. Answers are `{code,type,message,data}`, without an envelope.
 * Source: interface-2025, 4261 to 4263 [F: T]; that a visit marked invalid (`valiFlag` 0) takes the bill back is assumed [A].
 */
import { decimalOf, type Fen, fenFromYuan, sumOfFen, yuanFromFen } from '../domain/money.ts'
import type { Visit } from './book.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { nodesIn, requiredText, textOf } from './fields.ts'
import type { Handler, Province } from './province.ts'

/** Bills, by the institution's own number of the visit; `claimed` is the sum at the last reconciliation. */
export const SELF_PAID = `
CREATE TABLE IF NOT EXISTS self_paid (fixmedins_code TEXT NOT NULL, mdtrt_sn TEXT NOT NULL, ipt_otp_no TEXT NOT NULL,
  certno TEXT NOT NULL, total INTEGER NOT NULL, claimed INTEGER, PRIMARY KEY (fixmedins_code, mdtrt_sn)) WITHOUT ROWID;
`

type Bill = { mdtrt_sn: string; ipt_otp_no: string; certno: string; total: number; claimed: number | null }

const done = (data: unknown) => ({ code: '0', type: 'success', message: '成功', data })

/** An amount of up to six decimals, to the fen. @throws {Refusal} if it is none */
function amountOf(node: Node, field: string): Fen {
  try {
    const units = decimalOf(requiredText(node, field), { places: 6, wholeMax: 10, zerosMax: 6 })
    if (units % 10_000 === 0) return fenFromYuan((units / 1_000_000).toFixed(2))
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
  }
  throw new Refusal('E503', `${field}不是精确到分的金额`)
}

function requireOwn(node: Node, { institution }: Message): void {
  if (textOf(node, 'fixmedinsCode') !== institution)
    throw new Refusal('E000', '定点医药机构编号fixmedinsCode与报文头不一致')
}

/** Whether a settlement stands for a visit of the institution under any of these numbers. */
function isSettled(province: Province, institution: string, numbers: readonly string[]): boolean {
  const sql = `SELECT mdtrt_id FROM visits WHERE fixmedins_code = ?
    AND (mdtrt_id IN (SELECT value FROM json_each(?)) OR ipt_otp_no IN (SELECT value FROM json_each(?)))`
  const given = JSON.stringify(numbers.filter((number) => number !== ''))
  const visits = province.book.store.rows<{ mdtrt_id: string }>(sql, institution, given, given)
  return visits.some(({ mdtrt_id }) => province.book.standing(mdtrt_id).length > 0)
}

/** Refuses to settle what was paid whole. @throws {Refusal} E504 */
export function requireNotSelfPaid(province: Province, visit: Visit): void {
  const sql = `SELECT 1 AS found FROM self_paid WHERE fixmedins_code = ?
    AND (mdtrt_sn IN (?, ?) OR (ipt_otp_no <> '' AND ipt_otp_no = ?))`
  const { fixmedins_code, mdtrt_id, ipt_otp_no } = visit
  const numbers = [mdtrt_id, ipt_otp_no || mdtrt_id, ipt_otp_no]
  if (province.book.store.row(sql, fixmedins_code, ...numbers))
    throw new Refusal('E504', '该就诊已按自费上传费用，不能直接结算；须先撤回自费上传，或由参保人零星报销')
}

/** 4261 自费病人费用明细信息上传. Sent again it takes the place of what was sent. */
export const uploadSelfPaid: Handler = (province, message) => {
  const visit = nodesIn(message.input.fmiOwnpayPatnMdtrtDDTO)[0]
  if (!visit) throw new Refusal('E000', 'fmiOwnpayPatnMdtrtDDTO不能为空')
  requireOwn(visit, message)
  const [mdtrt_sn, ipt_otp_no] = [requiredText(visit, 'mdtrtId'), textOf(visit, 'iptOpNo')]
  const lines = nodesIn(message.input.fmiOwnpayPatnFeeListDDTO).filter(
    (row) => textOf(row, 'valiFlag') !== '0',
  )
  const total = sumOfFen(lines.map((row) => amountOf(row, 'detItemFeeSumamt')))
  const { store } = province.book
  store.run('DELETE FROM self_paid WHERE fixmedins_code = ? AND mdtrt_sn = ?', message.institution, mdtrt_sn)
  if (textOf(visit, 'valiFlag') === '0') return done(null)
  if (isSettled(province, message.institution, [mdtrt_sn, ipt_otp_no]))
    throw new Refusal('E504', '该就诊已直接结算，不能再按自费上传；须先撤销结算')
  const certno = requiredText(visit, 'certno')
  const row = { fixmedins_code: message.institution, mdtrt_sn, ipt_otp_no, certno, total, claimed: null }
  store.insert('self_paid', row)
  return done(null)
}

const billsOf = (province: Province, { institution }: Message) =>
  province.book.store.rows<Bill>(
    'SELECT * FROM self_paid WHERE fixmedins_code = ? ORDER BY mdtrt_sn',
    institution,
  )

/** 4262 已上传费用对账: 1 is balanced here, where 3201 says 0. [F: T] */
export const reconcileSelfPaid: Handler = (province, message) => {
  requireOwn(message.input, message)
  const number = requiredText(message.input, 'mdtrtId')
  const claimed = amountOf(message.input, 'totalFeeSumamt')
  const bill = billsOf(province, message).find((one) => one.mdtrt_sn === number)
  if (!bill) return done({ stmtResult: '0', stmtRema: '中心无此就诊的自费费用' })
  province.book.store.run(
    'UPDATE self_paid SET claimed = ? WHERE fixmedins_code = ? AND mdtrt_sn = ?',
    ...[claimed, message.institution, number],
  )
  if (claimed === bill.total) return done({ stmtResult: '1', stmtRema: '平' })
  const told = `机构${yuanFromFen(claimed)}元、中心${yuanFromFen(bill.total as Fen)}元`
  return done({ stmtResult: '0', stmtRema: told })
}

/** Rows of one page at most. [A] */
const PAGE_MAX = 100

/** 4263 自费病人零报金额不符查询. */
export const listMismatches: Handler = (province, message) => {
  requireOwn(message.input, message)
  const asked = (field: string) => textOf(message.input, field)
  const pageSize = Math.min(PAGE_MAX, Math.max(1, Math.trunc(Number(asked('pageSize')) || PAGE_MAX)))
  const pageNum = Math.max(1, Math.trunc(Number(asked('pageNum')) || 1))
  const rows = billsOf(province, message).filter(
    ({ mdtrt_sn, certno, total, claimed }) =>
      claimed !== null &&
      claimed !== total &&
      (!asked('mdtrtId') || mdtrt_sn === asked('mdtrtId')) &&
      (!asked('certno') || certno === asked('certno')),
  )
  const from = (pageNum - 1) * pageSize
  const Data = rows.slice(from, from + pageSize).map(({ mdtrt_sn, total, claimed }) => ({
    mdtrtId: mdtrt_sn,
    totalFeeSumamt: yuanFromFen(claimed as Fen),
    uploadedSumamt: yuanFromFen(total as Fen),
  }))
  const pages = Math.ceil(rows.length / pageSize)
  return done({ pageNum, pageSize, size: Data.length, pages, recordCounts: rows.length, Data })
}
