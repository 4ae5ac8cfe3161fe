/** Undoing: cancellations 2208, 2305 and 2103, reversal 2601. */

import { shanghaiTime } from '../domain/day.ts'
import { asFen } from '../domain/money.ts'
import type { Accumulators } from './benefit-types.ts'
import type { SettlementRow } from './book.ts'
import { type Message, Refusal } from './envelope.ts'
import { drawFamily, familyPartOf } from './family.ts'
import { requiredText, sectionOf, yuan } from './fields.ts'
import { sumOf } from './lines.ts'
import { withdrawDispensing } from './prescription.ts'
import { type Handler, insuredOf, type Province } from './province.ts'
import { settlementId } from './settle.ts'
import { giveBackSettled, sellAgain } from './sold-codes.ts'
import { cancelledOutput, cancelledWire, type WireSettlement } from './wire.ts'

/** The last settlement of a stay is undone first: what came later was calculated on what came before. [A] @throws {Refusal} E504 */
function requireLast({ book }: Province, row: SettlementRow): void {
  if (row.infno !== '2304') return
  const isLater = book.standing(row.mdtrt_id).some((other) => other.serial > row.serial)
  if (isLater) throw new Refusal('E504', '该次住院有较晚的结算，请先撤销较晚的结算')
}

/** Gives back (sign −1) or takes again (sign 1) what a settlement used. */
export function use(province: Province, original: SettlementRow, sign: 1 | -1): void {
  const { book } = province
  const used = JSON.parse(original.used) as Accumulators
  book.accumulate(original.psn_no, original.insutype, original.year, used, sign)
  const family = familyPartOf(JSON.parse(original.wire) as WireSettlement)
  book.draw(original.psn_no, original.insutype, sign * (original.account - family))
  drawFamily(province, original.psn_no, asFen(sign * family))
}

function balanceOf(province: Province, row: SettlementRow): number {
  const person = province.people.get(row.psn_no)!
  const insurance = person.insurance.find((own) => own.insutype === row.insutype)!
  return yuan(province.book.balance(row.psn_no, row.insutype, insurance.opening))
}

function standingOriginal(province: Province, message: Message, settles: string): SettlementRow {
  const node = sectionOf(message, 'data')
  const { person } = insuredOf(province, message, node, '')
  const row = province.book.settlement(requiredText(node, 'setl_id'))
  const isOwn = row?.fixmedins_code === message.institution && row.psn_no === person.number
  if (!isOwn || row.mdtrt_id !== requiredText(node, 'mdtrt_id')) throw new Refusal('E000', '未查询到结算记录')
  if (row.state === 'reversed' || row.infno !== settles) throw new Refusal('E000', '未查询到结算记录')
  if (province.book.cancellationOf(row.setl_id)) throw new Refusal('E504', '该结算已撤销，不能重复撤销')
  return row
}

/**
 * Books the negative of a settlement under a new id. The original row is not touched; accumulators of its year and the
 * personal account get back what it used.
 */
function cancelled(province: Province, message: Message, settles: '2207' | '2304' | '2102'): unknown {
  const original = standingOriginal(province, message, settles)
  requireLast(province, original)
  use(province, original, -1)
  const at = province.now()
  const id = settlementId(province, original.insured_area)
  const wire = cancelledWire(JSON.parse(original.wire) as WireSettlement, {
    setl_id: id,
    setl_time: shanghaiTime(at),
    medins_setl_id: message.id,
    balc: balanceOf(province, original),
  })
  const { serial: _serial, ...copied } = original
  province.book.store.insert('settlements', {
    ...copied,
    setl_id: id,
    msgid: message.id,
    infno: message.transaction,
    init_setl_id: original.setl_id,
    total: asFen(-original.total),
    fund: asFen(-original.fund),
    person: asFen(-original.person),
    account: asFen(-original.account),
    cash: asFen(-original.cash),
    hospital: asFen(-original.hospital),
    at,
    used: '{}',
    wire: JSON.stringify(wire),
  })
  if (settles === '2102') {
    province.book.moveLines(original.mdtrt_id, TAKEN_BACK)
    withdrawDispensing(province.book, original.setl_id)
  }
  giveBackSettled(province, original.setl_id)
  return cancelledOutput(wire, settles !== '2304')
}

