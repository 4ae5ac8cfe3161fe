/** Steps of openings last: all or none is written, a restart reads them, a running gateway follows. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Day, type Instant, parseDay } from '../../src/domain/day.ts'
import type { LaneOpening } from '../../src/domain/onboarding.ts'
import { bookOf, stepsOf } from '../../src/onboarding/book.ts'
import { readSteps, stepsFile } from '../../src/onboarding/file.ts'
import { openLiveOnboarding } from '../../src/onboarding/live.ts'
import { OnboardingRefused, type StepAsked, takeStep } from '../../src/onboarding/take-step.ts'
import type { Clock } from '../../src/ports.ts'

const TODAY = parseDay('2026-12-01')
const HOSPITAL = 'H43090290001'
const CROSS: LaneOpening = { lane: 'outpatient', reach: 'cross', population: 'employee' }
const BOTH = [CROSS, { ...CROSS, population: 'resident' }] as const

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-onboarding-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function take(asked: Partial<StepAsked>, lanes: readonly string[] | null = [], today: Day = TODAY) {
  const lanesOf = () => lanes && new Set(lanes)
  const place = { dataDir, shipped: [], today, now: 7 as Instant, lanesOf }
  const usual = {
    institution: HOSPITAL,
    openings: [CROSS],
    state: 'applied',
    by: '张三',
    reason: '试点',
  } as const
  return takeStep(place, { ...usual, ...asked })
}

const states = () => readSteps(dataDir).map(({ state, population }) => `${state} ${population}`)

describe('takeStep()', () => {
  it('adds the steps one behind the other, with who, why, when and the score of a test', () => {
    const score = { passed: 12, failed: 0, transactions: 4, lanes: 2 }
    for (const state of ['applied', 'changed'] as const) take({ state })
    take({ state: 'tested', score, by: ' 李四 ' })
    const [opening] = take({ state: 'opened', from: parseDay('2027-01-01') })
    expect(opening!.steps.map(({ state, from, by }) => `${state} ${from} ${by}`)).toEqual([
      'applied 2026-12-01 张三',
      'changed 2026-12-01 张三',
      'tested 2026-12-01 李四',
      'opened 2027-01-01 张三',
    ])
    expect(opening!.steps[2]).toMatchObject({ score, at: 7, reason: '试点' })
    expect(stepsOf(bookOf(readSteps(dataDir)), HOSPITAL, CROSS)).toEqual(opening!.steps)
  })

  it('takes a step with all openings or with none', () => {
    take({})
    expect(() => take({ openings: BOTH, state: 'changed' })).toThrow(
      new OnboardingRefused(
        `${HOSPITAL}跨省普通门诊（居民医保）直接结算：尚未申请，下一步只能是“已申请”，不能是“已完成系统改造”；没有变更`,
      ),
    )
    expect(states()).toEqual(['applied employee'])
  })

  it('takes the same step again as the one that stands', () => {
    const [first] = take({})
    expect(take({})).toEqual([first])
    expect(states()).toEqual(['applied employee'])
    expect(() => take({ by: '李四' })).toThrow('现为“已申请”')
  })

  it('suspends what the register alone has open, and takes no application for it', () => {
    expect(() => take({}, ['outpatient'])).toThrow('现为“已开通”，下一步只能是“已暂停”')
    take({ state: 'suspended' }, ['outpatient'])
    expect(states()).toEqual(['suspended employee'])
  })

  it('refuses an institution that is not in the register', () => {
    expect(() => take({}, null)).toThrow(`定点医药机构${HOSPITAL}未登记，没有变更`)
    expect(readSteps(dataDir)).toEqual([])
  })
})

describe('openLiveOnboarding()', () => {
  const open = (faults: unknown[] = []) => {
    let look = () => {}
    const clock = {
      after(_ms: number, callback: () => void) {
        look = callback
        return () => {}
      },
    } as unknown as Clock
    const live = openLiveOnboarding({ dataDir, shipped: [], clock, fault: (cause) => faults.push(cause) })
    return { live, look: () => look() }
  }

  it('reads what stands at the start, and what others write later, without a restart', async () => {
    take({})
    const { live, look } = open()
    const now = () => stepsOf(live.current(), HOSPITAL, CROSS).map(({ state }) => state)
    expect(now()).toEqual(['applied'])
    take({ state: 'changed' })
    look()
    await expect.poll(now).toEqual(['applied', 'changed'])
    take({ state: 'tested' })
    live.reload()
    expect(now()).toEqual(['applied', 'changed', 'tested'])
    live.stop()
  })

  it('goes on with what was in use where the file is bad, and says so once; a start stops', async () => {
    take({})
    const faults: unknown[] = []
    const { live, look } = open(faults)
    writeFileSync(stepsFile(dataDir), readFileSync(stepsFile(dataDir), 'utf8').slice(0, 40))
    look()
    await expect.poll(() => faults).toHaveLength(1)
    expect(stepsOf(live.current(), HOSPITAL, CROSS)).toHaveLength(1)
    live.stop()
    expect(() => open()).toThrow('is not readable; restore it from a backup')
  })
})
