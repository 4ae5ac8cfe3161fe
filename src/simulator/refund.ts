/** Books refunds of an order: the legs returned, one that fails, and the resulting state. */
import { asFen, type Fen, sumOfFen } from '../domain/money.ts'
import type { SettlementRow } from './book.ts'
import { type Message, Refusal } from './envelope.ts'
import { changeOrder, type Order, type Refund, refundsOf } from './orders.ts'
import type { Province } from './province.ts'
import { settlementId } from './settle.ts'
import { use } from './undo.ts'

/** Who gets what back, in fen. */
export interface Legs {
  readonly fund: Fen
  readonly account: Fen
  readonly cash: Fen
}

/** A refund that is asked for. */
interface Asked {
  readonly order: Order
  readonly paid: SettlementRow
  readonly legs: Legs
  /** `refdType`. */
  readonly kind: string
  readonly serial: string
}

/**
 * Books a refund. @returns `refStatus`: SUCC, or EXP if one leg failed @throws {Refusal} if more is requested than
 * was paid
 */
export function refund(province: Province, message: Message, asked: Asked): 'SUCC' | 'EXP' {
  const { order, paid, legs, kind, serial } = asked
  const before = refundsOf(province.book.store, order.pay_ord_id)
  if (before.some((one) => one.app_refd_sn === serial)) throw new Refusal('E504', '应用退款流水号重复')
  if (before.some((one) => one.half === 1)) throw new Refusal('E504', '该订单有退费尚未办结，请先查询')
  checkLegs(asked, before)
  const half = kind === 'ALL' && legs.cash > 0 ? (province.orderFaults?.takeHalf() ?? null) : null
  const done: Legs = half ? { ...legs, cash: asFen(0) } : legs
  const id = bookRow(province, message, paid, done)
  if (kind !== 'CASH') use(province, paid, -1)
  const until = half === null ? null : province.now() + half.ms
  province.book.store.insert('refunds', {
    ...{ app_refd_sn: serial, pay_ord_id: order.pay_ord_id, setl_id: id, kind },
    ...{ total: totalOf(legs), ...legs, half: half ? 1 : 0, until, ends: half?.ends ?? '' },
  })
  changeOrder(province.book.store, order.pay_ord_id, { state: half ? '8' : stateOf(province, order, paid) })
  return half ? 'EXP' : 'SUCC'
}

const totalOf = ({ fund, account, cash }: Legs) => sumOfFen([fund, account, cash])

/** No leg gives back more than it took; insurance goes back as a whole. */
function checkLegs({ paid, legs, kind }: Asked, before: readonly Refund[]): void {
  const back = before.reduce((sum, one) => sum + one.cash, 0)
  const isInsuranceBack = before.some((one) => one.kind !== 'CASH')
  const isInsurance = legs.fund === paid.fund && legs.account === paid.account
  const fits = {
    ALL: before.length === 0 && isInsurance && legs.cash === paid.cash,
    HI: !isInsuranceBack && isInsurance && legs.cash === 0,
    CASH: legs.fund === 0 && legs.account === 0 && legs.cash > 0 && legs.cash <= paid.cash - back,
  }[kind]
  if (fits === undefined) throw new Refusal('E000', 'refdType不在取值范围内')
  if (!fits) throw new Refusal('E503', '退费金额与订单可退金额不符')
}

/** The negative row of what goes back. */
function bookRow(province: Province, message: Message, paid: SettlementRow, legs: Legs): string {
  const id = settlementId(province, paid.insured_area)
  const { serial: _, ...copied } = paid
  province.book.store.insert('settlements', {
    ...copied,
    ...{ setl_id: id, msgid: message.id, infno: message.transaction, init_setl_id: paid.setl_id },
    ...amounts(legs),
    at: province.now(),
    used: '{}',
    wire: paid.wire,
  })
  return id
}

function amounts(legs: Legs) {
  const { fund, account, cash } = legs
  const turned = (amount: number) => 0 - amount
  return {
    ...{ total: turned(totalOf(legs)), fund: turned(fund), person: turned(account + cash) },
    ...{ account: turned(account), cash: turned(cash), hospital: 0 },
  }
}

/** The state of an order by what was given back of it. */
function stateOf(province: Province, { pay_ord_id }: Order, paid: SettlementRow): string {
  const all = refundsOf(province.book.store, pay_ord_id)
  if (all.length === 0) return '6'
  const back = all.reduce((sum, one) => sum + one.cash, 0)
  const isInsurance = all.some((one) => one.kind !== 'CASH')
  const isCash = back === paid.cash
  if (isInsurance) return isCash ? '7' : back === 0 ? '8' : '11'
  return isCash ? '9' : '10'
}

/** Finishes refunds that are due: the other leg follows, or the first is taken back. */
export function ended(province: Province, order: string): void {
  const { store } = province.book
  for (const one of refundsOf(store, order)) {
    if (one.half === 0 || one.until === null || one.until > province.now()) continue
    const paid = province.book.settlement(province.book.settlement(one.setl_id)!.init_setl_id!)!
    if (one.ends === '6') {
      province.book.markReversed(one.setl_id)
      use(province, paid, 1)
      store.run('DELETE FROM refunds WHERE pay_ord_id = ? AND app_refd_sn = ?', order, one.app_refd_sn)
    } else {
      const { total, fund, person, account, cash } = amounts(one as unknown as Legs)
      const sql =
        'UPDATE settlements SET total = ?, fund = ?, person = ?, account = ?, cash = ? WHERE setl_id = ?'
      store.run(sql, total, fund, person, account, cash, one.setl_id)
      store.run(
        'UPDATE refunds SET half = 0 WHERE pay_ord_id = ? AND app_refd_sn = ?',
        order,
        one.app_refd_sn,
      )
    }
    changeOrder(store, order, { state: one.ends })
  }
}
