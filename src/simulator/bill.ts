/** From a settlement request to its benefit: whose bill, which lines, how it counts. Trials and settlements share it. */
import { parseArea } from '../domain/area.ts'
import { type Day, dayOf, type Instant } from '../domain/day.ts'
import { type Lane, laneOf } from '../domain/lane.ts'
import { ZERO } from '../domain/money.ts'
import type { BillSplit } from '../domain/settlement.ts'
import { type Benefit, calculateBenefit } from './benefit.ts'
import type { Line, Visit } from './book.ts'
import { chronicFamily } from './chronic.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { hasEmergencyMark, moneyOf, requiredText, sectionOf, textOf } from './fields.ts'
import { sumOf } from './lines.ts'
import { groupOf, type Person } from './people.ts'
import {
  type Insured,
  insuredOf,
  openVisitOf,
  type Province,
  requireActive,
  today,
  treatmentKind,
} from './province.ts'

/** A bill that has been calculated. */
export interface Bill {
  readonly insured: Insured
  readonly visit: Visit
  readonly batch: string
  readonly category: string
  readonly lane: Lane
  readonly credential: string
  readonly benefit: Benefit
}

/**
 * The families of the chronic diseases that a person is certified for.
 *
 * @param disease `dise_codg` of the visit; it must be one of the ten and certified on the day
 * @throws {Refusal} E601
 */
export function entitledFamilies(person: Person, disease: string, on: Day): string[] {
  if (disease === '') throw new Refusal('E601', '门诊慢特病须填写病种编码')
  if (chronicFamily(disease) === null) throw new Refusal('E601', '该病种不在可直接结算的十种门诊慢特病内')
  const valid = person.chronic.filter((row) => row.from <= on && on <= row.until)
  if (!valid.some((row) => row.code === disease)) throw new Refusal('E601', '未查询到该病种的门诊慢特病资格')
  return valid.map((row) => chronicFamily(row.code)).filter((family) => family !== null)
}

/** The sums of lines that were split. */
export function splitOf(lines: readonly Line[]): BillSplit {
  return {
    total: sumOf(lines, 'total'),
    selfPaid: sumOf(lines, 'self_paid'),
    overLimit: sumOf(lines, 'over_limit'),
    firstSelfPay: sumOf(lines, 'first_self_pay'),
    inScope: sumOf(lines, 'in_scope'),
  }
}

const SUMS = [
  ['fulamt_ownpay_amt', 'selfPaid'],
  ['overlmt_selfpay', 'overLimit'],
  ['preselfpay_amt', 'firstSelfPay'],
  ['inscp_scp_amt', 'inScope'],
] as const

/** Refuses a request whose amounts are not those of the uploaded lines; the four sums may be left out of a trial. */
function checkSums(node: Node, split: BillSplit, binding: boolean): void {
  if (moneyOf(node, 'medfee_sumamt') !== split.total) {
    throw new Refusal('E503', '医疗费总额与已上传费用明细合计不一致')
  }
  for (const [field, part] of SUMS) {
    const sum = moneyOf(node, field)
    if (sum === null ? binding : sum !== split[part]) {
      throw new Refusal('E503', `${field}与已上传费用明细合计不一致`)
    }
  }
}

function linesFor(province: Province, visit: Visit, batch: string, disease: string, lane: Lane): Line[] {
  const lines = province.book.lines(visit.mdtrt_id, lane === 'inpatient' ? undefined : batch)
  if (lines.length === 0) throw new Refusal('E503', '没有已上传的费用明细')
  const other = lines.some((line) => line.dise_codg !== '' && line.dise_codg !== disease)
  if (lane === 'chronic' && other) throw new Refusal('E601', '同一收费批次的病种编码不一致')
  return lines
}

/** Refuses a visit that is settled already. */
function checkNotSettled(province: Province, visit: Visit, batch: string): void {
  const standing = province.book.standing(visit.mdtrt_id)
  if (standing.some((row) => row.chrg_bchno === batch))
    throw new Refusal('E504', '该就诊已结算，不能重复结算')
}

/**
 * Calculates the bill of 2206, 2207 (outpatient), 2303, 2304 (inpatient).
 *
 * @param binding whether it will be booked: then the sums are mandatory, a stay must be discharged and nothing of it
 *   may be settled
 * @throws {Refusal} in the order: person, visit, state of the visit, lines and sums, filing, chronic entitlement
 */
export function billOf(province: Province, message: Message, kind: Visit['kind'], binding: boolean): Bill {
  const node = sectionOf(message, 'data')
  const insured = insuredOf(province, message, node, requiredText(node, 'insutype'))
  requireActive(insured)
  const visit = openVisitOf(province, message, node)
  if (visit.kind !== kind) throw new Refusal('E000', '就诊类别与交易不符')
  const category = textOf(node, 'med_type') || visit.med_type
  const lane = kind === 'inpatient' ? 'inpatient' : laneOf(category)
  if (kind === 'outpatient' && (lane === 'inpatient' || lane === 'pharmacy'))
    throw new Refusal('E000', '医疗类别与交易不符')
  const batch = kind === 'inpatient' ? '' : requiredText(node, 'chrg_bchno')
  checkNotSettled(province, visit, batch)
  if (binding && kind === 'inpatient' && visit.state !== 'discharged') {
    throw new Refusal('E000', '尚未办理出院，不能结算')
  }
  const disease = textOf(node, 'dise_codg') || visit.dise_codg
  const split = splitOf(linesFor(province, visit, batch, disease, lane))
  checkSums(node, split, binding)
  if (split.inScope < 0) throw new Refusal('E503', '退费明细超过费用明细')
  return calculated(province, insured, node, { visit, batch, category, lane, disease, split })
}

/** What is known of a bill before anybody says who pays. */
interface Charged extends Pick<Bill, 'visit' | 'batch' | 'category' | 'lane'> {
  readonly disease: string
  readonly split: BillSplit
}

/**
 * Calculates what was charged.
 *
 * @param node names the credential and whether the account may be used
 * @throws {Refusal} in the order: filing, chronic entitlement
 */
export function calculated(province: Province, insured: Insured, node: Node, charged: Charged): Bill {
  const { visit, batch, category, lane, disease, split } = charged
  const began = dayOf(visit.begins as Instant)
  const emergency = visit.emergency === 1 || hasEmergencyMark(node) || category === '24' || category === '13'
  const days = [began, today(province)]
  const outKind = treatmentKind(province, insured, parseArea(visit.treatment_area), days, emergency)
  const families = lane === 'chronic' ? entitledFamilies(insured.person, disease, began) : []
  const { person, insurance } = insured
  const usesAccount = ['1', '2'].includes(textOf(node, 'acct_used_flag'))
  const year = Number(today(province).slice(0, 4))
  const benefit = calculateBenefit({
    region: province.region,
    insurance: insurance.insutype === '310' ? 'employee' : 'resident',
    person: groupOf(insurance.psnType),
    level: province.levelOf(visit.fixmedins_code),
    kind: outKind,
    lane,
    split,
    before: province.book.accumulators(person.number, insurance.insutype, year),
    assistance: person.assistance,
    families,
    account: usesAccount ? province.book.balance(person.number, insurance.insutype, insurance.opening) : ZERO,
  })
  const credential = textOf(node, 'mdtrt_cert_type')
  return { insured, visit, batch, category, lane, credential, benefit }
}
