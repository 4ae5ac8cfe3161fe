/** The settlement rate is that of the worked example, for every scope, basis and date, and exact at its targets. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Area } from '../../src/domain/area.ts'
import type { Day } from '../../src/domain/day.ts'
import { type RateQuestion, SCOPES, settlementRate } from '../../src/reports/settlement-rate.ts'
import type { Stay } from '../../src/reports/stay.ts'
import { targetOf } from '../../src/reports/targets.ts'
import { COUNTY, EXAMPLE, EXAMPLE_RESULTS, stayOf } from './support.ts'

const FIRST_QUARTER: RateQuestion = {
  area: COUNTY,
  from: '2025-01-01' as Day,
  to: '2025-03-31' as Day,
  asOf: '2026-03-31' as Day,
  scope: 'cross',
  basis: 'broad',
}

const ask = (stays: readonly Stay[], question: Partial<RateQuestion> = {}) =>
  settlementRate(stays, { ...FIRST_QUARTER, ...question })

/** Numerator and denominator, broad, of one cross-province stay unless said otherwise. */
function countOf(
  events: string,
  asOf = '2026-03-31',
  where: 'X' | 'N' | 'L' = 'X',
  discharged = '2025-02-01',
) {
  const rate = ask([stayOf('S', 'P', where, discharged, events)], { asOf: asOf as Day, scope: 'all' })
  return `${rate.numerator}/${rate.denominator}`
}

describe('settlementRate() on the worked example', () => {
  it.each(EXAMPLE_RESULTS)('as of %s, %s, %s: %i of %i', (asOf, scope, basis, ...expected) => {
    const rate = ask(EXAMPLE, { asOf, scope, basis })
    expect([rate.numerator, rate.denominator, rate.rate, rate.reached]).toEqual(expected)
  })

  it('counts ten persons with a cross-province stay', () => {
    expect(ask(EXAMPLE).persons).toBe(10)
  })

  it('has S07 alone in the second quarter', () => {
    const rate = ask(EXAMPLE, { from: '2025-04-01' as Day, to: '2025-06-30' as Day })
    expect([rate.numerator, rate.denominator, rate.rate]).toEqual([1, 1, 100])
  })

  it('gives the whole shape', () => {
    expect(ask(EXAMPLE)).toEqual({
      indicator: 'CPR',
      area: '621025',
      period: { from: '2025-01-01', to: '2025-03-31' },
      asOf: '2026-03-31',
      status: 'final',
      scope: 'cross',
      basis: 'broad',
      numerator: 8,
      denominator: 11,
      rate: 72.73,
      target: 70,
      reached: true,
      baseline2020: 50.9,
      components: { direct: 8, withdrawnOnly: 0, selfPayUploaded: 1, manual: 2 },
      persons: 10,
      restatedFrom: { asOf: '2025-04-05', numerator: 8, denominator: 10, rate: 80 },
    })
  })

  it.each([
    ['2025-04-04', 'interim'],
    ['2025-04-05', 'provisional'],
    ['2026-03-30', 'provisional'],
    ['2026-03-31', 'final'],
  ])('as of %s it is %s', (asOf, status) => {
    expect(ask(EXAMPLE, { asOf: asOf as Day }).status).toBe(status)
  })
})

