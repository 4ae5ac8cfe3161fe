/** The mapping-quality report counts what was judged and refused, and a line's money once, however often it came. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { CodeFault } from '../../../src/codes/evidence.ts'
import { instantFromShanghai, parseDay } from '../../../src/domain/day.ts'
import { mappingQuality } from '../../../src/reports/mapping-quality/mapping-quality.ts'
import { readMappingQualityQuestion } from '../../../src/reports/mapping-quality/question.ts'
import { mappingQualityText, worklistCsv } from '../../../src/reports/mapping-quality/text.ts'
import { type Database, openDatabase } from '../../../src/store/database.ts'
import { codes, HOSPITAL, message, settlement } from './support.ts'

let database: Database
beforeEach(() => {
  database = openDatabase(':memory:')
})

const day = parseDay('2025-06-10')
const today = parseDay('2025-06-30')
const ask = async (raw: Parameters<typeof readMappingQualityQuestion>[0] = {}) =>
  mappingQuality(database, codes, readMappingQualityQuestion(raw, today))
const only = async (raw?: Parameters<typeof readMappingQualityQuestion>[0]) =>
  (await ask(raw)).institutions[0]!

const item = (at: string, code: string, fen: number, name = ''): CodeFault => [
  ...([at, 'item', 'not-mapped', 'H'] as const),
  ...([code, name, fen] as const),
]
const illness = (code: string, name = ''): CodeFault => [
  '1',
  'diagnosis',
  'not-mapped',
  'H',
  code,
  name,
  null,
]

describe('mappingQuality()', () => {
  it('counts what was judged and what was refused, a message that comes again again', async () => {
    message(database, day, { lines: 10, diagnoses: 2 })
    message(database, day, { lines: 4, faults: [item('F1', 'Z9', 100)] })
    message(database, day, { lines: 4, faults: [item('F1', 'Z9', 100)] })
    expect((await only()).lines).toEqual({ judged: 18, refused: 2, converted: 16, percent: 88.89 })
    expect((await only()).diagnoses).toEqual({ judged: 2, refused: 0, converted: 2, percent: 100 })
  })

  it('counts the money of a line once, however often it came', async () => {
    message(database, day, { lines: 1, faults: [item('F1', 'Z9', 100)] })
    message(database, day, { lines: 1, faults: [item('F1', 'Z9', 100)] })
    message(database, day, { lines: 2, faults: [item('F2', 'Z9', 30)] })
    message(database, day, { lines: 1, faults: [item('F1', 'Z9', 7)] }, { encounter: 'E2' })
    const [first] = (await only()).worklist
    expect(first).toMatchObject({ code: 'Z9', times: 4, places: 3, fen: 137, last: day })
  })

  it('takes for a diagnosis what the visit was later settled for', async () => {
    message(database, day, { diagnoses: 1, faults: [illness('L9', '带状疱疹样')] })
    message(database, day, { diagnoses: 1, faults: [illness('L9')] }, { encounter: 'E2' })
    settlement(database, day, 'E1', 5000)
    const [first] = (await only()).worklist
    expect(first).toMatchObject({ standard: 'diagnosis', name: '带状疱疹样', places: 2, fen: 5000 })
    expect(first?.candidates[0]).toEqual({ code: 'B02.000', name: '带状疱疹' })
  })

  it('puts most money first, and rows of a map that are open last', async () => {
    const faults = [item('F1', 'Z8', 100), item('F2', 'Z9', 200)]
    message(database, day, { lines: 2, faults })
    const work = (await only()).worklist
    expect(work.slice(0, 2).map(({ code }) => code)).toEqual(['Z9', 'Z8'])
    expect(work.slice(2)).toMatchObject([
      { code: 'L4', name: '甲病', reason: 'retired', times: 0, fen: 0, last: null },
      { code: 'L5' },
      { code: 'L6', reason: 'grey' },
      { code: 'L7', reason: 'not-mapped' },
    ])
    expect((await only()).open).toBe(6)
    expect((await only({ limit: '1' })).worklist).toHaveLength(1)
    expect((await only({ limit: '1' })).openFen).toBe(300)
  })

  it('knows a code that is refused and has an open row as one', async () => {
    message(database, day, { diagnoses: 1, faults: [illness('L6')] })
    const same = (await only()).worklist.filter(({ code }) => code === 'L6')
    expect(same).toMatchObject([{ name: '灰色病', times: 1 }])
  })

  it('leaves out what is usable by now', async () => {
    message(database, day, { lines: 1, faults: [item('F1', 'Z1', 100)] })
    expect((await only()).solved).toBe(1)
    expect((await only()).worklist.map(({ code }) => code)).not.toContain('Z1')
  })

  it('tells the coverage of each map on the day', async () => {
    message(database, day, { lines: 1 })
    expect((await only()).coverage).toEqual([
      { system: 'H', standard: 'diagnosis', edition: '2025', mapped: 4, decidedNone: 0, open: 4 },
      { system: 'H', standard: 'treatment', edition: '1', mapped: 1, decidedNone: 0, open: 0 },
    ])
  })

  it('shows codes of a system without a map as open', async () => {
    const faults: CodeFault[] = [['F1', 'item', 'not-mapped', 'H62010290002', 'A1', '', 5]]
    message(database, day, { lines: 1, faults }, { institution: 'H62010290002' })
    expect((await only()).coverage).toEqual([
      { system: 'H62010290002', standard: 'item', edition: null, mapped: 0, decidedNone: 0, open: 1 },
    ])
  })

  it('keeps to the days and the institution, and to messages that change something', async () => {
    message(database, parseDay('2025-05-31'), { lines: 1 })
    message(database, parseDay('2025-06-01'), { lines: 2 })
    message(database, parseDay('2025-06-30'), { lines: 4 })
    message(database, day, { lines: 8 }, { institution: 'H62010290002' })
    message(database, day, { lines: 16 }, { kind: 'trial' })
    expect((await only()).lines.judged).toBe(6)
    expect((await ask()).institutions).toHaveLength(2)
    expect((await only({ institution: 'H62010290002' })).lines.judged).toBe(8)
    expect((await only({ from: '2025-05-31', to: '2025-05-31' })).lines.judged).toBe(1)
    expect((await ask({ from: '2024-01-01', to: '2024-01-31' })).institutions).toEqual([])
    const quiet = await only({ institution: HOSPITAL, from: '2024-01-01', to: '2024-01-31' })
    expect(quiet).toMatchObject({ name: '试验医院', lines: { judged: 0, percent: null } })
  })

  it('finds the days in a journal of many messages, out of order by some minutes', async () => {
    const days = ['2025-04-01', '2025-05-01', '2025-06-01', '2025-06-15', '2025-07-15'].map(parseDay)
    for (const one of days) for (let index = 0; index < 900; index += 1) message(database, one, { lines: 1 })
    expect((await only({ from: '2025-06-01', to: '2025-06-30' })).lines.judged).toBe(1800)
    expect((await only({ from: '2025-04-01', to: '2025-07-31' })).lines.judged).toBe(4500)
    expect((await only({ from: '2025-04-01', to: '2025-04-01' })).lines.judged).toBe(900)
    expect((await ask({ from: '2025-08-01', to: '2025-08-31' })).institutions).toEqual([])
    expect((await ask({ from: '2020-01-01', to: '2020-01-02' })).institutions).toEqual([])
  })

  it('finds a message that was numbered after one of the next day', async () => {
    message(
      database,
      parseDay('2025-07-01'),
      { lines: 1 },
      { at: instantFromShanghai('2025-07-01 00:10:00') },
    )
    message(
      database,
      parseDay('2025-06-30'),
      { lines: 2 },
      { at: instantFromShanghai('2025-06-30 23:50:00') },
    )
    expect((await only({ from: '2025-06-30', to: '2025-06-30' })).lines.judged).toBe(2)
  })

  it('refuses a question that cannot be', async () => {
    for (const raw of [{ from: 'x' }, { from: '2025-07-01' }, { limit: '-1' }, { institution: 'H1' }]) {
      await expect(ask(raw)).rejects.toThrow()
    }
  })
})

describe('the report for people', () => {
  it('is a table with reasons in words, and a CSV that a spreadsheet takes as text', async () => {
    message(database, day, { lines: 1, faults: [item('F1', '=1+1', 100, '名称,带"号')] })
    expect(mappingQualityText(await ask())).toContain('费用明细1，已转换0，拒收1，转换率0.00%')
    expect(mappingQualityText(await ask())).toContain('未对码')
    const [head, first] = worklistCsv(await ask()).split('\r\n')
    expect(head).toMatch(/^\ufeff机构,标准/)
    expect(first).toContain(`,'=1+1,"名称,带""号",未对码,1,1,1.00,2025-06-10,`)
    expect(mappingQualityText(await ask({ from: '2024-01-01', to: '2024-01-02' }))).toContain(
      '没有带编码的报文',
    )
  })
})
