/** What a bench reckons: its figures, its gate, its quantiles and the platform's book; and tiny runs. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claimsOf, ID } from '../../load-tests/bench/claims.ts'
import { otherAnswer, settledAnswer } from '../../load-tests/bench/endpoint-answers.ts'
import { createBook } from '../../load-tests/bench/endpoint-book.ts'
import { FIGURES, lineOf } from '../../load-tests/bench/figures.ts'
import { freshId, ID_LENGTH, serialOf } from '../../load-tests/bench/ids.ts'
import { arrivals, verdictOf } from '../../load-tests/bench/open-loop.ts'
import { openingOf } from '../../load-tests/bench/opening.ts'
import { judged } from '../../load-tests/bench/stage.ts'
import { median, quantile, spread } from '../../load-tests/statistics.ts'

describe('lineOf()', () => {
  it('has every key, and null for what was not measured', () => {
    const line = lineOf([{ figures: { throughputRatio20: 0.123456 }, lines: [], faults: [] }])
    expect(Object.keys(line)).toEqual([...FIGURES, 'valid'])
    expect(line.throughputRatio20).toBe(0.1235)
    expect(line.rssGrowth).toBeNull()
    expect(line.valid).toBe(true)
  })

  it('is void where one part is, and where nothing was run', () => {
    const sound = { figures: {}, lines: [], faults: [] }
    expect(lineOf([sound, { ...sound, faults: ['one fen'] }]).valid).toBe(false)
    expect(lineOf([]).valid).toBe(false)
    expect(lineOf([{ ...sound, faults: null }]).valid).toBe(false)
    expect(lineOf([sound, { ...sound, faults: null }]).valid).toBe(true)
  })

  it('holds no figure that is no number', () => {
    const figures = { cpuRatio20: Number.NaN, cpuRatio200: Number.POSITIVE_INFINITY }
    expect(lineOf([{ figures, lines: [], faults: [] }])).toMatchObject({
      cpuRatio20: null,
      cpuRatio200: null,
    })
  })
})

describe('judged()', () => {
  const tally = { begun: 0, ended: 0, open: 0, settled: 0, reversed: 0, standingFen: 0 }
  const before = { tally, effects: { standing: 0, standingFen: 0 } }
  const after = (begun: number, settled: number) => ({
    tally: { ...tally, begun, ended: begun, settled, standingFen: settled },
    effects: { standing: settled, standingFen: settled },
  })

  it.each([
    ['all written down', 10, 10, 8, 2, 0],
    ['refusals not written down', 8, 10, 8, 2, 0],
    ['one of them not', 9, 10, 8, 2, 0],
    ['a settlement that was never taken up', 7, 10, 7, 2, 1],
    ['a settlement taken up twice', 11, 10, 8, 2, 1],
    ['a refusal where there was none', 9, 10, 9, 0, 1],
  ])('with %s', (_, begun, sent, yes, refused, faults) => {
    expect(judged(before, after(begun, yes), { sent, yes, refused })).toHaveLength(faults)
  })
})

describe('quantile()', () => {
  it('counts every request of a stall from the moment at which it was due', () => {
    // A server that stalls for a second at 100/s: the requests due meanwhile have waited 1000, 990, … ms.
    const calm = Array.from({ length: 900 }, () => 1)
    const stalled = Array.from({ length: 100 }, (_, index) => 1000 - index * 10)
    const all = [...calm, ...stalled]
    expect(quantile(all, 0.5)).toBe(1)
    expect(quantile(all, 0.99)).toBe(910)
    expect(median([3, 1, 2])).toBe(2)
    expect(spread([1, 2, 3])).toBe(1)
  })
})

describe('arrivals()', () => {
  it('come at the rate, in order, within the time', () => {
    let state = 1
    const next = () => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    }
    const due = arrivals(500, 20, next)
    expect(Math.abs(due.length - 10_000)).toBeLessThan(400)
    expect(due.toSorted((one, other) => one - other)).toEqual(due)
    expect(due.at(-1)).toBeLessThan(20_000)
  })
})

describe('verdictOf()', () => {
  it.each([
    ['{"infcode":0,"output":{}}', 'yes'],
    ['{"infcode":-1,"err_msg":"省平台340000暂时无法连接，未发出，未发生费用"}', 'refused'],
    ['{"infcode":-1,"err_msg":"可能已办理。请勿重复收费"}', 'lost'],
    ['{"infcode":-1,"err_msg":"交易日志无法写入，平台可能已办理，请先查询，勿重复收费"}', 'lost'],
    ['', 'lost'],
  ])('of %s is %s', (answer, verdict) => {
    expect(verdictOf(answer)).toBe(verdict)
  })
})

describe('openingOf()', () => {
  const shots = (verdict: (due: number) => 'yes' | 'refused' | 'lost', took = (_due: number) => 1) =>
    Array.from({ length: 500 }, (_, index) => index * 20).map((due) => ({
      ...{ due, took: took(due), verdict: verdict(due) },
    }))

  it('is the first moment from which a second of calls is refused at once', () => {
    const run = shots((due) => (due < 1000 || due >= 8500 ? 'yes' : due < 1600 ? 'lost' : 'refused'))
    const moments = { refusesMs: 600, openMs: 600, steadyMs: 600, backMs: 500 }
    const wanted = { ...moments, calls: 345, lost: 0, slow: 0, refusedMs: [1, 1] }
    expect(openingOf(run, 1000, 8000)).toEqual(wanted)
  })

  it('counts what was let through to the dark destination, and what was refused late', () => {
    const verdict = (due: number) => (due < 1000 || due >= 8000 ? 'yes' : due === 4000 ? 'lost' : 'refused')
    const run = shots(verdict, (due) => (due === 5000 ? 6 : 1))
    expect(openingOf(run, 1000, 8000)).toMatchObject({ openMs: 0, steadyMs: 0, lost: 1, slow: 1 })
  })

  it('is null where nothing was refused, or not at once', () => {
    const nothing = { refusesMs: null, openMs: null, steadyMs: null, backMs: null, calls: 0 }
    expect(
      openingOf(
        shots(() => 'lost'),
        1000,
        8000,
      ),
    ).toMatchObject(nothing)
    const late = openingOf(
      shots(
        () => 'refused',
        () => 6,
      ),
      1000,
      8000,
    )
    expect(late).toMatchObject({ refusesMs: 0, openMs: null, steadyMs: null })
  })

  it.each([
    [1, 0, 0],
    [3, 0, 40],
    [25, 0, 480],
    [26, 20, 500],
  ])(
    'with %i late ones first, waits until half of a second are at once, and until all but one are',
    (count, half, few) => {
      const took = (due: number) => (due >= 1000 && due < 1000 + count * 20 ? 6 : 1)
      const run = shots(() => 'refused', took)
      expect(openingOf(run, 1000, 8000)).toMatchObject({ openMs: half, steadyMs: few })
    },
  )
})

describe('the platform of a bench', () => {
  const question = (infno: string, data: object) =>
    Buffer.from(JSON.stringify({ infno, msgid: 'Q', input: { data } }))
  const ask = (infno: string, data: object, book = createBook()) =>
    JSON.parse(otherAnswer(question(infno, data), book))

  it('books once, and not what was undone before it came', () => {
    const book = createBook()
    book.book(7, 100)
    book.book(7, 100)
    book.undo(100_000)
    book.book(100_000, 100)
    expect(book.standing()).toEqual({ standing: 1, standingFen: 100 })
    book.undo(7)
    expect(book.standing()).toEqual({ standing: 0, standingFen: 0 })
  })

  it('shows a settlement that stands, and undoes by message id', () => {
    const book = createBook()
    const id = freshId()
    expect(ask('5203', { mdtrt_id: id }, book).infcode).toBe(-1)
    book.book(serialOf(id), 2500)
    const { output } = ask('5203', { mdtrt_id: id }, book)
    expect(output.setlinfo).toMatchObject({ medins_setl_id: id, medfee_sumamt: 25, psn_pay: 12.5 })
    expect(ask('2601', { omsgid: id }, book).infcode).toBe(0)
    expect(ask('5203', { mdtrt_id: id }, book).infcode).toBe(-1)
  })

  it('answers a settlement under its own id', () => {
    const id = freshId()
    expect(id).toHaveLength(ID_LENGTH)
    const { inf_refmsgid, output } = JSON.parse(settledAnswer(id, 25_000).toString())
    expect([inf_refmsgid, output.setlinfo.medins_setl_id, output.setlinfo.mdtrt_id]).toEqual([id, id, id])
    expect(output.result).toHaveLength(20)
  })
})

describe('claimsOf()', () => {
  it('says the same sum in its lines and its head, with local codes only', () => {
    const [claim] = claimsOf({ lines: 200 })
    const { input } = JSON.parse(claim!.body.replaceAll(ID, freshId()))
    const lines = input.feedetail as { det_item_fee_sumamt: number; med_list_codg: string }[]
    const fen = lines.reduce((sum, line) => sum + Math.round(line.det_item_fee_sumamt * 100), 0)
    expect([fen, claim!.totalFen]).toEqual([Math.round(input.data.medfee_sumamt * 100), fen])
    expect(lines.every(({ med_list_codg }) => med_list_codg === '')).toBe(true)
  })
})

describe.skipIf(process.platform === 'win32')('npm run bench', () => {
  it('runs a small measurement to its end, whose gate closes', () => {
    const asked = ['--json', '--only', 'throughput', '--rounds', '1', '--seconds', '0.1', '--rows', '0']
    const run = spawnSync('npm', ['run', '-s', 'bench', '--', ...asked], {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
    })
    expect(run.status, run.stdout + run.stderr).toBe(0)
    const line = JSON.parse(run.stdout.trim().split('\n').at(-1)!)
    expect(Object.keys(line)).toEqual([...FIGURES, 'valid'])
    expect(line.valid).toBe(true)
  })
})

describe.skipIf(process.platform === 'win32')('npm run beside', () => {
  const ROOT = join(import.meta.dirname, '../..')
  const beside = (...words: string[]) =>
    spawnSync('npm', ['run', '-s', 'beside', '--', ...words], { cwd: ROOT, encoding: 'utf8' })

  it('compares this build with itself, figure by figure', () => {
    const run = beside(ROOT, '--rounds', '1', '--seconds', '1', '--settlements', '100', '--json')
    expect(run.status, run.stdout + run.stderr).toBe(0)
    const ratios = JSON.parse(run.stdout.trim().split('\n').at(-1)!) as Record<string, number>
    expect(Object.keys(ratios)).toHaveLength(9)
    for (const [what, ratio] of Object.entries(ratios)) expect(ratio, what).toBeGreaterThan(0)
  })

  it('says what it needs where there is no build', () => {
    for (const words of [[], [join(ROOT, 'docs')], [ROOT, '--rounds', '0']])
      expect(beside(...words)).toMatchObject({ status: 2, stdout: '' })
  })
})
