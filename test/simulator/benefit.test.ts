/** Benefits come to the computed vectors, and for any bill their parts add up and never exceed what is in scope. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asFen, type Fen, fenFromYuan, ZERO } from '../../src/domain/money.ts'
import { settlementFault } from '../../src/domain/settlement.ts'
import { calculateBenefit } from '../../src/simulator/benefit.ts'
import { chronicCap } from '../../src/simulator/benefit-lanes.ts'
import { reducedRatio } from '../../src/simulator/benefit-layers.ts'
import type { BenefitQuestion } from '../../src/simulator/benefit-types.ts'
import { ratioFrom } from '../../src/simulator/ratio.ts'
import { LEVELS, REGIONS } from '../../src/simulator/region.ts'
import vectors from './benefit-vectors.json' with { type: 'json' }

type Vector = (typeof vectors)[number]

const byId = Object.fromEntries(Object.values(REGIONS).map((region) => [region.id, region]))

function questionOf(vector: Vector): BenefitQuestion {
  const money = (amount: number) => fenFromYuan(amount)
  const { full_self_pay, over_limit, first_self_pay, in_scope } = vector.bill
  const total = asFen(money(full_self_pay) + money(over_limit) + money(first_self_pay) + money(in_scope))
  const { stays = 0, ...amounts } = vector.accumulators_before as Record<string, number>
  const before: Record<string, number> = { stays, [`stays:${vector.level}`]: stays }
  for (const [name, yuan] of Object.entries(amounts)) before[name] = money(yuan)
  const rate = vector.first_self_pay_rate
  return {
    region: byId[vector.region]!,
    insurance: vector.insurance as BenefitQuestion['insurance'],
    person: vector.person as BenefitQuestion['person'],
    level: vector.level as BenefitQuestion['level'],
    kind: vector.kind === 'first_self_pay_mode' ? 'in_area' : (vector.kind as BenefitQuestion['kind']),
    lane: 'inpatient',
    split: {
      total,
      selfPaid: money(full_self_pay),
      overLimit: money(over_limit),
      firstSelfPay: money(first_self_pay),
      inScope: money(in_scope),
    },
    before,
    assistance: vector.assistance_category,
    ...(rate === null ? {} : { firstSelfPayRate: ratioFrom(rate) }),
    account: ZERO,
  }
}

describe('calculateBenefit() agrees with the computed vectors', () => {
  it.each(vectors)('$id: $shows', (vector) => {
    const benefit = calculateBenefit(questionOf(vector))
    const { expected } = vector
    expect({
      total: benefit.settlement.split.total,
      deductible_paid: benefit.deductible,
      ratio: benefit.ratio,
      pooled_fund: benefit.pooled,
      upper_layer: benefit.upper,
      medical_assistance: benefit.assistance,
      fund_total: benefit.settlement.fund,
      person_share: benefit.settlement.person,
    }).toEqual({
      total: fenFromYuan(expected.total),
      deductible_paid: fenFromYuan(expected.deductible_paid),
      ratio: ratioFrom(expected.ratio),
      pooled_fund: fenFromYuan(expected.pooled_fund),
      upper_layer: fenFromYuan(expected.upper_layer),
      medical_assistance: fenFromYuan(expected.medical_assistance),
      fund_total: fenFromYuan(expected.fund_total),
      person_share: fenFromYuan(expected.person_share),
    })
  })
})

const amount = fc.integer({ min: 0, max: 300_000_000 }).map((value) => asFen(value))
const person = fc.constantFrom(
  { insurance: 'employee', person: 'active' } as const,
  { insurance: 'employee', person: 'retiree' } as const,
  { insurance: 'resident', person: 'adult' } as const,
  { insurance: 'resident', person: 'child' } as const,
)

const question: fc.Arbitrary<BenefitQuestion> = fc
  .record({
    region: fc.constantFrom(...Object.values(REGIONS)),
    who: person,
    level: fc.constantFrom(...LEVELS),
    kind: fc.constantFrom('in_area', 'long_term', 'referral', 'emergency', 'temporary_filed', 'not_filed'),
    lane: fc.constantFrom('inpatient', 'outpatient', 'chronic'),
    parts: fc.tuple(amount, amount, amount, amount),
    before: fc.record({
      pool: amount,
      upper: amount,
      burden: amount,
      assistanceBase: amount,
      assistance: amount,
      outpatient: amount,
      chronic: amount,
      outpatientDeductible: amount,
      stays: fc.integer({ min: 0, max: 5 }),
    }),
    assistance: fc.constantFrom(null, 'tekun', 'dibao', 'dibao_bianyuan', 'yinbing_zhipin'),
    families: fc.subarray(['M039', 'M016', 'M078']),
    account: amount,
  })
  .map(({ who, parts, ...rest }) => ({ ...rest, ...who, split: splitOf(parts) }) as BenefitQuestion)

function splitOf([selfPaid, overLimit, firstSelfPay, inScope]: [Fen, Fen, Fen, Fen]) {
  const total = asFen(selfPaid + overLimit + firstSelfPay + inScope)
  return { total, selfPaid, overLimit, firstSelfPay, inScope }
}

describe('calculateBenefit()', () => {
  it('keeps the identities and never pays more than is in scope', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { settlement } = calculateBenefit(asked)
        expect(settlementFault(settlement)).toBeNull()
        expect(settlement.fund).toBeLessThanOrEqual(asked.split.inScope)
        expect(
          Math.min(settlement.fund, settlement.person, settlement.account, settlement.cash),
        ).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 500 },
    )
  })

  it('pays at least as much, to the fen of each layer, when more is in scope', () => {
    fc.assert(
      fc.property(question, fc.integer({ min: 0, max: 1_000_000 }), (asked, more) => {
        const { selfPaid, overLimit, firstSelfPay, inScope } = asked.split
        const bigger = splitOf([selfPaid, overLimit, firstSelfPay, asFen(inScope + more)])
        const [less, grown] = [calculateBenefit(asked), calculateBenefit({ ...asked, split: bigger })]
        expect(grown.pooled).toBeGreaterThanOrEqual(less.pooled)
        // Each of the two layers above the pooled fund may give back a fen of its own rounding.
        expect(grown.settlement.fund).toBeGreaterThanOrEqual(less.settlement.fund - 2)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the parameters', () => {
  it('reducedRatio() keeps the larger of factor and national limit', () => {
    const hunan = REGIONS['430000']!.insurances.resident
    expect(reducedRatio(hunan, 'referral', ratioFrom(0.82))).toBe(ratioFrom(0.72))
    expect(reducedRatio(hunan, 'referral', ratioFrom(0.6))).toBe(ratioFrom(0.51))
    expect(reducedRatio(hunan, 'temporary_filed', ratioFrom(0.1))).toBe(0)
  })

  it('chronicCap() is the highest cap and half of the next', () => {
    const gansu = REGIONS['620000']!.insurances.employee
    expect(chronicCap(gansu, ['M039'])).toBe(240_000)
    expect(chronicCap(gansu, ['M039', 'M016', 'M078'])).toBe(6_400_000 + 160_000)
    expect(chronicCap(gansu, [])).toBe(0)
  })
})
