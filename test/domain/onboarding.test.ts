/** Steps of an opening: what the machine takes is what a table written by hand takes, and its states are dated. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, type Instant, parseDay } from '../../src/domain/day.ts'
import {
  ONBOARDING_STATES,
  type OnboardingState,
  type OnboardingStep,
  openingName,
  populationOf,
  stateOn,
  stepFault,
} from '../../src/domain/onboarding.ts'

const TODAY = parseDay('2026-12-01')
const STATES = Object.keys(ONBOARDING_STATES) as OnboardingState[]
const step = (state: OnboardingState, days = 0, more: Partial<OnboardingStep> = {}): OnboardingStep => ({
  ...{ state, from: addDays(TODAY, days), by: '张三', reason: '试点', at: 0 as Instant },
  ...more,
})
const SCORE = { passed: 10, failed: 0, transactions: 3, lanes: 1 }

/** The whole machine once more, as pairs: what stands, what may come. */
const PAIRS = new Set(
  `none>applied register>suspended applied>changed changed>tested tested>opened tested>changed
   opened>suspended suspended>opened suspended>changed`.split(/\s+/),
)

describe('stepFault()', () => {
  it('takes exactly the steps of a table written by hand, whatever came before', () => {
    const asked = fc.record({
      state: fc.constantFrom(...STATES),
      days: fc.constantFrom(0, 0, 0, 0, 0, 0, -1, -2, 1, 3),
    })
    fc.assert(
      fc.property(fc.boolean(), fc.array(asked, { minLength: 20, maxLength: 60 }), (open, wanted) => {
        const stands: OnboardingStep[] = []
        let at = open ? 'register' : 'none'
        let day = -1000
        for (const { state, days } of wanted) {
          const isGate = state === 'opened' || state === 'suspended'
          const may = PAIRS.has(`${at}>${state}`) && days >= day && (isGate ? days >= 0 : days <= 0)
          const fault = stepFault(stands, step(state, days), { open, today: TODAY })
          expect(fault === null, `${at} > ${state} ${days}: ${fault}`).toBe(may)
          if (fault !== null) continue
          stands.push(step(state, days))
          at = state
          day = days
        }
        for (let ahead = -4; ahead <= 4; ahead += 1) {
          const last = stands.filter(({ from }) => from <= addDays(TODAY, ahead)).at(-1)?.state ?? null
          expect(stateOn(stands, addDays(TODAY, ahead))).toBe(last)
        }
      }),
      { numRuns: 300 },
    )
  })

  it.each<[string, OnboardingStep[], OnboardingStep, string]>([
    ['nobody', [], step('applied', 0, { by: ' ' }), '须写明经办人'],
    ['no reason', [], step('applied', 0, { reason: '' }), '须写明原因'],
    ['a long name', [], step('applied', 0, { by: '长'.repeat(101) }), '须写明经办人'],
    ['a long reason', [], step('applied', 0, { reason: '长'.repeat(501) }), '须写明原因'],
    [
      'a leap',
      [step('applied')],
      step('opened'),
      '现为“已申请”，下一步只能是“已完成系统改造”，不能是“已开通”',
    ],
    ['a start in the middle', [], step('opened'), '尚未申请，下一步只能是“已申请”'],
    ['a day before the last', [step('applied')], step('changed', -1), '不能早于上一步的生效日期2026-12-01'],
    ['a day that is over', [step('opened', -9)], step('suspended', -1), '不能追溯，生效日期不能早于今天'],
    ['a test to come', [step('changed', -9)], step('tested', 1), '须已办完，日期不能晚于今天'],
    ['a score at another step', [], step('applied', 0, { score: SCORE }), '只有测试一步'],
    [
      'a failed run',
      [step('changed')],
      step('tested', 0, { score: { ...SCORE, failed: 2 } }),
      '符合性检查未通过：通过10项，未通过2项',
    ],
    ['an empty run', [step('changed')], step('tested', 0, { score: { ...SCORE, passed: 0 } }), '未通过'],
  ])('refuses %s and says why', (_what, stands, next, says) => {
    expect(stepFault(stands, next, { open: false, today: TODAY })).toContain(says)
  })

  it('takes a test with a run in which nothing failed', () => {
    const told = { open: false, today: TODAY }
    expect(stepFault([step('changed')], step('tested', 0, { score: SCORE }), told)).toBeNull()
  })
})

describe('stateOn()', () => {
  it('is the state of the last step that holds by then; a suspension to come holds from its day on', () => {
    const steps = [step('opened', -5), step('suspended', 2)]
    const at = (days: number) => stateOn(steps, addDays(TODAY, days))
    expect([at(-6), at(-5), at(0), at(1), at(2)]).toEqual([null, 'opened', 'opened', 'opened', 'suspended'])
  })
})

describe('populationOf()', () => {
  it.each([
    ['310', 'employee'],
    ['340', 'employee'],
    ['390', 'resident'],
    ['392', 'resident'],
    ['399', null],
    ['', null],
    [undefined, null],
  ])('of %s is %s', (insurance, population) => {
    expect(populationOf(insurance)).toBe(population)
  })
})

describe('openingName()', () => {
  it('says reach, lane and population', () => {
    const of = { lane: 'outpatient', reach: 'cross' } as const
    expect(openingName({ ...of, population: 'resident' })).toBe('跨省普通门诊（居民医保）直接结算')
    expect(openingName({ ...of, population: null })).toBe('跨省普通门诊直接结算')
  })
})
