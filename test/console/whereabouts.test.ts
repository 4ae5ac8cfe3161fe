/** Of three buttons one may be pressed at most, beside each other stands why not; sums and times are right. */
import { describe, expect, it } from 'vitest'
import { provinceDays } from '../../src/console/people/day-page.ts'
import { ageText, sayIn } from '../../src/console/people/language.ts'
import { hopsOf } from '../../src/console/people/reads.ts'
import { ACTIONS, whyNot } from '../../src/console/people/whereabouts.ts'

const say = sayIn('zh')
const known = { nextStep: 'ask', notFound: 1, leasedBy: null } as never
const facts = { state: 'unknown', known, paused: false, mayAct: true }
const at = (nextStep: string) => ({ ...facts, known: { nextStep, notFound: 1, leasedBy: null } as never })
const open = (more: object) => ACTIONS.filter((action) => whyNot(say, action, { ...facts, ...more }) === null)

describe('whyNot()', () => {
  it.each([
    ['ask', ['ask']],
    ['resend', ['ask']],
    ['undo', ['reverse']],
    ['verify', ['confirm']],
    ['operator', []],
  ])('offers for the next step %s %j', (step, expected) => expect(open(at(step))).toEqual(expected))

  it.each([
    ['what has ended', { state: 'accepted' }, '已了结'],
    ['what was not sent', { state: 'unsent' }, '未发出'],
    ['what is under way', { state: 'open' }, '正在办理'],
    ['what another worker has', { known: null }, '其他工作进程'],
    ['who may only look', { mayAct: false }, '只能查看'],
    ['a recovery that is paused', { paused: true }, '已暂停'],
    ['a step under way', { known: { nextStep: 'ask', notFound: 0, leasedBy: 'recovery' } }, '正在进行'],
  ])('offers nothing for %s, and says so', (_what, more, words) => {
    expect(open(more)).toEqual([])
    for (const action of ACTIONS)
      expect(whyNot(say, action, { ...facts, ...(more as object) })).toContain(words)
  })
})

describe('ageText()', () => {
  it.each([
    [0, '0秒'],
    [59, '59秒'],
    [60, '1分0秒'],
    [3599, '59分59秒'],
    [3600, '1小时0分'],
    [86_399, '23小时59分'],
    [86_400, '1天0小时'],
  ])('of %d s is %s', (seconds, text) => expect(ageText(say, seconds)).toBe(text))
})

describe('hopsOf()', () => {
  it('takes the half and the 99th of a hundred by destination', () => {
    const row = (destination: string, micros: number, state = 'accepted') => ({
      ...{ destination, state, ownMicros: micros, counterpartMicros: 10 * micros },
    })
    const rows = Array.from({ length: 200 }, (_, index) => row('a', (index + 1) * 1000))
    const [a, b] = hopsOf([...rows, row('b', 5000, 'unknown')])
    expect(a).toMatchObject({ destination: 'a', count: 200, ownMs: { half: 100, most: 198 }, unclear: 0 })
    expect(b).toMatchObject({ count: 1, counterpartMs: { half: 50, most: 50 }, unclear: 1 })
  })
})

describe('provinceDays()', () => {
  it('counts money only of what stands, cancellations with their negative amounts', () => {
    const row = (kind: string, state: string, fund: number) => ({
      ...{ province: '62', kind, state, count: 1, total: fund, fund, account: 0, cash: 0, hospital: 0 },
    })
    const [day] = provinceDays([
      row('settlement', 'accepted', 500),
      row('cancellation', 'accepted', -200),
      row('settlement', 'reversed', 70),
      row('settlement', 'unknown', 0),
      row('settlement', 'refused', 9),
    ])
    expect(day).toMatchObject({ settled: 1, cancelled: 1, reversed: 1, open: 1, total: 300, fund: 300 })
  })
})
