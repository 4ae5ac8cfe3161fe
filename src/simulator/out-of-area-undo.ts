/** Undoing purchases out of area: 2167 cancels what is not paid, 2163 gives back what is, 2181 reverses what was not known. */
import { asFen } from '../domain/money.ts'
import { type Message, Refusal } from './envelope.ts'
import { requiredText, yuan } from './fields.ts'
import { insuredOfOrder, requirePharmacy } from './out-of-area.ts'
import { withdrawDispensing } from './prescription.ts'
import type { Handler, Province } from './province.ts'
import { bookedRow, move, orderOf, type PurchaseOrder } from './purchase-order.ts'
import { settlementId } from './settle.ts'

/** A row that undoes another, with the amounts given. */
function bookUndoing(province: Province, message: Message, order: PurchaseOrder, amounts: number[]): void {
  const { book } = province
  const { insurance } = insuredOfOrder(province, order)
  const [total = 0, account = 0, cash = 0] = amounts.map((amount) => asFen(0 - amount))
  book.store.insert('settlements', {
    ...bookedRow(message, order, insurance, province.now()),
    ...{ setl_id: settlementId(province, insurance.area), init_setl_id: order.setl_id },
    ...{ total, person: total, account, cash },
  })
}

const NO_MONEY = [0, 0, 0]

/** 2167 异地就医购药取消订单. */
export const cancelOrder: Handler = (province, message) => {
  requirePharmacy(message)
  const order = orderOf(province, message)
  if (order.state === 'paid') throw new Refusal('E504', '参保人已付款，不能取消订单，请办理退费')
  if (order.state !== 'pushed') throw new Refusal('E504', '订单已取消或已退费，不能重复取消')
  move(province.book, order, 'cancelled')
  bookUndoing(province, message, order, NO_MONEY)
  return null
}

/** 2163 异地就医购药退费. */
export const refundPurchase: Handler = (province, message) => {
  requirePharmacy(message)
  const order = orderOf(province, message)
  if (order.state === 'pushed') throw new Refusal('E000', '参保人尚未付款，请办理取消订单')
  if (order.state !== 'paid') throw new Refusal('E504', '该笔购药已退费或已冲正，不能重复退费')
  const { person, insurance } = insuredOfOrder(province, order)
  province.book.draw(person.number, insurance.insutype, -order.account)
  move(province.book, order, 'refunded')
  withdrawDispensing(province.book, order.setl_id)
  bookUndoing(province, message, order, [order.total, order.account, order.cash])
  return {
    medfee_sumamt: yuan(asFen(0 - order.total)),
    psn_cashpay: yuan(asFen(0 - order.cash)),
    acct_payamt: yuan(asFen(0 - order.account)),
    ...{ certno: order.ssn, psn_name: person.name, gend: person.gender, brdy: person.birth },
    ...{ psn_type: insurance.psnType, insutype: insurance.insutype, prmmsg: '' },
  }
}

/** Reverses the order, paid or not: it is as if there had been none. */
function reverseOrder(province: Province, order: PurchaseOrder): void {
  if (order.state !== 'pushed' && order.state !== 'paid') {
    if (order.state === 'reversed') return
    throw new Refusal('E504', '该笔购药已取消或已退费，不能冲正')
  }
  const { person, insurance } = insuredOfOrder(province, order)
  if (order.state === 'paid') province.book.draw(person.number, insurance.insutype, -order.account)
  move(province.book, order, 'reversed')
  province.book.markReversed(order.setl_id)
  withdrawDispensing(province.book, order.setl_id)
}

/** Reverses a refund: the purchase stands again. */
function reverseRefund(province: Province, order: PurchaseOrder): void {
  if (order.state === 'paid') return
  if (order.state !== 'refunded') throw new Refusal('E000', '该笔购药没有退费，不能冲正退费')
  const { person, insurance } = insuredOfOrder(province, order)
  province.book.draw(person.number, insurance.insutype, order.account)
  move(province.book, order, 'paid')
  province.book.markReversed(province.book.cancellationOf(order.setl_id)!.setl_id)
}

/** What a reversal is about: the number of the transaction that it undoes. [A: the text names no set for `status`] */
const REVERSALS: Readonly<Record<string, (province: Province, order: PurchaseOrder) => void>> = {
  '2166': reverseOrder,
  '2163': reverseRefund,
}

/** 2181 冲正交易, of this family alone. Reversing what is reversed is no fault. */
export const reversePurchase: Handler = (province, message) => {
  requirePharmacy(message)
  const order = orderOf(province, message)
  if (requiredText(message.input, 'ssn') !== order.ssn) throw new Refusal('E203', '社会保障号码与原交易不符')
  const undo = REVERSALS[requiredText(message.input, 'status')]
  if (!undo) throw new Refusal('E000', '冲正业务类型status须为2166或2163')
  undo(province, order)
  return null
}
