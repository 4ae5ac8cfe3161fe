/**
 * The settlement centre of mobile payment: 6201 upload, 6202 payment, 6203 refund, 6301 query, 6401 revocation, and
 * the notification 6302. It calls the platform's own transactions (2201, 2204, 2207): an order is the settlement of
 * a visit. [F: T]
 */

import { compactTime } from '../domain/day.ts'
import { type Fen, sumOfFen, yuanFromFen } from '../domain/money.ts'
import { billOf, splitOf } from './bill.ts'
import type { SettlementRow } from './book.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { moneyOf, requiredText, rowsOf, sectionOf, textOf } from './fields.ts'
import { removeBatch, uploadOutpatientLines } from './lines.ts'
import { changeOrder, type Order, orderIn, ordersToNotice } from './orders.ts'
import { type Handler, insuredOf, type Province, visitOf } from './province.ts'
import { ended, type Legs, refund } from './refund.ts'
import { booked } from './settle.ts'
import { reverseSettlement } from './undo.ts'
import { register } from './visits.ts'

/** States in which nothing is paid. */
const UNPAID: readonly string[] = ['0', '1']
/** States that are paid, wholly or with something given back. */
const PAID: readonly string[] = ['6', '8', '9', '10', '11']
/** States that are not the end. */
const UNDER_WAY: readonly string[] = ['2', '3', '4', '5']

/** `mdtrtId` as `mdtrt_id`: the centre passes on in the names of the platform. */
function inPlatformNames(row: Node): Record<string, unknown> {
  const named = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [named(name), value]))
}

function yuanText(amount: number): string {
  return yuanFromFen(amount as Fen)
}

/** 6201 费用明细上传: registers if no visit is named, uploads the lines, opens the order. */
export const uploadOrder: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const data = inPlatformNames(node)
  const { person, insurance } = insuredOf(province, message, data, requiredText(node, 'insutype'))
  if (requiredText(node, 'idNo') !== person.document || requiredText(node, 'userName') !== person.name)
    throw new Refusal('E203', '姓名或证件号码与参保信息不符')
  requiredText(node, 'ecToken')
  const named = textOf(node, 'mdtrtId')
  const visit = named === '' ? registered(province, message, data) : visitOf(province, message, data).mdtrt_id
  const batch = requiredText(node, 'chrgBchno')
  const { store } = province.book
  const isOpen = 'SELECT 1 AS found FROM orders WHERE mdtrt_id = ? AND chrg_bchno = ? AND state <> ?'
  if (store.row(isOpen, visit, batch, '12')) throw new Refusal('E504', '该收费批次已有支付订单')
  const feedetail = rowsOf({ ...message, input: node }, 'feedetailList').map((row) => ({
    ...inPlatformNames(row),
    mdtrt_id: visit,
    psn_no: person.number,
    chrg_bchno: batch,
  }))
  uploadOutpatientLines(province, { ...message, input: { feedetail } })
  const split = splitOf(province.book.lines(visit, batch))
  if (moneyOf(node, 'medfeeSumamt') !== split.total)
    throw new Refusal('E503', '医疗费总额与费用明细合计不一致')
  const serial = String(province.book.next('order')).padStart(12, '0')
  const order: Order = {
    pay_ord_id: `ORD${province.code}${serial}`,
    pay_token: `PT${province.code}${serial}`,
    med_org_ord: requiredText(node, 'medOrgOrd'),
    fixmedins_code: message.institution,
    fixmedins_name: message.institutionName,
    psn_no: person.number,
    id_no: person.document,
    user_name: person.name,
    insutype: insurance.insutype,
    med_type: requiredText(node, 'medType'),
    acct_used_flag: textOf(node, 'acctUsedFlag'),
    mdtrt_id: visit,
    chrg_bchno: batch,
    state: '1',
    setl_id: '',
    setl_type: '',
    until: null,
    ends: '',
    noticed: 1,
  }
  store.insert('orders', order)
  // The specification has no field for the registered visit; it is in the regional data. [A]
  const extData = JSON.stringify({ mdtrtId: visit })
  return { data: { payOrdId: order.pay_ord_id, payToken: order.pay_token, extData } }
}

function registered(province: Province, message: Message, data: Node): string {
  const output = register(province, { ...message, input: { data } }) as { data: { mdtrt_id: string } }
  return output.data.mdtrt_id
}

/**
 * The order named by a message, updated to the present. Another institution's order does not exist for the sender.
 */
