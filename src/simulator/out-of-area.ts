/**
 * Purchases out of area: 2161 person, 2166 order, 2170 and 2171 queries. An order is pushed to the phone of the person, who
 * pays when the pharmacy has asked once in vain, unless a fault leaves it unpaid.
 */
import { parseArea, relationOf } from '../domain/area.ts'
import { asFen, decimalOf, lineAmount, PRICE, QUANTITY, sumOfFen } from '../domain/money.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { moneyOf, requiredText, rowsOf, textOf, treatmentOf, yuan } from './fields.ts'
import { type Handler, type Insured, type Province, requireActive } from './province.ts'
import { bookedRow, inputOf, ordersOf, type PurchaseOrder, pay, requireUnused } from './purchase-order.ts'
import { settlementId } from './settle.ts'
import { visitId } from './visits.ts'

/** Lines of one order. */
const MAX_LINES = 1000

/** Mark of a place: within the province, from another one. Set `out_type` of the text. */
const OUT_TYPES = { local: '0', intra: '1', cross: '2' } as const

/** @throws {Refusal} E301 where the sender is no pharmacy */
export function requirePharmacy({ institution }: Message): void {
  if (!institution.startsWith('P')) throw new Refusal('E301', '该机构不是定点零售药店，未开通异地就医购药')
}

/** The person with a citizen number, insured in the stated place. @throws {Refusal} E201 */
function buyerOf(province: Province, { input }: Message): Insured {
  const ssn = requiredText(input, 'ssn')
  const place = requiredText(input, 'insuplc')
  for (const person of province.people.values()) {
    if (person.document !== ssn) continue
    const insurance = person.insurance.find(({ area }) => area.slice(0, 4) === place.slice(0, 4))
    if (!insurance) throw new Refusal('E201', '参保地统筹区与参保信息不符')
    return { person, insurance }
  }
  throw new Refusal('E201', '未查询到参保信息')
}

/** Fields about the person in every answer. */
function personNode({ person, insurance }: Insured): Node {
  return {
    ...{ psn_name: person.name, gend: person.gender, brdy: person.birth },
    ...{ psn_type: insurance.psnType, insutype: insurance.insutype },
  }
}

/** 2161 异地就医购药获取人员信息. */
export const identifyBuyer: Handler = (province, message) => {
  requirePharmacy(message)
  const insured = buyerOf(province, message)
  const { person, insurance } = insured
  const balance = province.book.balance(person.number, insurance.insutype, insurance.opening)
  return {
    ...{ psn_no: person.number, ssn: person.document, emp_name: '' },
    ...personNode(insured),
    insuplc_admdvs: insurance.area,
    outmed_fundmgt_optins_fulname: '参保地医疗保障经办机构（虚构）',
    acct_balc: yuan(balance),
  }
}

/** Refuses lines that are not price times count within a fen, or do not add up to the total. [F: T, 2166] */
function requireSums(message: Message): void {
  const lines = rowsOf(message, 'feedetl')
  if (lines.length > MAX_LINES) throw new Refusal('E000', `一次最多上传${MAX_LINES}条明细`)
  const amounts = lines.map((line) => {
    const amount = moneyOf(line, 'amt')
    const product = productOf(line)
    if (amount === null || product === null || Math.abs(product - amount) > 1)
      throw new Refusal('E503', `明细${textOf(line, 'feedetl_sn')}的金额与单价乘数量不符`)
    return amount
  })
  const total = moneyOf(message.input, 'medfee_sumamt')
  if (total === null || total <= 0 || sumOfFen(amounts) !== total)
    throw new Refusal('E503', '医疗费总额与费用明细合计不一致')
}

