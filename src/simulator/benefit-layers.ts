/** The layers that all lanes share: reduction out of area, upper layer, medical assistance. */
import { asFen, type Fen, ZERO } from '../domain/money.ts'
import { type BenefitQuestion, usedOf } from './benefit-types.ts'
import { ONE, type Ratio, rounded, shareOf, timesRatio, unrounded, wholeOf } from './ratio.ts'
import type { InsuranceRules } from './region.ts'

/** What remains of a yearly cap; without a cap, everything. */
export function leftOf(cap: Fen | null, used: Fen): Fen {
  return asFen(cap === null ? Number.MAX_SAFE_INTEGER : Math.max(cap - used, 0))
}

/** The smaller amount. */
export function atMost(amount: Fen, limit: Fen): Fen {
  return asFen(Math.min(amount, limit))
}

/**
 * The ratio after the reduction out of area: `pp` subtracts percentage points, `factor` multiplies; a national
 * limit applies to the result, so the larger of both is used. `firstSelfPay` does not change the ratio.
 */
export function reducedRatio(rules: InsuranceRules, kind: BenefitQuestion['kind'], ratio: Ratio): Ratio {
  if (kind === 'in_area') return ratio
  const { mode, value, limit_pp: limit } = rules.out_of_area[kind]
  if (mode === 'firstSelfPay') return ratio
  const result = mode === 'pp' ? ratio - value : timesRatio(ratio, value)
  return Math.max(limit === null ? result : Math.max(result, ratio - limit), 0)
}

/** The first self-pay rate out of area: only in regions of mode `firstSelfPay`, or if the query sets one. */
export function firstSelfPayRate(question: BenefitQuestion, rules: InsuranceRules): Ratio {
  if (question.firstSelfPayRate !== undefined) return question.firstSelfPayRate
  if (question.kind === 'in_area') return 0
  const { mode, value } = rules.out_of_area[question.kind]
  return mode === 'firstSelfPay' ? value : 0
}

/** Employees: the part of the rest above the basic cap, paid by the supplement up to its own yearly cap. */
export function aboveCeiling(
  rules: InsuranceRules,
  uncapped: Fen,
  pooled: Fen,
  ratio: Ratio,
  used: Fen,
): Fen {
  const layer = rules.upper_layer
  if (uncapped <= pooled || ratio === 0) return ZERO
  const above = wholeOf(asFen(uncapped - pooled), ratio)
  return atMost(shareOf(above, layer.tiers[0]!.ratio), leftOf(layer.annual_cap, used))
}

/** What the tiers of serious illness would pay for a burden since the beginning of the year, not yet rounded. */
function tierSum(rules: InsuranceRules, burden: Fen, priority: boolean): bigint {
  const layer = rules.upper_layer
  let sum = 0n
  for (const [index, tier] of layer.tiers.entries()) {
    const favour = priority ? layer.priority_person : undefined
    const from = favour && index === 0 ? shareOf(tier.from, favour.threshold_factor) : tier.from
    const ratio = Math.min(tier.ratio + (favour?.ratio_bonus ?? 0), ONE)
    const top = tier.to === null ? burden : atMost(burden, tier.to)
    if (top > from) sum += unrounded(asFen(top - from), ratio)
  }
  return sum
}

/** Residents: serious illness on the burden of the year, tier by tier: after this bill less before it. */
export function accumulatedBurden(question: BenefitQuestion, rules: InsuranceRules, burden: Fen): Fen {
  const layer = rules.upper_layer
  const favour = layer.priority_person
  const priority = question.assistance !== null && (favour?.categories.includes(question.assistance) ?? false)
  const before = usedOf(question.before, 'burden')
  const after = asFen(before + burden)
  const pays = rounded(tierSum(rules, after, priority) - tierSum(rules, before, priority))
  const cap = priority && favour?.no_cap ? null : layer.annual_cap
  return atMost(pays, leftOf(cap, usedOf(question.before, 'upper')))
}

/**
 * Medical assistance on in-scope burden that is left, above the yearly threshold of the category, up to its yearly
 * cap.
 *
 * @param share how much of the cap the lane may use
 */
export function assistanceFor(question: BenefitQuestion, remaining: Fen, share: Ratio): Fen {
  const rules = question.region.medical_assistance
  const category = question.assistance === null ? undefined : rules.categories[question.assistance]
  if (!category) return ZERO
  if (question.kind !== 'in_area' && !rules.out_of_area[question.kind]) return ZERO
  const before = usedOf(question.before, 'assistanceBase')
  const above = (burden: number) => Math.max(burden - category.annual_threshold, 0)
  const base = asFen(above(before + remaining) - above(before))
  const left = leftOf(shareOf(rules.annual_cap, share), usedOf(question.before, 'assistance'))
  return atMost(shareOf(base, category.ratio), left)
}
