/** Purchases at a pharmacy: 2101 trial, 2102 settlement, which opens its visit, uploads its lines and settles them. */
import { knownLane } from '../domain/lane.ts'
import { type Bill, calculated, splitOf } from './bill.ts'
import type { Line, Visit } from './book.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { moneyOf, requiredText, rowsOf, sectionOf, textOf, timeOf, treatmentOf } from './fields.ts'
import { splitNode } from './lines.ts'
import { type Handler, insuredOf, type Province, requireActive } from './province.ts'
import { booked } from './settle.ts'
import { sellSettled } from './sold-codes.ts'
import { visitId } from './visits.ts'
import { settledOutput, wireOf } from './wire.ts'

/** Lines of one purchase. */
const MAX_LINES = 1000

/** Charge types of drugs `med_chrgitm_type`: western, herbal, patent. */
const DRUGS: readonly string[] = ['09', '10', '11']

/** A purchase that was calculated; nothing of it is booked. */
interface Purchase {
  readonly bill: Bill
  readonly lines: readonly Line[]
  /** How the lines were split, `detlcutinfo`. */
  readonly split: readonly unknown[]
}

/** @throws {Refusal} E601 where a purchase is of no category that is settled at a pharmacy */
function laneOf(category: string) {
  const lane = knownLane(category)
  if (lane !== 'pharmacy' && lane !== 'chronic') throw new Refusal('E000', '医疗类别与交易不符')
  return lane
}

function visitFor(province: Province, message: Message, node: Node, id: string): Visit {
  const { person, insurance } = insuredOf(province, message, node, requiredText(node, 'insutype'))
  return {
    mdtrt_id: id,
    msgid: message.id,
    kind: 'pharmacy',
    psn_no: person.number,
    insutype: insurance.insutype,
    insured_area: insurance.area,
    treatment_area: treatmentOf(message),
    fixmedins_code: message.institution,
    fixmedins_name: message.institutionName,
    ipt_otp_no: '',
    med_type: requiredText(node, 'med_type'),
    dise_codg: textOf(node, 'dise_codg'),
    begins: timeOf(node, 'begntime', province.now()),
    ends: null,
    emergency: 0,
    state: 'open',
    details: '{}',
  }
}

/** Splits the lines. Only drugs are sold; services and consumables are not. [A] */
function soldOf(province: Province, message: Message, visit: Visit) {
  const nodes = rowsOf(message, 'drugdetail')
  if (nodes.length > MAX_LINES) throw new Refusal('E000', `一次最多上传${MAX_LINES}条明细`)
  const lines: Line[] = []
  const split: unknown[] = []
  for (const node of nodes) {
    const { line, item, answer } = splitNode(province, visit, lines, node, '')
    if (!DRUGS.includes(item.chargeType))
      throw new Refusal('E501', `明细${line.feedetl_sn}的医疗目录编码不是药品`)
    lines.push(line)
    split.push(answer)
  }
  return { lines, split }
}

/**
 * Calculates a purchase.
 *
 * @param id of its visit; empty for a trial, which opens none
 * @throws {Refusal} in the order: pharmacy, person, category, lines and sum, filing, chronic entitlement
 */
function purchaseOf(province: Province, message: Message, id: string): Purchase {
  if (!message.institution.startsWith('P'))
    throw new Refusal('E301', '该机构不是定点零售药店，未开通药店结算')
  const node = sectionOf(message, 'druginfo')
  const insured = insuredOf(province, message, node, requiredText(node, 'insutype'))
  requireActive(insured)
  const visit = visitFor(province, message, node, id)
  const lane = laneOf(visit.med_type)
  const { lines, split } = soldOf(province, message, visit)
  const sums = splitOf(lines)
  if (moneyOf(node, 'medfee_sumamt') !== sums.total)
    throw new Refusal('E503', '医疗费总额与费用明细合计不一致')
  if (sums.inScope < 0) throw new Refusal('E503', '退费明细超过费用明细')
  const charged = { visit, batch: '', category: visit.med_type, lane, disease: visit.dise_codg, split: sums }
  return { bill: calculated(province, insured, node, charged), lines, split }
}

/** 2101 药店预结算. Books nothing, and opens no visit. */
export const tryPurchase: Handler = (province, message) => {
  const { bill, split } = purchaseOf(province, message, '')
  const wire = wireOf(province, bill, province.now(), null, message.id)
  return { ...settledOutput(wire), detlcutinfo: split }
}

/** 2102 药店结算. */
export const settlePurchase: Handler = (province, message) => {
  const id = visitId(province, treatmentOf(message), 'Y')
  const { bill, lines, split } = purchaseOf(province, message, id)
  province.book.store.insert('visits', bill.visit)
  for (const line of lines) province.book.store.insert('lines', line)
  const wire = booked(province, message, bill)
  sellSettled(province, message, wire.head)
  return { ...settledOutput(wire), detlcutinfo: split }
}
