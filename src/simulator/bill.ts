/** From a settlement request to its benefit: whose bill, which lines, how it counts. Trials and settlements share it. */
import { type Area, parseArea, relationOf } from '../domain/area.ts'
import { type Day, dayOf, type Instant } from '../domain/day.ts'
import { type Lane, laneOf } from '../domain/lane.ts'
import { asFen, type Fen, fenFromYuan, sumOfFen, ZERO } from '../domain/money.ts'
import type { BillSplit } from '../domain/settlement.ts'
import { type Benefit, calculateBenefit } from './benefit.ts'
import type { Line, SettlementRow, Visit } from './book.ts'
import { chronicFamily, isInteroperable } from './chronic.ts'
import { certifiedOf } from './entitlements.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { hasEmergencyMark, moneyOf, requiredText, sectionOf, textOf } from './fields.ts'
import { sumOf } from './lines.ts'
import { groupOf, type Insurance } from './people.ts'
import {
  type Insured,
  insuredOf,
  openVisitOf,
  type Province,
  requireActive,
  today,
  treatmentKind,
} from './province.ts'
import { judgeTrauma, requireScheme, schemeOf, type Treated, twoDiseaseOf } from './schemes.ts'
import { SUPPLEMENTS } from './supplements.ts'

/** A bill that has been calculated. */
export interface Bill {
  readonly insured: Insured
  readonly visit: Visit
  readonly batch: string
  readonly category: string
  readonly lane: Lane
  readonly credential: string
  readonly benefit: Benefit
  /** Year that it counts in. */
  readonly year: number
  /** Of a stay that goes on: what is settled now is a part of it. */
  readonly midway: boolean
  /** What the person's own account can pay; what the bill takes beyond it is the family's. */
  readonly ownAccount: Fen
}

/**
 * The families of the chronic diseases that a person is certified for.
 *
 * @param disease `dise_codg` of the visit; it must be listed and certified on the day, across provinces one of the ten
 * @throws {Refusal} E601
 */
export function entitledFamilies(
  province: Province,
  { person, insurance }: Insured,
  treatment: Area,
  disease: string,
  on: Day,
): string[] {
  if (disease === '') throw new Refusal('E601', '门诊慢特病须填写病种编码')
  const isCross = relationOf(insurance.area, treatment) === 'cross'
  if (isCross && !isInteroperable(disease))
    throw new Refusal('E601', '该病种不在可直接结算的十种门诊慢特病内')
  if (chronicFamily(disease) === null) throw new Refusal('E601', '该病种不在参保地门诊慢特病病种目录内')
  const valid = certifiedOf(province, person, on)
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
  const lines =
    lane === 'inpatient' ? unsettledOf(province, visit) : province.book.lines(visit.mdtrt_id, batch)
  if (lines.length === 0) throw new Refusal('E503', '没有已上传的费用明细')
  const other = lines.some((line) => line.dise_codg !== '' && line.dise_codg !== disease)
  if (lane === 'chronic' && other) throw new Refusal('E601', '同一收费批次的病种编码不一致')
  return lines
}

/** Lines of a stay that are in no interim settlement in force. */
export function unsettledOf({ book }: Province, visit: Visit): Line[] {
  const taken = new Set(book.standing(visit.mdtrt_id).map((row) => row.chrg_bchno))
  return book.lines(visit.mdtrt_id).filter((line) => line.chrg_bchno === '' || !taken.has(line.chrg_bchno))
}

/**
 * Whether a part of a stay is to be settled (`mid_setl_flag` 1): a local habit, at home and within the province. [A]
 *
 * @throws {Refusal} E301 across provinces, E000 where the stay has ended
 */
function isMidway(node: Node, visit: Visit): boolean {
  if (visit.kind !== 'inpatient' || textOf(node, 'mid_setl_flag') !== '1') return false
  if (relationOf(parseArea(visit.insured_area), parseArea(visit.treatment_area)) === 'cross')
    throw new Refusal('E301', '跨省异地就医不支持中途结算')
  if (visit.state === 'discharged') throw new Refusal('E000', '已办理出院，不能中途结算')
  return true
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
  const category = (kind === 'outpatient' && textOf(node, 'med_type')) || visit.med_type
  const lane = kind === 'inpatient' ? 'inpatient' : laneOf(category)
  if (kind === 'outpatient' && (lane === 'inpatient' || lane === 'pharmacy'))
    throw new Refusal('E000', '医疗类别与交易不符')
  const batch = kind === 'inpatient' ? '' : requiredText(node, 'chrg_bchno')
  checkNotSettled(province, visit, batch)
  const midway = isMidway(node, visit)
  if (binding && kind === 'inpatient' && !midway && visit.state !== 'discharged') {
    throw new Refusal('E000', '尚未办理出院，不能结算')
  }
  const disease = textOf(node, 'dise_codg') || visit.dise_codg
  const split = splitOf(linesFor(province, visit, batch, disease, lane))
  checkSums(node, split, binding)
  if (split.inScope < 0) throw new Refusal('E503', '退费明细超过费用明细')
  return calculated(province, insured, node, { visit, batch, category, lane, disease, split, midway })
}

