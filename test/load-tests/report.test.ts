/** What a run is recorded as, and the report of it: whole in one file, and nobody in it can be known. */
import { describe, expect, it } from 'vitest'
import { type Outcome, understand } from '../../load-tests/kit/answers.ts'
import { type ProfileRun, readArguments } from '../../load-tests/kit/arguments.ts'
import { Events } from '../../load-tests/kit/events.ts'
import { Times } from '../../load-tests/kit/histogram.ts'
import type { PlannedVisit } from '../../load-tests/kit/plan.ts'
import { PROFILES } from '../../load-tests/kit/profiles.ts'
import { Recorder } from '../../load-tests/kit/recorder.ts'
import { pageOf } from '../../load-tests/kit/report/page.ts'
import { phasesOf, type RunResult } from '../../load-tests/kit/run.ts'
import type { Sample } from '../../load-tests/kit/sender.ts'
import { summaryOf } from '../../load-tests/kit/summary.ts'

const WORDS = ['--profile', 'one-province-dark', '--rate', '5', '--minutes', '0.5', '--dark', '440000']
const run = readArguments(WORDS) as ProfileRun
const DURATION_MS = 30_000
const IDENTITY = '990044198001010017'
const PROBLEMS = [{ zh: '结果未知', title: 'No clear answer; money may have moved', retry: 'inquire-first' }]
const TALLY = { begun: 0, ended: 0, open: 0, settled: 0, reversed: 0, standingFen: 0 }
const nothing = { tally: TALLY, effects: { standing: 0, standingFen: 0 } }

function sample(dueMs: number, ms: number, more: Partial<Sample> & { told?: string } = {}): Sample {
  const understood = understand(more.told ? { infcode: -1, err_msg: more.told } : { infcode: 0 }, PROBLEMS)
  return {
    transaction: '2207',
    destination: 'national/340000',
    dueMs,
    endMs: dueMs + ms,
    understood,
    outcome: understood.outcome,
    times: { own: 1, commit: 2, counterpart: ms - 4 },
    ...more,
  }
}

/** A run of 30 seconds in which Guangdong is silent from the tenth on, until the twentieth. */
function played(): { recorder: Recorder; events: Events } {
  let now = 0
  const profile = PROFILES['one-province-dark']
  const recorder = new Recorder(1000, phasesOf(profile, DURATION_MS, '440000'))
  const events = new Events('440000', () => now)
  recorder.listen((each) => events.see(each))
  for (let second = 0; second < 30; second += 1) {
    now = second * 1000
    if (second === 10) events.turned('dark')
    if (second === 20) events.turned('back')
    recorder.visitBegins(now)
    recorder.sent('2207', now, 0.1)
    recorder.answered(sample(now, 20))
    const told = `E701 结果未知：证件${IDENTITY}</script><b>，平台可能已办理`
    const dark = second >= 10 && second < 20 ? { told } : {}
    recorder.sent('2207', now, 0.1)
    recorder.answered(sample(now, dark.told ? 5000 : 30, { destination: 'national/440000', ...dark }))
    const visit = { kind: 'outpatient', dueMs: now } as PlannedVisit
    const outcome: Outcome = dark.told ? 'unknown' : 'yes'
    recorder.visitEnded({ visit, outcome, pausedMs: 0, isSettled: !dark.told }, now + 30)
  }
  return { recorder, events }
}

function resultOf(verdict: RunResult['verdict'] = 'valid', faults: readonly string[] = []): RunResult {
  return {
    ...played(),
    profile: PROFILES['one-province-dark'],
    parties: { gateway: 'http://127.0.0.1:8080', provinces: ['http://127.0.0.1:8095'] },
    memory: [
      { atMs: 0, bytes: 2 ** 27 },
      { atMs: 29_000, bytes: 2 ** 28 },
    ],
    verdict,
    faults,
    before: nothing,
    after: {
      tally: { ...TALLY, begun: 60, ended: 60, settled: 51, reversed: 1, standingFen: 4200 },
      effects: { standing: 50, standingFen: 4200 },
    },
    heard: { sent: 60, yes: 50 },
    startedAt: new Date('2026-03-02T01:00:00Z'),
    durationMs: DURATION_MS,
    dark: { province: '440000', how: { zh: '由操作人员手工切换', en: 'by the operator, by hand' } },
    endedEarly: false,
  }
}

describe('Times', () => {
  it('gives quantiles to three figures, the least at 0, and nothing of nothing', () => {
    const times = new Times()
    expect(times.quantile(0.5)).toBeNull()
    for (let ms = 1; ms <= 1000; ms += 1) times.add(ms)
    for (const share of [0, 0.5, 0.9, 0.99, 0.999]) {
      const wanted = Math.max(1, share * 1000)
      expect(Math.abs(times.quantile(share)! - wanted) / wanted).toBeLessThan(0.002)
    }
  })
})