function orderOf(province: Province, message: Message, node: Node): Order {
  const order = orderIn(province.book.store, requiredText(node, 'payOrdId'))
  if (!order || order.fixmedins_code !== message.institution) throw new Refusal('E000', '未查询到支付订单')
  const token = textOf(node, 'payToken')
  if (token !== '' && token !== order.pay_token) throw new Refusal('E203', '支付token与订单不符')
  return upToNow(province, order)
}

/** Current state of an order. */
function upToNow(province: Province, order: Order): Order {
  const { store } = province.book
  if (order.until !== null && order.until <= province.now()) {
    const isPaid = order.ends === '6'
    if (!isPaid) reverseSettlement(province, province.book.settlement(order.setl_id)!)
    changeOrder(store, order.pay_ord_id, { state: order.ends, until: null })
  }
  ended(province, order.pay_ord_id)
  return orderIn(store, order.pay_ord_id)!
}

/** What the centre asks for first, by transaction, in the order in which it tells what is missing. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  '6201': ['insutype', 'idNo', 'userName', 'ecToken', 'chrgBchno', 'medOrgOrd', 'medType'],
  '6202': ['payOrdId', 'payToken'],
  '6203': ['payOrdId', 'ecToken', 'refdType'],
  '6301': ['payToken', 'payOrdId', 'idNo', 'userName'],
  '6401': ['payToken', 'payOrdId'],
}

/** Whether a transaction is about an order, and so the business of the centre. */
export function isOfOrder({ transaction }: Message): boolean {
  return transaction in ASKED
}

/** @throws {Refusal} naming the first field that a message about an order lacks */
export function requireOrderFields(message: Message): void {
  const node = sectionOf(message, 'data')
  for (const field of ASKED[message.transaction] ?? []) requiredText(node, field)
}

/** 6202 支付下单: settles the bill of the order. Told to linger, it is done only later, and says so by its state. */
export const payOrder: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const order = orderOf(province, message, node)
  requiredText(node, 'payToken')
  const visit = textOf(node, 'mdtrtId')
  if (visit !== '' && visit !== order.mdtrt_id) throw new Refusal('E203', '就诊ID与订单不符')
  if (UNDER_WAY.includes(order.state)) throw new Refusal('E504', '该订单正在支付，请勿重复支付')
  if (PAID.includes(order.state) || order.state === '7')
    throw new Refusal('E504', '该订单已支付，不能重复支付')
  if (!UNPAID.includes(order.state)) throw new Refusal('E000', '该订单已撤销或已失效')
  const { setl_id } = booked(province, message, billFor(province, message, order)).head
  const linger = province.orderFaults?.takeLinger()
  const until = linger ? province.now() + linger.ms : null
  const state = linger ? linger.state : '6'
  const change = { state, setl_id: String(setl_id), until, ends: linger?.ends ?? '', noticed: linger ? 0 : 1 }
  changeOrder(province.book.store, order.pay_ord_id, change)
  return {
    data: {
      payOrdId: order.pay_ord_id,
      ordStas: state,
      ...amountsOf(province, String(setl_id)),
      extData: '',
    },
  }
}

function billFor(province: Province, message: Message, order: Order) {
  const split = splitOf(province.book.lines(order.mdtrt_id, order.chrg_bchno))
  const { psn_no, insutype, mdtrt_id, chrg_bchno, med_type, acct_used_flag } = order
  const data = {
    ...{ psn_no, insutype, mdtrt_id, chrg_bchno, med_type, acct_used_flag, mdtrt_cert_type: '01' },
    medfee_sumamt: yuanText(split.total),
    fulamt_ownpay_amt: yuanText(split.selfPaid),
    overlmt_selfpay: yuanText(split.overLimit),
    preselfpay_amt: yuanText(split.firstSelfPay),
    inscp_scp_amt: yuanText(split.inScope),
  }
  return billOf(province, { ...message, input: { data } }, 'outpatient', true)
}

/** Shares in yuan with two decimals. Amounts borne by the hospital belong to no leg and are not supported. [A] */
function amountsOf(province: Province, settlement: string): Record<string, string> {
  const { total, fund, account, cash } = province.book.settlement(settlement)!
  return {
    feeSumamt: yuanText(total),
    ownPayAmt: yuanText(cash),
    psnAcctPay: yuanText(account),
    fundPay: yuanText(fund),
  }
}