/** 2208 门诊结算撤销. */
export const cancelOutpatient: Handler = (province, message) => cancelled(province, message, '2207')

/** 2305 住院结算撤销. */
export const cancelInpatient: Handler = (province, message) => cancelled(province, message, '2304')

/** 2103 药店结算撤销. The lines are taken back with the settlement. */
export const cancelPurchase: Handler = (province, message) => cancelled(province, message, '2102')

/** Batch of the lines of a purchase that was cancelled: they count no more. */
const TAKEN_BACK = 'undone'

/**
 * Reverses a settlement, which is then no longer in force. A cancelled one has no effect any more and stays as it
 * is.
 */
export function reverseSettlement(province: Province, row: SettlementRow): void {
  if (province.book.cancellationOf(row.setl_id)) return
  requireLast(province, row)
  province.book.markReversed(row.setl_id)
  use(province, row, -1)
  giveBackSettled(province, row.setl_id)
  // A visit opened by its own settlement is removed with it.
  if (row.infno !== '2102') return
  province.book.change(row.mdtrt_id, { state: 'reversed' })
  withdrawDispensing(province.book, row.setl_id)
}

/** Reverses a cancellation: the original is in force again, unless the visit has been settled since. */
function reverseCancellation(province: Province, row: SettlementRow): void {
  const original = province.book.settlement(row.init_setl_id!)!
  const isPart = original.chrg_bchno !== '' && original.infno === '2304'
  const charged = isPart ? sumOf(province.book.lines(row.mdtrt_id, row.chrg_bchno), 'total') : original.total
  const anew =
    charged !== original.total ||
    province.book
      .standing(row.mdtrt_id)
      .some((other) => other.chrg_bchno === row.chrg_bchno || (isPart && other.serial > original.serial))
  if (anew) throw new Refusal('E504', '该就诊撤销后已重新结算，不能冲正撤销')
  province.book.markReversed(row.setl_id)
  use(province, original, 1)
  sellAgain(province, original.setl_id)
  if (original.infno === '2102') province.book.moveLines(original.mdtrt_id, original.chrg_bchno)
}

function reverseAdmission(province: Province, id: string): void {
  const visit = province.book.visitOfMessage(id)
  if (!visit || visit.state === 'cancelled' || visit.state === 'reversed') return
  if (province.book.standing(visit.mdtrt_id).length > 0) {
    throw new Refusal('E504', '该住院已结算，不能冲正入院')
  }
  province.book.change(visit.mdtrt_id, { state: 'reversed' })
}

const REVERSIBLE = ['2102', '2103', '2207', '2208', '2304', '2305', '2401']

/**
 * 2601 冲正交易. Undoes what the message booked, and blocks the message, so that it is refused if it arrives (again),
 * even if it never arrived. Reversing twice is not an error; messages of another institution, person or place are
 * not reversed.
 */
export const reverse: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const { person } = insuredOf(province, message, node, '')
  const [id, transaction] = [requiredText(node, 'omsgid'), requiredText(node, 'oinfno')]
  if (!REVERSIBLE.includes(transaction)) throw new Refusal('E000', `交易${transaction}不能冲正`)
  const row = province.book.settlementOfMessage(id, transaction)
  const owner = row ?? province.book.visitOfMessage(id)
  if (owner && owner.fixmedins_code !== message.institution)
    throw new Refusal('E000', '未查询到本机构的原交易')
  if (owner && owner.psn_no !== person.number) throw new Refusal('E203', '人员编号与原交易不符')
  if (owner && owner.treatment_area !== message.treatment) throw new Refusal('E000', '就医地与原交易不符')
  if (province.book.isBuried(id, transaction)) return null
  if (row?.state === 'settled') {
    if (row.init_setl_id === null) reverseSettlement(province, row)
    else reverseCancellation(province, row)
  }
  if (transaction === '2401') reverseAdmission(province, id)
  province.book.bury(id, transaction, province.now())
  return null
}
