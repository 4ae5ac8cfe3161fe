/** Yiyang starts with 7 institutions opened and 28 applied, by steps that might each be taken on its day. */
import { describe, expect, it } from 'vitest'
import institutions from '../../codebooks/institution/index.ts'
import { parseDay } from '../../src/domain/day.ts'
import { stepFault } from '../../src/domain/onboarding.ts'
import { bookOf } from '../../src/onboarding/book.ts'
import { listOnboarding } from '../../src/onboarding/list.ts'
import { shippedSteps } from '../../src/onboarding/shipped.ts'

const TODAY = parseDay('2026-12-01')
const book = bookOf(shippedSteps())

describe('the openings that come with the gateway', () => {
  it('are 7 opened and 28 applied in Yiyang, each for employees and residents', () => {
    const { institutions: counted, openings } = listOnboarding(
      book,
      { area: '430900', lane: 'outpatient' },
      TODAY,
    )
    expect(counted).toEqual({ applied: 28, changed: 0, tested: 0, opened: 7, suspended: 0 })
    expect(openings).toHaveLength(70)
  })

  it('are of institutions of the register', () => {
    const known = new Set(institutions.editions.flatMap(({ entries }) => entries.map(({ code }) => code)))
    expect([...book.keys()].filter((code) => !known.has(code))).toEqual([])
  })

  it('came by steps that each might be taken on its day', () => {
    for (const { institution, steps } of [...book.values()].flat()) {
      steps.forEach((step, index) => {
        const fault = stepFault(steps.slice(0, index), step, { open: false, today: step.from })
        expect(`${institution} ${step.state}: ${fault}`).toBe(`${institution} ${step.state}: null`)
      })
    }
  })
})