/** A bill before it is decided who pays. */
interface Charged extends Pick<Bill, 'visit' | 'batch' | 'category' | 'lane'> {
  readonly disease: string
  readonly split: BillSplit
  readonly midway?: boolean
}

/**
 * Calculates what was charged.
 *
 * @param node names the credential and whether the account may be used
 * @throws {Refusal} in the order: filing, chronic entitlement
 */
export function calculated(province: Province, insured: Insured, node: Node, charged: Charged): Bill {
  const { visit, batch, category, lane, disease, split, midway = false } = charged
  const began = dayOf(visit.begins as Instant)
  const emergency = visit.emergency === 1 || hasEmergencyMark(node) || category === '24' || category === '13'
  const days = [began, today(province)]
  const treatment = parseArea(visit.treatment_area)
  const outKind = treatmentKind(province, insured, treatment, days, emergency)
  const families = lane === 'chronic' ? entitledFamilies(province, insured, treatment, disease, began) : []
  const { person, insurance } = insured
  const treated: Treated = {
    insured,
    treatment,
    category,
    disease,
    institution: visit.fixmedins_code,
    on: began,
  }
  const scheme = schemeOf(province, treated)
  requireScheme(province, scheme, treated)
  judgeTrauma(province, visit, node, treated)
  const accounts = accountsFor(province, insured, textOf(node, 'acct_used_flag'))
  const year = yearOf(province, visit, midway)
  const earlier = province.book.standing(visit.mdtrt_id)
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
    scheme,
    twoDisease: twoDiseaseOf(disease),
    birth: (JSON.parse(visit.details) as Record<string, string>).matn_type ?? '1',
    supplements: person.supplements.map((name) => SUPPLEMENTS[name]),
    account: asFen(accounts.own + accounts.family),
    ...(lane === 'inpatient' && earlier.length > 0 && { continues: { deductible: deductiblesOf(earlier) } }),
  })
  const credential = textOf(node, 'mdtrt_cert_type')
  const told = { insured, visit, category, lane, credential, benefit, year, midway, ownAccount: accounts.own }
  return {
    ...told,
    batch: midway ? `M${earlier.length + 1}-${province.book.lines(visit.mdtrt_id).length}` : batch,
  }
}

/** What the interim settlements of a stay took as deductible. */
function deductiblesOf(earlier: readonly SettlementRow[]): Fen {
  const taken = earlier.map(
    ({ wire }) => (JSON.parse(wire) as { money: Record<string, number> }).money.act_pay_dedc,
  )
  return sumOfFen(taken.map((yuan) => fenFromYuan(yuan ?? 0)))
}

/** The year of a bill: that of the discharge for a stay, whenever it is settled; a part of one that goes on counts today. [A] */
function yearOf(province: Province, visit: Visit, midway: boolean): number {
  const ends = visit.kind === 'inpatient' && !midway ? visit.ends : null
  return Number((ends === null ? today(province) : dayOf(ends as Instant)).slice(0, 4))
}

/**
 * What the accounts can pay: 1 the own one, 2 the own one and then the relative's.
 *
 * @throws {Refusal} E601 where no family account is agreed on
 */
function accountsFor(
  province: Province,
  { person, insurance }: Insured,
  flag: string,
): { own: Fen; family: Fen } {
  const balanceOf = (number: string, { insutype, opening }: Insurance) =>
    asFen(Math.max(province.book.balance(number, insutype, opening), 0))
  const own = ['1', '2'].includes(flag) ? balanceOf(person.number, insurance) : ZERO
  if (flag !== '2') return { own, family: ZERO }
  const giver = province.people.get(person.family ?? '')
  if (!giver) throw new Refusal('E601', '未查询到家庭共济关系，不能使用共济账户')
  return { own, family: balanceOf(giver.number, giver.insurance[0]!) }
}
