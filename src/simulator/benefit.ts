/**
 * The benefit of one bill, as the insured place calculates it (docs/facts/cross-region.md, Calculation at the insured place). Pure: the same question gives the
 * same answer. Every layer is rounded half up to the fen; the person bears what no fund pays.
 */
import { asFen, type Fen, sumOfFen, ZERO } from '../domain/money.ts'
import { type Settlement, settlementFault } from '../domain/settlement.ts'
import { chronicBenefit, inpatientBenefit, outpatientBenefit, pharmacyBenefit } from './benefit-lanes.ts'
import { assistanceFor, atMost } from './benefit-layers.ts'
import { maternityBenefit, newbornBenefit, twoDiseaseBenefit } from './benefit-schemes.ts'
import type { BenefitQuestion, LaneBenefit } from './benefit-types.ts'
import { ONE } from './ratio.ts'
import { type SupplementPaid, supplementsPay } from './supplements.ts'

/** The benefit of one bill. */
export interface Benefit extends LaneBenefit {
  /** All money of it; the settlement id is empty until it is booked. */
  readonly settlement: Settlement
  /** What the layers above pay, here or later. */
  readonly paid: readonly SupplementPaid[]
  /** What the insured place pays only when it is claimed there, by fund type; the person pays it first. */
  readonly later: Settlement['funds']
}

/** Fund types of the basic insurance `fund_pay_type`. */
const BASIC_FUND = { employee: '310100', resident: '390100' } as const
const ASSISTANCE_FUND = '610100'
const ACCOUNT = '310200'

const MATERNITY_FUND = '510100'

const LANES = {
  inpatient: inpatientBenefit,
  outpatient: outpatientBenefit,
  chronic: chronicBenefit,
  pharmacy: pharmacyBenefit,
}

const SCHEMES = {
  maternity: maternityBenefit,
  newborn: newbornBenefit,
  'two-disease': twoDiseaseBenefit,
}

/** Employees have a fund for births. [F: fund types] */
function basicFundOf({ insurance, scheme }: BenefitQuestion): string {
  return scheme === 'maternity' && insurance === 'employee' ? MATERNITY_FUND : BASIC_FUND[insurance]
}

/** The rows of `setldetail`: always the basic fund, others only if they pay. */
function fundRows(
  question: BenefitQuestion,
  lane: LaneBenefit,
  paid: readonly SupplementPaid[],
  account: Fen,
): Settlement['funds'] {
  const upper = question.region.insurances[question.insurance].upper_layer.fund
  const others = [
    { type: upper, amount: lane.upper },
    { type: ASSISTANCE_FUND, amount: lane.assistance },
    ...paid.map(({ supplement, here }) => ({ type: supplement.fund, amount: here })),
    { type: ACCOUNT, amount: account },
  ]
  return [{ type: basicFundOf(question), amount: lane.pooled }, ...others.filter((row) => row.amount !== 0)]
}

/** Layers that apply only at home: supplements, and assistance unless the region lets it travel. */
function laterRows(
  question: BenefitQuestion,
  lane: LaneBenefit,
  paid: readonly SupplementPaid[],
): Settlement['funds'] {
  const isAbroad = question.kind !== 'in_area' && lane.assistance === 0
  const assistance = isAbroad ? assistanceFor({ ...question, kind: 'in_area' }, lane.left, ONE) : ZERO
  return [
    { type: ASSISTANCE_FUND, amount: assistance },
    ...paid.map(({ supplement, later }) => ({ type: supplement.fund, amount: later })),
  ].filter(({ amount }) => amount > 0)
}

/**
 * Calculates a bill: funds, person, account, cash.
 *
 * @throws {Error} if the identities among the amounts do not hold, which is our bug
 */
export function calculateBenefit(question: BenefitQuestion): Benefit {
  const { split } = question
  const pays = question.scheme ? SCHEMES[question.scheme] : LANES[question.lane]
  const lane = pays(question, question.region.insurances[question.insurance])
  const paid = supplementsPay(question.supplements ?? [], lane.left, question.kind !== 'in_area')
  const fund = sumOfFen([lane.pooled, lane.upper, lane.assistance, ...paid.map(({ here }) => here)])
  const person = asFen(split.total - fund)
  const account = atMost(question.account, person)
  const settlement: Settlement = {
    id: '',
    split,
    fund,
    person,
    account,
    cash: asFen(person - account),
    hospital: ZERO,
    funds: fundRows(question, lane, paid, account),
  }
  const fault = settlementFault(settlement)
  if (fault) throw new Error(`Benefit does not add up: ${fault}`)
  return { ...lane, paid, later: laterRows(question, lane, paid), settlement }
}