describe('settlementRate() edge cases (section 2.1)', () => {
  it.each([
    ['direct, then withdrawn, before any claim', 'D 02-01, R 02-03', '0/1'],
    ['withdrawn and settled directly again', 'D 02-01, R 02-03, D 02-04', '1/1'],
    ['withdrawn and paid manually, once only', 'D 02-01, R 02-03, M 04-20', '0/1'],
    ['interim and final settlement', 'D 01-25, D 02-01', '1/1'],
    ['interim and final, the final withdrawn', 'D 01-25, D 02-01, R 02-02', '1/1'],
    ['withdrawn after publication, settled again', 'D 02-01, R 05-01, D 05-02', '1/1'],
    ['withdrawn after publication, not settled again', 'D 02-01, R 05-01', '0/1'],
    ['manual claim months later', 'M 09-20', '0/1'],
    ['self-paid, never claimed', 'U 02-20', '0/1'],
    ['direct and manual together count as manual', 'D 02-01, M 02-02', '0/1'],
    ['known by nothing', '', '0/0'],
  ])('%s', (_name, events, expected) => {
    expect(countOf(events)).toBe(expected)
  })

  it('knows an event on its day, not the day before', () => {
    expect(countOf('D 02-01', '2025-02-01')).toBe('1/1')
    expect(countOf('D 02-01', '2025-01-31')).toBe('0/0')
    expect(countOf('D 02-01, R 02-03', '2025-02-02')).toBe('1/1')
    expect(countOf('D 02-01, R 02-03', '2025-02-03')).toBe('0/1')
  })

  it('takes the first and the last day of the period, and neither day beside it', () => {
    const days = ['2024-12-31', '2025-01-01', '2025-03-31', '2025-04-01']
    const counted = days.map((discharged) => countOf('D 05-01', '2026-03-31', 'X', discharged))
    expect(counted).toEqual(['0/0', '1/1', '1/1', '0/0'])
  })

  it('leaves local stays out of every scope', () => {
    for (const scope of SCOPES) {
      expect(ask([stayOf('S', 'P', 'L', '2025-02-01', 'D 02-01')], { scope }).denominator).toBe(0)
    }
  })

  it('counts two stays of one person, and a same-day transfer, as two stays of one person', () => {
    const first = stayOf('S1', 'P', 'X', '2025-02-01', 'D 02-01')
    const rate = ask([first, { ...first, stay: 'S2', institution: 'H2', admitted: '2025-02-01' as Day }])
    expect([rate.denominator, rate.persons]).toEqual([2, 1])
  })

  it('leaves self-paid and merely withdrawn stays out of the narrow denominator', () => {
    const stays = [
      stayOf('S1', 'P1', 'X', '2025-02-01', 'U 02-01'),
      stayOf('S2', 'P2', 'X', '2025-02-01', 'D 02-01, R 02-02'),
    ]
    const rate = ask(stays, { basis: 'narrow' })
    expect([rate.numerator, rate.denominator, rate.rate, rate.reached]).toEqual([0, 0, null, null])
  })

  it('takes all areas of a city or a province', () => {
    const areas = ['621025', '621000', '620000', '621002', '340000'] as Area[]
    expect(areas.map((area) => ask(EXAMPLE, { area }).denominator)).toEqual([11, 11, 11, 0, 0])
  })

  it('says nothing of a restatement where the figure stayed, or was not yet published', () => {
    expect(ask(EXAMPLE, { asOf: '2025-04-06' as Day }).restatedFrom).toBeUndefined()
    expect(ask(EXAMPLE, { asOf: '2025-03-31' as Day }).restatedFrom).toBeUndefined()
    const withdrawn = [stayOf('S', 'P', 'X', '2025-03-30', 'D 03-30, R 04-03, M 04-05')]
    expect(ask(withdrawn, { asOf: '2025-04-03' as Day, basis: 'narrow' }).restatedFrom).toBeUndefined()
    expect(ask(EXAMPLE, { asOf: '2025-06-15' as Day }).restatedFrom?.denominator).toBe(10)
  })
})