/** 6203 医保退费. */
export const refundOrder: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const order = orderOf(province, message, node)
  requiredText(node, 'ecToken')
  if (!PAID.includes(order.state)) throw new Refusal('E000', '该订单未支付或已全部退费，不能退费')
  const legs = legsOf(node)
  const paid = province.book.settlement(order.setl_id)!
  const refdSn = `RF${province.code}${String(province.book.next('refund')).padStart(12, '0')}`
  const how = { kind: requiredText(node, 'refdType'), serial: requiredText(node, 'appRefdSn') }
  const status = refund(province, message, { order, paid, legs, ...how })
  const at = compactTime(province.now())
  const data = {
    refdSn,
    hiFefdSn: refdSn,
    hiTrnsDate: at.slice(0, 8),
    hiTrnsTime: at.slice(8),
    refStatus: status,
  }
  return { data: { ...data, extData: '' } }
}

function legsOf(node: Node): Legs {
  const leg = (field: string) => moneyOf(node, field) ?? (0 as Fen)
  const legs = { fund: leg('fundRefdAmt'), account: leg('psnAcctRefdAmt'), cash: leg('cashRefdAmt') }
  if (moneyOf(node, 'totlRefdAmt') !== sumOfFen([legs.fund, legs.account, legs.cash]))
    throw new Refusal('E503', '总退费金额与各项退费金额之和不一致')
  return legs
}

/**
 * 6301 医保订单结算结果查询. Anyone who can name the order's person gets an answer; an unpaid order has no amounts. [F: H4]
 */
export const queryOrder: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  requiredText(node, 'payToken')
  const order = orderOf(province, message, node)
  const isOwn =
    requiredText(node, 'idNo') === order.id_no && requiredText(node, 'userName') === order.user_name
  if (!isOwn) throw new Refusal('E203', '姓名或证件号码与订单不符')
  return { data: { ...shown(province, order), ordStas: order.state, orgCodg: order.fixmedins_code } }
}

function shown(province: Province, order: Order): Record<string, string> {
  const settled = order.setl_id === '' ? undefined : province.book.settlement(order.setl_id)
  return {
    payOrdId: order.pay_ord_id,
    callType: '02',
    medOrgOrd: order.med_org_ord,
    traceTime: compactTime((settled?.at ?? province.now()) as Parameters<typeof compactTime>[0]),
    orgName: order.fixmedins_name,
    setlType: 'ALL',
    ...(settled && amountsOf(province, order.setl_id)),
    revsToken: order.state === '6' ? `RT${order.pay_ord_id.slice(3)}` : '',
    extData: '',
  }
}

/** 6401 费用明细上传撤销, while nothing is paid: the lines go with the order. */
export const revokeOrder: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  requiredText(node, 'payToken')
  const order = orderOf(province, message, node)
  if (!UNPAID.includes(order.state)) throw new Refusal('E504', '该订单已支付、正在支付或已撤销，不能撤销')
  const { psn_no, mdtrt_id, chrg_bchno } = order
  removeBatch(province, { ...message, input: { data: { psn_no, mdtrt_id, chrg_bchno } } })
  changeOrder(province.book.store, order.pay_ord_id, { state: '12' })
  return { data: { success: true } }
}

/** A notice that is due: 6302 as the centre sends it to the hospital of an order that lingered and is paid by now. */
export interface Notice {
  readonly institution: string
  readonly institutionName: string
  readonly treatmentArea: string
  readonly insuredArea: string
  readonly input: { readonly data: Readonly<Record<string, string>> }
}

/** Takes the notices that are due. */
export function takeNotices(province: Province): Notice[] {
  return ordersToNotice(province.book.store).flatMap((order) => {
    const now = upToNow(province, order)
    if (now.state !== '6') return []
    changeOrder(province.book.store, now.pay_ord_id, { noticed: 1 })
    return [noticeOf(province, now, province.book.settlement(now.setl_id)!)]
  })
}

function noticeOf(province: Province, order: Order, settled: SettlementRow): Notice {
  const { ownPayAmt, orgCodg: _, ...told } = shown(province, order) as Record<string, string>
  const at = told.traceTime ?? ''
  const serials = { hiChrgTime: at.slice(8), hiDocSn: settled.setl_id, hiRgstSn: settled.mdtrt_id }
  return {
    institution: order.fixmedins_code,
    institutionName: order.fixmedins_name,
    treatmentArea: settled.treatment_area,
    insuredArea: settled.insured_area,
    // The text spells the cash otherwise here. [F: T]
    input: { data: { ...told, ...serials, ownpayAmt: ownPayAmt ?? '' } },
  }
}
