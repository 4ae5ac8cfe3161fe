/** What the funds pay by the rules of a scheme: maternity, a newborn, the two diseases. */
import { asFen, type Fen, ZERO } from '../domain/money.ts'
import { inpatientBenefit } from './benefit-lanes.ts'
import { atMost, leftOf } from './benefit-layers.ts'
import { type BenefitQuestion, type LaneBenefit, usedOf } from './benefit-types.ts'
import { ONE, shareOf } from './ratio.ts'
import type { InsuranceRules } from './region.ts'
import { REGION_LANES, type RegionLanes } from './region-lanes.ts'

function lanesOf({ region }: BenefitQuestion): RegionLanes {
  const lanes = REGION_LANES[region.province_code]
  if (!lanes) throw new RangeError(`No lanes of ${region.id}`)
  return lanes
}

/** 生育类别 `matn_type`: 2 assisted, 4 difficult; 3 caesarean; 7 before the birth; others as a natural one. [F codes, A amounts] */
function flatOf(question: BenefitQuestion): Fen {
  const flat = lanesOf(question).maternity[question.insurance]
  const { birth = '1' } = question
  if (birth === '3') return flat.caesarean
  if (birth === '7') return flat.prenatal
  return birth === '2' || birth === '4' ? flat.assisted : flat.natural
}

/**
 * Maternity: the flat amount for the kind of birth, or the amount in scope if that is less; no deductible, no
 * further layers.
 */
export function maternityBenefit(question: BenefitQuestion): LaneBenefit {
  const { inScope } = question.split
  const pooled = atMost(inScope, flatOf(question))
  const left = asFen(inScope - pooled)
  return { deductible: ZERO, ratio: ONE, pooled, upper: ZERO, assistance: ZERO, left, used: {} }
}

/** A newborn with its mother: as a stay, without a deductible of its own. [A] */
export function newbornBenefit(question: BenefitQuestion, rules: InsuranceRules): LaneBenefit {
  return inpatientBenefit({ ...question, continues: { deductible: asFen(Number.MAX_SAFE_INTEGER) } }, rules)
}

/** The two diseases: half or more of the medicine up to a yearly cap, together for who has used both. */
export function twoDiseaseBenefit(question: BenefitQuestion): LaneBenefit {
  const { split, before, twoDisease: disease } = question
  const rules = lanesOf(question).twoDiseases
  if (!disease) throw new RangeError('No disease of the two')
  const other = disease === 'hypertension' ? 'diabetes' : 'hypertension'
  const own = leftOf(rules[disease], usedOf(before, disease))
  const both = asFen(usedOf(before, disease) + usedOf(before, other))
  const pooled = atMost(shareOf(split.inScope, rules.ratio), atMost(own, leftOf(rules.both, both)))
  const left = asFen(split.inScope - pooled)
  const used = { [disease]: pooled }
  return { deductible: ZERO, ratio: rules.ratio, pooled, upper: ZERO, assistance: ZERO, left, used }
}