describe('targets', () => {
  const many = (direct: number, uploaded: number) => [
    ...Array.from({ length: direct }, (_, n) => stayOf(`D${n}`, `D${n}`, 'X', '2025-02-01', 'D 02-01')),
    ...Array.from({ length: uploaded }, (_, n) => stayOf(`U${n}`, `U${n}`, 'X', '2025-02-01', 'U 02-01')),
  ]

  it('70.00 % is not above 70 %', () => {
    expect(ask(many(7, 3))).toMatchObject({ rate: 70, reached: false })
  })

  it('70.003 % is above 70 %, though it shows as 70.00', () => {
    expect(ask(many(20_001, 8_571))).toMatchObject({ rate: 70, reached: true })
  })

  it('rounds half up', () => {
    expect(ask(many(1, 799)).rate).toBe(0.13) // 0.125 %
    expect(ask(many(1, 2)).rate).toBe(33.33)
    expect(ask(many(2, 1)).rate).toBe(66.67)
  })

  it.each([
    ['CPR', '621025', 5090, 7000],
    ['IPR', '621025', 7150, 9000],
    ['OAR-all', '621025', null, 7000],
    ['CPR', '621000', null, 7000],
    ['OAR-all', '340000', 5200, 7000],
    ['OAR-all', '340103', 5200, 7000],
    ['CPR', '340000', null, 7000],
    ['CPR', '430900', null, 7000],
  ] as const)('%s of %s', (indicator, area, baseline2020, target) => {
    expect(targetOf(indicator, area as Area)).toMatchObject({ baseline2020, target })
  })

  it('no plan names an IPR outside Zhengning', () => {
    expect(targetOf('IPR', '621002' as Area)).toBeNull()
    expect(ask(EXAMPLE, { area: '620000' as Area, scope: 'intra' })).toMatchObject({
      target: null,
      reached: null,
    })
  })
})

describe('properties', () => {
  const days = fc.integer({ min: 1, max: 28 }).map((day) => `05-${String(day).padStart(2, '0')}`)
  const events = fc
    .array(fc.tuple(fc.constantFrom('D', 'R', 'U', 'M'), days), { maxLength: 5 })
    .map((list) => list.map(([event, at]) => `${event} ${at}`).join(', '))
  const stays = fc
    .array(fc.tuple(events, fc.constantFrom('X' as const, 'N' as const, 'L' as const), fc.nat(4)), {
      maxLength: 20,
    })
    .map((list) => list.map(([text, where, n], id) => stayOf(`S${id}`, `P${n}`, where, '2025-03-31', text)))
  const asOfs = days.map((day) => `2025-${day}` as Day)
  const scopes = fc.constantFrom(...SCOPES)

  it('components add up; numerator ≤ narrow ≤ broad; all = cross + intra', () => {
    fc.assert(
      fc.property(stays, asOfs, scopes, (some, asOf, scope) => {
        const broad = ask(some, { asOf, scope })
        const narrow = ask(some, { asOf, scope, basis: 'narrow' })
        const { direct, manual, selfPayUploaded, withdrawnOnly } = broad.components
        expect(direct + manual + selfPayUploaded + withdrawnOnly).toBe(broad.denominator)
        expect(direct + manual).toBe(narrow.denominator)
        expect(narrow.components).toEqual(broad.components)
        expect(broad.numerator).toBe(narrow.numerator)
        expect(broad.numerator).toBeLessThanOrEqual(narrow.denominator)
        expect(narrow.denominator).toBeLessThanOrEqual(broad.denominator)
        expect(broad.persons).toBeLessThanOrEqual(broad.denominator)
        const [cross, intra, all] = SCOPES.map((each) => ask(some, { asOf, scope: each }).denominator)
        expect(cross! + intra!).toBe(all)
      }),
    )
  })

  it('the order of stays and of their events changes nothing', () => {
    const shuffled = stays.chain((some) =>
      fc
        .shuffledSubarray(some, { minLength: some.length })
        .map(
          (other) => [some, other.map((stay) => ({ ...stay, events: stay.events.toReversed() }))] as const,
        ),
    )
    fc.assert(
      fc.property(shuffled, asOfs, scopes, ([some, other], asOf, scope) => {
        expect(ask(other, { asOf, scope })).toEqual(ask(some, { asOf, scope }))
      }),
    )
  })
})