describe('summaryOf()', () => {
  const summary = summaryOf(run, resultOf())

  it('counts to the message, and a visit that was not settled is none', () => {
    const { headline, byDestination } = summary
    expect(headline).toMatchObject({ visits: 30, wanted: 30, settledDirectly: 20, messages: 60, unclear: 10 })
    expect(headline).toMatchObject({
      settledDirectlyPercent: 66.667,
      standing: 50,
      standingFen: 4200,
      open: 0,
    })
    expect(byDestination.map(({ name, yes, unclear }) => [name, yes, unclear])).toEqual([
      ['national/340000', 30, 0],
      ['national/440000', 20, 10],
    ])
  })

  it('tells the dark province from the others, before, during and after', () => {
    const rows = summary.byPhase.map(({ phase, name, messages, unclear }) => [phase, name, messages, unclear])
    expect(rows.toSorted()).toEqual([
      ['after', '440000+', 10, 0],
      ['after', 'others', 10, 0],
      ['before', '440000+', 10, 0],
      ['before', 'others', 10, 0],
      ['dark', '440000+', 10, 10],
      ['dark', 'others', 10, 0],
    ])
    const others = summary.byPhase.find(({ phase, name }) => phase === 'dark' && name === 'others')!
    expect(others.p99).toBeCloseTo(20, 0)
  })

  it('breaks an answered message down by who spent the time, without a message that nobody answered', () => {
    const [anhui, guangdong] = summary.byDestination
    expect(anhui!.spent).toEqual({ own: 1, queue: 0, commit: 2, counterpart: 16, rest: 1 })
    expect(guangdong!.spent).toEqual({ own: 1, queue: 0, commit: 2, counterpart: 26, rest: 1 })
  })

  it('lays messages in the step in which they were due', () => {
    const { seconds, outcomes, p99, spent } = summary.series
    const at = seconds.indexOf(12)
    expect(outcomes['national/440000']!.unclear[at]).toBe(1)
    expect(p99[at]).toBeGreaterThan(4990)
    expect(spent.counterpart[at]).toBe(16)
  })

  it('tells when the province went dark, when the first waited in vain, and when the first success was', () => {
    expect(summary.events.map(({ atMs, en }) => [atMs, en])).toEqual([
      [10_000, '440000 went dark'],
      [15_000, 'national/440000: first that waited in vain, 5000 ms later'],
      [20_000, '440000 came back'],
      [20_030, 'national/440000: first success after it came back, 30 ms later'],
    ])
    expect(summary.darkness).toEqual([10, 20])
  })
})

describe('Events', () => {
  it('tell the last message that was in vain although the province was back', () => {
    let now = 0
    const events = new Events('440000', () => now)
    events.turned('dark')
    now = 1000
    events.turned('back')
    const told = '平台暂不可用：未发出，未发生费用'
    for (const [dueMs, outcome] of [
      [900, 'unsent'],
      [1100, 'unsent'],
      [1300, 'unsent'],
      [1400, 'yes'],
    ] as const)
      events.see({ ...sample(dueMs, 5, { destination: 'national/440000', told }), outcome })
    events.visitsEnded()
    expect(events.list.map(({ atMs, en }) => [atMs, en]).slice(2)).toEqual([
      [905, 'national/440000: first refused unsent, 905 ms later'],
      [1405, 'national/440000: first success after it came back, 405 ms later'],
      [1305, 'national/440000: last one in vain after it came back, 305 ms later'],
    ])
  })
})

describe('pageOf()', () => {
  const result = resultOf()
  const page = pageOf({ run, result, summary: summaryOf(run, result), words: WORDS })

  it('asks no host for anything but names those of the run', () => {
    const hosts = [...page.matchAll(/https?:\/\/([^\s"'`<]*)/g)].map(([, host]) => host)
    expect([...new Set(hosts)].sort()).toEqual(['127.0.0.1:8080', '127.0.0.1:8095'])
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"`,
    )
    expect(page).not.toMatch(/<(?:link|img|iframe)\b|\bsrc=|@import|url\(/)
  })

  it('holds no number of a person, and nothing that was told can become markup', () => {
    expect(page).not.toContain(IDENTITY)
    expect(page).not.toMatch(/(?<![\d.])\d{15}(?:\d{2}[\dX])?(?![\d.])/)
    expect(page).toContain('结果未知：证件…&lt;/script&gt;&lt;b&gt;，平台可能已办理')
    expect(page.match(/<script/g)).toHaveLength(3)
    expect(page.match(/<\/script>/g)).toHaveLength(3)
  })

  it('holds no name that could end its data early', () => {
    const summary = summaryOf(run, result)
    const outcomes = { '</script><b>': summary.series.outcomes['national/340000']! }
    const named = { ...summary, series: { ...summary.series, outcomes } }
    expect(pageOf({ run, result, summary: named, words: WORDS }).match(/<\/script>/g)).toHaveLength(3)
  })

  it('carries its data, its charts, its command and what it does not measure', () => {
    const [, data] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)!
    expect(JSON.parse(data!)).toMatchObject({ darkness: [10, 20], series: { seconds: expect.any(Array) } })
    for (const id of ['rate', 'latency', 'spent', 'quantiles', 'memory', 'outcomes']) {
      expect(page).toContain(`id="${id}"`)
    }
    expect(page).toContain('npm run load -- --profile one-province-dark --rate 5 --minutes 0.5 --dark 440000')
    expect(page).toContain('未测量的内容')
    expect(page).toContain('440000 广东 · 经国家平台')
  })

  it.each([
    ['valid', [], '有效'],
    ['unproven', [], '未与平台核对'],
    ['void', ['sent = begun: 2 ≠ 1'], '作废'],
  ] as const)('of a run that is %s says so first', (verdict, faults, word) => {
    const judged = resultOf(verdict, faults)
    const text = pageOf({ run, result: judged, summary: summaryOf(run, judged), words: WORDS })
    const section = /<section class="verdict (\w+)">(.*?)<\/section>/s.exec(text)!
    expect(section[1]).toBe(verdict)
    expect(section[2]).toContain(word)
    for (const fault of faults) expect(section[2]).toContain(fault)
  })
})