function productOf(line: Node): number | null {
  try {
    return lineAmount(
      decimalOf(requiredText(line, 'pric'), PRICE),
      decimalOf(requiredText(line, 'cnt'), QUANTITY),
    )
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** 2166 异地就医购药试算: the order is pushed to the phone of the person. */
export const orderPurchase: Handler = (province, message) => {
  requirePharmacy(message)
  const { input, institution } = message
  const insured = buyerOf(province, message)
  const { person, insurance } = insured
  if (textOf(input, 'psn_no') !== person.number) throw new Refusal('E203', '人员与社会保障号码不符')
  requireActive(insured)
  const treatment = treatmentOf(message)
  if (relationOf(insurance.area, treatment) === 'local')
    throw new Refusal('E000', '参保人在本统筹区参保，请办理药店结算')
  requiredText(input, 'ec_token')
  const mdtrtsn = requiredText(input, 'mdtrtsn')
  requireUnused(province, institution, mdtrtsn)
  requireSums(message)
  const order: PurchaseOrder = {
    mdtrt_regno: visitId(province, treatment, 'Y'),
    ...{ fixmedins_code: institution, mdtrtsn, psn_no: person.number, ssn: person.document },
    setl_id: settlementId(province, insurance.area),
    state: 'pushed',
    answers: province.leavesUnpaid?.() ? 0 : 1,
    looked: 0,
    total: moneyOf(input, 'medfee_sumamt')!,
    ...{ account: asFen(0), cash: asFen(0), at: province.now(), input: JSON.stringify(input) },
  }
  province.book.store.insert('purchase_orders', order)
  province.book.store.insert('settlements', bookedRow(message, order, insurance, province.now()))
  return { mdtrt_regno: order.mdtrt_regno, prmmsg: '订单已推送，请参保人在手机上确认付款', push_flag: '1' }
}

/** Who has ordered. */
export function insuredOfOrder(province: Province, order: PurchaseOrder): Insured {
  const person = province.people.get(order.psn_no)!
  const { insutype } = inputOf(order)
  const insurance = person.insurance.find((own) => own.insutype === insutype) ?? person.insurance[0]!
  return { person, insurance }
}

/** What both queries say of an order. */
function shownOrder(province: Province, order: PurchaseOrder): Node {
  const { feedetl, insuplc, mdtrtarea } = inputOf(order)
  return {
    ...{ medfee_sumamt: yuan(order.total), mdtrt_regno: order.mdtrt_regno },
    ...{ fixmedins_code: order.fixmedins_code, insuplc, mdtrtarea, certno: order.ssn },
    ...personNode(insuredOfOrder(province, order)),
    feedetl,
  }
}

/** Nothing, the only one, or all of them. */
const told = (rows: readonly Node[]) => (rows.length > 1 ? rows : (rows[0] ?? null))

/** 2170 异地就医购药订单查询: orders that wait for the person. */
export const queryOrders: Handler = (province, message) => {
  requirePharmacy(message)
  const waiting = ordersOf(province, message).filter(({ state }) => state === 'pushed')
  return told(
    waiting.map((order) => {
      const { dscg_date, fixmedins_name } = inputOf(order)
      return { ...shownOrder(province, order), dscg_date, fixmedins_name }
    }),
  )
}

/** What the person has paid, a refund with its amounts turned. */
function shownPayment(province: Province, order: PurchaseOrder): Node {
  const sign = order.state === 'refunded' ? -1 : 1
  const { area } = insuredOfOrder(province, order).insurance
  const place = parseArea(String(inputOf(order).mdtrtarea))
  return {
    ...shownOrder(province, order),
    medfee_sumamt: yuan(asFen(sign * order.total)),
    psn_cashpay: yuan(asFen(sign * order.cash)),
    acct_payamt: yuan(asFen(sign * order.account)),
    ssn: order.ssn,
    out_type: OUT_TYPES[relationOf(area, place)],
  }
}

/** Queried days of a purchase; open ends if not given. */
function isWithin(order: PurchaseOrder, { input }: Message): boolean {
  const day = textOf(inputOf(order), 'dscg_date').slice(0, 10)
  const [from, until] = [textOf(input, 'start_date'), textOf(input, 'end_date')].map((at) => at.slice(0, 10))
  return (from === '' || day >= from!) && (until === '' || day <= until!)
}

/** 2171 异地就医购药结算信息查询. Whoever was asked for once in vain pays now. */
export const queryPayments: Handler = (province, message) => {
  requirePharmacy(message)
  const asked = ordersOf(province, message).filter((order) => isWithin(order, message))
  const settled = asked.filter(({ state }) => state === 'paid' || state === 'refunded')
  for (const order of asked) {
    if (order.state !== 'pushed' || order.answers === 0) continue
    if (order.looked > 0) pay(province, order, insuredOfOrder(province, order))
    else
      province.book.store.run(
        'UPDATE purchase_orders SET looked = looked + 1 WHERE mdtrt_regno = ?',
        order.mdtrt_regno,
      )
  }
  return told(settled.map((order) => shownPayment(province, order)))
}
