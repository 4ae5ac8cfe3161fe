/**
 * The benefit of one bill, as the insured place calculates it (docs/facts/cross-region.md, Calculation at the insured place). Pure: the same question gives the
 * same answer. Every layer is rounded half up to the fen; the person bears what no fund pays.
 */
import { asFen, type Fen, ZERO } from '../domain/money.ts'
import { type Settlement, settlementFault } from '../domain/settlement.ts'
import { chronicBenefit, inpatientBenefit, outpatientBenefit, pharmacyBenefit } from './benefit-lanes.ts'
import { atMost } from './benefit-layers.ts'
import type { BenefitQuestion, LaneBenefit } from './benefit-types.ts'

/** The benefit of one bill. */
export interface Benefit extends LaneBenefit {
  /** All money of it; the settlement id is empty until it is booked. */
  readonly settlement: Settlement
}

/** Fund types of the basic insurance `fund_pay_type`. */
const BASIC_FUND = { employee: '310100', resident: '390100' } as const
const ASSISTANCE_FUND = '610100'
const ACCOUNT = '310200'

const LANES = {
  inpatient: inpatientBenefit,
  outpatient: outpatientBenefit,
  chronic: chronicBenefit,
  pharmacy: pharmacyBenefit,
}

/** The rows of `setldetail`: the basic fund always, the others where they pay. */
function fundRows(question: BenefitQuestion, lane: LaneBenefit, account: Fen): Settlement['funds'] {
  const upper = question.region.insurances[question.insurance].upper_layer.fund
  const others = [
    { type: upper, amount: lane.upper },
    { type: ASSISTANCE_FUND, amount: lane.assistance },
    { type: ACCOUNT, amount: account },
  ]
  return [
    { type: BASIC_FUND[question.insurance], amount: lane.pooled },
    ...others.filter((row) => row.amount !== 0),
  ]
}

/**
 * Calculates a bill: funds, person, account, cash.
 *
 * @throws {Error} where the identities among the amounts do not hold, which is our bug
 */
export function calculateBenefit(question: BenefitQuestion): Benefit {
  const { split } = question
  const lane = LANES[question.lane](question, question.region.insurances[question.insurance])
  const fund = asFen(lane.pooled + lane.upper + lane.assistance)
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
    funds: fundRows(question, lane, account),
  }
  const fault = settlementFault(settlement)
  if (fault) throw new Error(`Benefit does not add up: ${fault}`)
  return { ...lane, settlement }
}
