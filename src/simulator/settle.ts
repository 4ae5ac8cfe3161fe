/** Trials, settlements and their query: 2206 2207 outpatient, 2303 2304 inpatient, 5203. */

import { asFen } from '../domain/money.ts'
import { settlementFault } from '../domain/settlement.ts'
import { type Bill, billOf, unsettledOf } from './bill.ts'
import type { SettlementRow, Visit } from './book.ts'
import { type Message, Refusal } from './envelope.ts'
import { drawFamily, familyPart } from './family.ts'
import { sectionOf, textOf } from './fields.ts'
import { type Handler, insuredOf, type Province } from './province.ts'
import { requireNotSelfPaid } from './self-paid.ts'
import { sellSettled } from './sold-codes.ts'
import { queriedOutput, settledOutput, type WireSettlement, wireOf } from './wire.ts'

/** A settlement id: city of the insured place, S, a number. */
export function settlementId(province: Province, insuredArea: string): string {
  return `${insuredArea.slice(0, 4)}00S${String(province.book.next('settlement')).padStart(13, '0')}`
}

function tried(province: Province, message: Message, kind: Visit['kind']): unknown {
  const bill = billOf(province, message, kind, false)
  return settledOutput(wireOf(province, bill, province.now(), null, message.id))
}

/** 2206 门诊预结算. Books nothing. */
export const tryOutpatient: Handler = (province, message) => tried(province, message, 'outpatient')

/** 2303 住院预结算. Books nothing. */
export const tryInpatient: Handler = (province, message) => tried(province, message, 'inpatient')

function settled(province: Province, message: Message, kind: Visit['kind']): unknown {
  const wire = booked(province, message, billOf(province, message, kind, true))
  sellSettled(province, message, wire.head)
  return settledOutput(wire)
}

/** Books a bill that was calculated: its row, what it used of the year, what the account paid. */
export function booked(province: Province, message: Message, bill: Bill): WireSettlement {
  const { visit, batch, insured, benefit } = bill
  requireNotSelfPaid(province, visit)
  const fault = settlementFault(benefit.settlement)
  if (fault) throw new Error(`Refusing to book: ${fault}`)
  const at = province.now()
  const { year } = bill
  const id = settlementId(province, insured.insurance.area)
  const wire = wireOf(province, bill, at, id, message.id)
  const { fund, person, account, cash, hospital, split } = benefit.settlement
  const row: Omit<SettlementRow, 'serial'> = {
    setl_id: id,
    msgid: message.id,
    infno: message.transaction,
    init_setl_id: null,
    mdtrt_id: visit.mdtrt_id,
    chrg_bchno: batch,
    psn_no: visit.psn_no,
    insutype: visit.insutype,
    insured_area: visit.insured_area,
    treatment_area: visit.treatment_area,
    fixmedins_code: visit.fixmedins_code,
    state: 'settled',
    total: split.total,
    fund,
    person,
    account,
    cash,
    hospital,
    year,
    at,
    used: JSON.stringify(benefit.used),
    wire: JSON.stringify(wire),
  }
  const taken = bill.midway ? unsettledOf(province, visit) : []
  province.book.store.insert('settlements', row)
  province.book.accumulate(visit.psn_no, visit.insutype, year, benefit.used, 1)
  const family = familyPart(bill)
  province.book.draw(visit.psn_no, visit.insutype, asFen(account - family))
  drawFamily(province, visit.psn_no, family)
  if (bill.midway) for (const line of taken) province.book.moveLine(line, batch)
  return wire
}

/** 2207 门诊结算. */
export const settleOutpatient: Handler = (province, message) => settled(province, message, 'outpatient')

/** 2304 住院结算. */
export const settleInpatient: Handler = (province, message) => settled(province, message, 'inpatient')

/**
 * 5203 结算信息查询. With an empty `setl_id` it answers the latest row of the visit that was not reversed, as clients of
 * Hunan and Hainan ask after a time-out; `chrg_bchno` narrows it to one batch. A settlement that was cancelled carries
 * `refd_setl_flag` 1, as its negative row does.
 */
export const querySettlement: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const { person } = insuredOf(province, message, node, '')
  const [id, visitId] = [textOf(node, 'setl_id'), textOf(node, 'mdtrt_id')]
  const row = id ? province.book.settlement(id) : province.book.latestOf(visitId, textOf(node, 'chrg_bchno'))
  const visit = row && province.book.visit(row.mdtrt_id)
  const isOwn = row?.fixmedins_code === message.institution && row.psn_no === person.number
  if (!visit || !isOwn || row.mdtrt_id !== visitId || row.state === 'reversed') {
    throw new Refusal('E000', '未查询到结算记录')
  }
  const refunded = row.init_setl_id !== null || province.book.cancellationOf(row.setl_id) !== undefined
  const level = { community: '1', level1: '1', level2: '2', level3: '3', level3_top: '3' }[
    province.levelOf(row.fixmedins_code)
  ]
  return queriedOutput(row, visit, level, refunded)
}
