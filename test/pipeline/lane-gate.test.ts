/** The gate of a lane: closed unless opened on the day, by reach and population; what undoes or asks passes. */
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { parseArea } from '../../src/domain/area.ts'
import { type Instant, parseDay } from '../../src/domain/day.ts'
import type { LaneOpening, OnboardingState } from '../../src/domain/onboarding.ts'
import type { GatewayError } from '../../src/domain/problems.ts'
import type { Message } from '../../src/extension/dialect.ts'
import { type BookedStep, bookOf, openLanesOn } from '../../src/onboarding/book.ts'
import type { Institution } from '../../src/pipeline/institution-directory.ts'
import { judgeOpen } from '../../src/pipeline/lane-gate.ts'

const TODAY = parseDay('2026-12-01')
const CODE = 'H43090290001'
const EMPLOYEES: LaneOpening = { lane: 'outpatient', reach: 'cross', population: 'employee' }

const step = (state: OnboardingState, from = '2026-11-01', of = EMPLOYEES): BookedStep => ({
  ...{ institution: CODE, ...of, state, from: parseDay(from), by: '张三', reason: '试点', at: 0 as Instant },
})

/** @param lanes that the register has open */
function institution(steps: readonly BookedStep[], lanes: readonly string[] = ['outpatient']): Institution {
  const open = openLanesOn(bookOf(steps).get(CODE) ?? [], new Set(lanes), TODAY)
  return {
    ...{ code: CODE, name: '测试医院', area: '430902', systems: {}, codes: 'warn' },
    ...{ lanes: new Set(lanes), open, suspended: false },
  }
}

/** Judges a message of somebody insured in Anhui, or where it is said. */
function refusal(
  at: Institution,
  { transaction = '2207', insurance = '310' as string | undefined, insured = '340104' } = {},
): string | null {
  const message = {
    operation: national.operations[transaction]!,
    subject: insurance === undefined ? {} : { insurance },
    insuredArea: parseArea(insured),
    treatmentArea: parseArea('430902'),
  } as unknown as Message
  try {
    judgeOpen(message, 'outpatient', at)
    return null
  } catch (error) {
    const { code, row, extra, message: text } = error as GatewayError
    expect(code).toBe('institution-closed')
    return `${extra.reason ?? row.reason} ${text}`
  }
}

const END = '本次未发出，费用没有变动；请按自费结算，由参保人回参保地手工报销，或到已开通的机构就医'

describe('judgeOpen()', () => {
  it.each<[string, BookedStep[], string[], string | null]>([
    ['no step, register open', [], ['outpatient'], null],
    [
      'no step, register closed',
      [],
      [],
      `E301 定点医药机构${CODE}未开通跨省普通门诊（职工医保）直接结算，${END}`,
    ],
    ['applied', [step('applied')], ['outpatient'], 'E301 '],
    ['changed', [step('applied'), step('changed')], ['outpatient'], '系统改造已完成，尚未通过测试'],
    ['tested', [step('tested')], ['outpatient'], '已通过测试，尚未开通'],
    ['opened today', [step('tested'), step('opened', '2026-12-01')], [], null],
    ['opened tomorrow', [step('tested'), step('opened', '2026-12-02')], [], '尚未开通'],
    [
      'suspended today',
      [step('opened'), step('suspended', '2026-12-01')],
      ['outpatient'],
      `E302 定点医药机构${CODE}未开通跨省普通门诊（职工医保）直接结算（已暂停），${END}`,
    ],
    ['suspended tomorrow', [step('opened'), step('suspended', '2026-12-02')], [], null],
    ['suspended tomorrow by the register', [step('suspended', '2026-12-02')], ['outpatient'], null],
    ['resumed', [step('suspended'), step('opened', '2026-12-01')], [], null],
  ])('of a lane that is %s', (_what, steps, lanes, says) => {
    const told = refusal(institution(steps, lanes))
    if (says === null) expect(told).toBeNull()
    else expect(told).toContain(says)
  })

  it('is of one population: employees opened, residents not', () => {
    const at = institution([
      step('opened'),
      step('applied', '2026-11-01', { ...EMPLOYEES, population: 'resident' }),
    ])
    expect(refusal(at, { insurance: '310' })).toBeNull()
    expect(refusal(at, { insurance: '390' })).toContain('（居民医保）直接结算（已申请')
    expect(refusal(at, { insurance: undefined })).toBeNull()
    expect(refusal(at, { insurance: '399' })).toBeNull()
  })

  it('is of one reach: another province closed, the own one open, the own city never asked', () => {
    const at = institution([step('applied')])
    expect(refusal(at, { insured: '340104' })).not.toBeNull()
    expect(refusal(at, { insured: '430104' })).toBeNull()
    const none = institution(
      [step('suspended'), step('suspended', '2026-11-01', { ...EMPLOYEES, reach: 'intra' })],
      [],
    )
    expect(refusal(none, { insured: '430104' })).toContain('E302')
    expect(refusal(none, { insured: '430903' })).toBeNull()
  })

  it('stops what opens, tries and settles a visit, and lets pass what undoes it or asks', () => {
    const at = institution([step('suspended')], [])
    const stopped = ['2201', '2203', '2206', '2207', '2303', '2304', '2401', '2206A', '2207A']
    const passing = [
      '2202',
      '2205',
      '2208',
      '2302',
      '2305',
      '2402',
      '2404',
      '2405',
      '2103',
      '2601',
      '5203',
      '5303',
    ]
    const known = (numbers: string[]) => numbers.filter((one) => national.operations[one])
    expect(known(stopped)).toHaveLength(stopped.length)
    for (const transaction of stopped) expect(refusal(at, { transaction }), transaction).toContain('E302')
    for (const transaction of known(passing)) expect(refusal(at, { transaction }), transaction).toBeNull()
  })
})
