/** Rows of one code for days that follow each other: a succession, in tables and maps, there and back. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Codes } from '../../../src/codes/codes.ts'
import { createCodes } from '../../../src/codes/codes.ts'
import { codebookFaults, mapFaults } from '../../../src/codes/faults.ts'
import { importSentences } from '../../../src/codes/import/report-text.ts'
import { loadCodes, loadImported } from '../../../src/codes/load.ts'
import type { CodeMap } from '../../../src/extension/codebook.ts'
import { loadRegistry } from '../../../src/extension/registry.ts'
import { temporaryFiles } from '../../support/files.ts'
import { on as day, illness, illnessMap } from '../fixture.ts'
import { importer } from './run.ts'

const files = temporaryFiles()
const on = importer(() => files.path('data'))
const registry = await loadRegistry()
const EDITION = ['--edition', '1', '--effective', '2021-01-14']
const DIAGNOSIS = ['--standard', 'diagnosis']
const HEAD = 'source_code,source_name,target_code,开始日期,结束日期,together,group,priority,kind\n'

const table = (text: string, ...more: string[]) =>
  on.table(files.write('table.csv', text), ...DIAGNOSIS, ...EDITION, ...more)
const map = (rows: string, ...more: string[]) =>
  on.map(files.write('map.csv', HEAD + rows), ...DIAGNOSIS, '--system', 'old', ...EDITION, ...more)
const engine = (): Codes => loadCodes(registry, loadImported(files.path('data')))
const resolved = (code: string, text: string) => {
  const answer = engine().resolve('diagnosis', { system: 'old', code }, day(text))
  return answer.ok ? [answer.code, ...(answer.also ?? [])].join('+') : answer.reason
}
const sources = (code: string, text: string) =>
  engine()
    .reverse('old', 'diagnosis', code, day(text))
    .targets.map((one) => `${one.code}${one.together ? '*' : ''}`)

describe('a map whose rows follow each other', () => {
  beforeEach(async () => {
    await table('code,name\nI50.900,心力衰竭\nN19.x00,肾衰竭\nA02.000,沙门菌肠炎\nA03.000,志贺菌病\n')
  })

  it('leads to what is in force on the day, there and back', async () => {
    const { report } = await map(
      'A1,甲,I50.900,,2025-12-31,,,,\nA1,甲,N19.x00,2026-01-01,,,,,\nB1,乙,A02.000,,,,,,\n',
    )
    expect(report).toMatchObject({ taken: 2, refused: 0 })
    expect(report.remarks).not.toHaveProperty('several-targets')
    expect(['2025-12-31', '2026-01-01'].map((text) => resolved('A1', text))).toEqual(['I50.900', 'N19.x00'])
    expect(sources('I50.900', '2025-12-31')).toEqual(['A1'])
    expect(sources('I50.900', '2026-01-01')).toEqual([])
    expect(sources('N19.x00', '2026-01-01')).toEqual(['A1'])
    expect(engine().translate('old', 'diagnosis', 'A1', day('2026-01-01')).targets).toMatchObject([
      { code: 'N19.x00', together: false },
    ])
  })

  it('comes back to the same target, which is no row that stands twice', async () => {
    const { report } = await map(
      'A1,甲,I50.900,,2024-12-31,,,,\nA1,甲,N19.x00,2025-01-01,2025-12-31,,,,\nA1,甲,I50.900,2026-01-01,,,,,\n',
    )
    expect(report.remarks).not.toHaveProperty('same-row-twice')
    expect(['2024-06-01', '2025-06-01', '2026-06-01'].map((text) => resolved('A1', text))).toEqual([
      'I50.900',
      'N19.x00',
      'I50.900',
    ])
  })

  it('has a combination of its own in each period, and none between them', async () => {
    await map(
      'A1,甲,I50.900,,2025-12-31,,,,\nA1,甲,N19.x00,,2025-12-31,,,,\nA1,甲,A02.000,2027-01-01,,,,,\nA1,甲,A03.000,2027-01-01,,,,,\n',
    )
    expect(['2025-06-01', '2026-06-01', '2027-06-01'].map((text) => resolved('A1', text))).toEqual([
      'I50.900+N19.x00',
      'not-mapped',
      'A02.000+A03.000',
    ])
    expect(sources('A03.000', '2027-06-01')).toEqual(['A1*'])
    expect(sources('I50.900', '2027-06-01')).toEqual([])
  })

  it('keeps a marked combination of which one part changes', async () => {
    await map('A1,甲,I50.900,,,1,,,\nA1,甲,N19.x00,,2025-12-31,1,,,\nA1,甲,A02.000,2026-01-01,,1,,,\n')
    expect(['2025-12-31', '2026-01-01'].map((text) => resolved('A1', text))).toEqual([
      'I50.900+N19.x00',
      'I50.900+A02.000',
    ])
  })

  it('joins nothing in silence whose days only meet in part: one of them is to be chosen', async () => {
    const { report } = await map('A1,甲,I50.900,,2026-06-30,,,,\nA1,甲,N19.x00,2026-01-01,,,,,\n')
    expect(report.remarks['several-undecided']).toMatchObject({ lines: [2] })
    expect(['2025-12-31', '2026-03-01', '2026-07-01'].map((text) => resolved('A1', text))).toEqual([
      'I50.900',
      'several',
      'N19.x00',
    ])
  })

  it('goes over from a code to none, and from a target that waits for its review', async () => {
    const { report } = await map(
      'A1,甲,I50.900,,2025-12-31,,,,\nA1,甲,,2026-01-01,,,,,source_only\nA2,乙,Z99.999,,2025-12-31,,,,\nA2,乙,I50.900,2026-01-01,,,,,\n',
    )
    expect(report.refused).toBe(0)
    expect(['2025-12-31', '2026-01-01'].map((text) => resolved('A1', text))).toEqual([
      'I50.900',
      'not-in-national-table',
    ])
    expect(['2025-12-31', '2026-01-01'].map((text) => resolved('A2', text))).toEqual([
      'needs-review',
      'I50.900',
    ])
  })

  it('goes over with the national table: a target is looked up in the edition of its own first day', async () => {
    await table(
      'code,name,from\nI50.900,心力衰竭,\nN18.900,新肾衰,\nN18.800,更新,2026-07-01\n',
      ...['--edition', '2', '--effective', '2026-01-01'],
    )
    const rows =
      'A1,甲,N19.x00,,2025-12-31,,,,\nA1,甲,N18.900,2026-01-01,,,,,\nA2,乙,N18.900,,,,,,\nA3,丙,N19.x00,2026-01-01,,,,,\n' +
      'A4,丁,N18.800,2026-07-01,,,,,\n'
    const { report, outcome } = await map(rows)
    expect(report.targets).toMatchObject({ version: '1', later: [{ version: '2', from: '2026-01-01' }] })
    expect(importSentences(report, outcome).out).toContain(
      '目标按医保疾病诊断1版（2021-01-14起，已发布）、2版（2026-01-01起，已发布）核对',
    )
    expect(importSentences(report, outcome).out).toContainEqual(
      expect.stringMatching(/^读取5行，接收4行，拒收0行，其余1行与以上各行属同一源编码，合并计数，/),
    )
    expect(report.remarks['target-not-in-table']).toMatchObject({ lines: [4, 5] })
    expect(['2025-12-31', '2026-01-01'].map((text) => resolved('A1', text))).toEqual(['N19.x00', 'N18.900'])
    expect(resolved('A4', '2026-07-01')).toBe('N18.800')
    const named = await map(rows, '--system', 'named', '--target-edition', '1', '--allow-missing')
    expect(named.report.targets).not.toHaveProperty('later')
    expect(named.report.remarks['target-not-in-table']).toMatchObject({ lines: [3, 4, 6] })
  })

  it('refuses what contradicts itself on one day only', async () => {
    const { report } = await map(
      'A1,甲,I50.900,,2025-12-31,,,,\nA1,甲,,2025-12-31,,,,,source_only\nA2,甲,I50.900,,2025-12-31,,,,\nA2,改名,N19.x00,2026-01-01,,,,,\n' +
        'A3,甲,I50.900,,,,,,\nA3,甲,I50.900,,,,,2,\n',
    )
    expect(report.refusedRows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'two-decisions'],
      [7, 'other-content'],
    ])
  })

  it('tells the days of a span that ends before it begins as the file has them', async () => {
    const { report } = await map('A1,甲,I50.900,2026-01-01,2025-12-31,,,,\nA2,甲,I50.900,,,,,,\n')
    expect(report.refusedRows).toMatchObject([
      { line: 2, reason: 'empty-span', detail: '2026-01-01至2025-12-31' },
    ])
  })

  it('compares rows after their repair', async () => {
    const { report } = await map(
      'A1,心衰（重）,I50.900,,,,,,\n A1 , 心衰(重) ,Ｉ50.900,,,,,,\nA2,肾衰，重,N19.x00,,,,,,\nA2,肾衰重,I50.900,,,,,,\n',
    )
    expect(report.refused).toBe(0)
    expect(report.remarks['same-row-twice']).toMatchObject({ lines: [3] })
    expect(resolved('A1', '2026-01-01')).toBe('I50.900')
  })
})

describe('a table that has a code for two spans of days', () => {
  const SPANS =
    'code,name,开始日期,结束日期,灰码\nA00.000,霍乱旧名,2021-01-14,2022-12-31,\nA01.000,伤寒,,,\nA00.000,霍乱,2024-01-01,,\n'
  const asked = (text: string) => {
    const answer = engine().lookup('diagnosis', 'A00.000', day(text))
    return answer.found ? answer.entry.name : `${answer.reason} ${answer.since}`
  }

  it('answers for both, and says since when it is over in between', async () => {
    expect((await table(SPANS)).report).toMatchObject({ taken: 3, refused: 0 })
    expect(['2022-12-31', '2023-06-01', '2024-01-01'].map(asked)).toEqual([
      '霍乱旧名',
      'retired 2023-01-01',
      '霍乱',
    ])
    expect(engine().nearest('diagnosis', { code: 'A00.000' }, day('2022-06-01'))[0]?.name).toBe('霍乱旧名')
  })

  it('is unchanged by the same table again, and changed where a span is', async () => {
    await table(SPANS)
    const again = ['--edition', '2', '--effective', '2025-01-01', '--dry-run']
    expect((await table(SPANS, ...again)).outcome.changes).toMatchObject({ unchanged: 2, changed: 0 })
    const ended = SPANS.replace('2024-01-01,,', '2024-01-01,2025-06-30,')
    expect((await table(ended, ...again)).outcome.changes).toMatchObject({ unchanged: 1, changed: 1 })
    await table(ended, '--edition', '2', '--effective', '2025-01-01')
    expect(['2022-06-01', '2024-06-01', '2025-06-30', '2025-07-01'].map(asked)).toEqual([
      '霍乱旧名',
      '霍乱',
      '霍乱',
      'retired 2025-07-01',
    ])
  })

  it('is refused where the spans meet, as before', async () => {
    const { report } = await table(
      'code,name,from\nA00.000,霍乱,\nA00.000,霍乱,2022-01-01\nA00.000,别的,2023-01-01\n A00.000,霍乱 ,\n',
    )
    expect(report.refusedRows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'other-content'],
      [4, 'other-name'],
    ])
    expect(report.remarks['same-row-twice']).toMatchObject({ lines: [5] })
  })
})

describe('a codebook and a map of the folders', () => {
  const [first] = illnessMap.editions
  const moved = { code: 'L8', name: '移病', relation: 'equivalent' } as const
  const succession: CodeMap = {
    ...illnessMap,
    editions: [
      {
        ...first!,
        rows: [
          { ...moved, targets: ['B02.000'], from: day('2025-07-01') },
          { ...moved, targets: ['A01.000'], until: day('2025-07-01') },
        ],
      },
    ],
  }
  const book = {
    ...illness,
    editions: [
      {
        ...illness.editions[1]!,
        entries: [
          ...illness.editions[1]!.entries,
          { code: 'E01.000', name: '旧名', until: day('2025-07-01') },
          { code: 'E01.000', name: '新名', from: day('2025-07-01') },
        ],
      },
    ],
  }

  it('may have a code for days that follow each other, and not for one day twice', () => {
    expect([...codebookFaults(book), ...mapFaults([succession], [book])]).toEqual([])
    const codes = createCodes({ codebooks: [book], maps: [succession] })
    const given = { system: 'H', code: 'L8' }
    const targets = ['2025-06-30', '2025-07-01'].map((text) => {
      const answer = codes.resolve('illness', given, day(text))
      return answer.ok ? answer.code : answer.reason
    })
    expect(targets).toEqual(['A01.000', 'B02.000'])
    const names = ['2025-06-30', '2025-07-01'].map(
      (text) => codes.lookup('illness', 'E01.000', day(text)).entry?.name,
    )
    expect(names).toEqual(['旧名', '新名'])
    const meeting = { ...first!, rows: [{ ...moved, targets: ['B02.000'] }, ...succession.editions[0]!.rows] }
    expect(mapFaults([{ ...illnessMap, editions: [meeting] }], [book])).toEqual([
      'map H → illness: 2025: "L8" stands twice',
    ])
  })
})
