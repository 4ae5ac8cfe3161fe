/** What the funds pay in each lane: inpatient, ordinary outpatient, chronic outpatient, pharmacy. */
import { asFen, type Fen, ZERO } from '../domain/money.ts'
import {
  aboveCeiling,
  accumulatedBurden,
  assistanceFor,
  atMost,
  firstSelfPayRate,
  leftOf,
  reducedRatio,
} from './benefit-layers.ts'
import { type BenefitQuestion, type LaneBenefit, usedOf } from './benefit-types.ts'
import { LOCAL_FAMILY } from './chronic.ts'
import { ONE, type Ratio, shareOf } from './ratio.ts'
import type { InsuranceRules, Level, PersonGroup } from './region.ts'

type RatioTable = Partial<Record<PersonGroup, Record<Level, Ratio>>>

function ratioIn(table: RatioTable, question: BenefitQuestion): Ratio {
  const row = table[question.person]
  if (!row) throw new RangeError(`No ratio for ${question.person} in ${question.region.id}`)
  return row[question.level]
}

/** The deductible of a stay, reduced for repeated stays if the region says so. */
function stayDeductible(question: BenefitQuestion, rules: InsuranceRules): Fen {
  const { deductible_by_level: table, repeat_deductible: repeat } = rules.inpatient
  const { continues } = question
  const stays = question.before[repeat.same_level_only ? `stays:${question.level}` : 'stays'] ?? 0
  // An interim settlement of the same stay is not an earlier stay, and the deductible is paid once.
  const earlier = continues ? Math.max(stays - 1, 0) : stays
  const full = table[question.level]
  const whole = earlier + 1 >= repeat.from_stay ? shareOf(full, repeat.factor) : full
  return asFen(Math.max(whole - (continues?.deductible ?? 0), 0))
}

/** Inpatient, in the order of `calculation_order`. */
export function inpatientBenefit(question: BenefitQuestion, rules: InsuranceRules): LaneBenefit {
  const { split, before } = question
  const payable = asFen(split.inScope - shareOf(split.inScope, firstSelfPayRate(question, rules)))
  const deductible = atMost(stayDeductible(question, rules), payable)
  const ratio = reducedRatio(rules, question.kind, ratioIn(rules.inpatient.ratio_by_level, question))
  const uncapped = shareOf(asFen(payable - deductible), ratio)
  const pooled = atMost(uncapped, leftOf(rules.inpatient.annual_cap, usedOf(before, 'pool')))
  const burden = asFen(payable - pooled)
  const upper =
    rules.upper_layer.kind === 'above_ceiling'
      ? aboveCeiling(rules, uncapped, pooled, ratio, usedOf(before, 'upper'))
      : accumulatedBurden(question, rules, burden)
  const remaining = asFen(burden - upper)
  const assistance = assistanceFor(question, remaining, ONE)
  const used = {
    pool: pooled,
    upper,
    burden,
    assistanceBase: remaining,
    assistance,
    stays: question.continues ? 0 : 1,
    [`stays:${question.level}`]: question.continues ? 0 : 1,
  }
  const left = asFen(remaining - assistance)
  return { deductible, ratio, pooled, upper, assistance, left, used }
}

/** Ordinary outpatient: a yearly deductible, a ratio that may be zero, a yearly cap. No upper layer. */
export function outpatientBenefit(question: BenefitQuestion, rules: InsuranceRules): LaneBenefit {
  const { split, before, level, kind } = question
  const paid = usedOf(before, 'outpatientDeductible')
  const deductible = atMost(
    split.inScope,
    asFen(Math.max(rules.outpatient.deductible_by_level[level] - paid, 0)),
  )
  const off = kind === 'in_area' ? 0 : rules.outpatient.out_of_area[kind]
  const ratio = off === null ? 0 : Math.max(ratioIn(rules.outpatient.ratio_by_level, question) - off, 0)
  const cap = rules.outpatient.annual_cap[question.person] ?? ZERO
  const pooled = atMost(
    shareOf(asFen(split.inScope - deductible), ratio),
    leftOf(cap, usedOf(before, 'outpatient')),
  )
  const used = { outpatientDeductible: deductible, outpatient: pooled }
  const left = asFen(split.inScope - pooled)
  return { deductible, ratio, pooled, upper: ZERO, assistance: ZERO, left, used }
}

/** Diseases of a local list have the lowest cap of the ten. [A] */
function lowestCap(rules: InsuranceRules, family: string): Fen {
  const caps = Object.values(rules.chronic_outpatient.annual_cap_by_disease)
  return family === LOCAL_FAMILY ? asFen(Math.min(...caps)) : ZERO
}

/** The yearly cap of all chronic diseases of a person: the highest, and half of the next. */
export function chronicCap(rules: InsuranceRules, families: readonly string[]): Fen {
  const caps = [...new Set(families)].map(
    (family) => rules.chronic_outpatient.annual_cap_by_disease[family] ?? lowestCap(rules, family),
  )
  const [highest = ZERO, next = ZERO] = caps.sort((left, right) => right - left)
  return asFen(highest + Math.floor(next / 2))
}

/** Chronic outpatient: no deductible, the reductions of inpatient care, the cap of the diseases and the yearly cap. */
export function chronicBenefit(question: BenefitQuestion, rules: InsuranceRules): LaneBenefit {
  const { split, before } = question
  const payable = asFen(split.inScope - shareOf(split.inScope, firstSelfPayRate(question, rules)))
  const ratio = reducedRatio(rules, question.kind, ratioIn(rules.chronic_outpatient.ratio_by_level, question))
  const ofDiseases = leftOf(chronicCap(rules, question.families ?? []), usedOf(before, 'chronic'))
  const ofYear = leftOf(rules.inpatient.annual_cap, usedOf(before, 'pool'))
  const pooled = atMost(shareOf(payable, ratio), atMost(ofDiseases, ofYear))
  const remaining = asFen(payable - pooled)
  const assistance = assistanceFor(
    question,
    remaining,
    question.region.medical_assistance.outpatient_share_of_cap,
  )
  const used = { pool: pooled, chronic: pooled, assistanceBase: remaining, assistance }
  const left = asFen(remaining - assistance)
  return { deductible: ZERO, ratio, pooled, upper: ZERO, assistance, left, used }
}

/** A purchase at a pharmacy: paid from the personal account as far as possible, never by a fund. [K] */
export function pharmacyBenefit(): LaneBenefit {
  return { deductible: ZERO, ratio: 0, pooled: ZERO, upper: ZERO, assistance: ZERO, left: ZERO, used: {} }
}
