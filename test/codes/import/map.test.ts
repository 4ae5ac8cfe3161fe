/** An imported map says of each row just what the file does; what contradicts itself is refused by line. */
import { beforeEach, describe, expect, it } from 'vitest'
import { importSentences } from '../../../src/codes/import/report-text.ts'
import { mapRowAt } from '../../../src/codes/store/map-rows.ts'
import type { MapRow } from '../../../src/codes/store/rows.ts'
import { temporaryFiles } from '../../support/files.ts'
import { writeWorkbook } from '../../support/workbook.ts'
import { importer } from './run.ts'

const files = temporaryFiles()
const on = importer(() => files.path('data'))
const EDITION = ['--edition', '1', '--effective', '2021-01-14']
const BEIJING = ['--standard', 'diagnosis', '--system', 'beijing-7.0', ...EDITION]
const HEAD = 'source_code,source_name,target_code,target_name,kind,relation,priority,group,together\n'

const map = (rows: string, ...options: string[]) =>
  on.map(files.write('map.csv', HEAD + rows), ...BEIJING, ...options)

/** A row of the map on the shelf. */
function rowOf(code: string): MapRow | null {
  const shelf = on.shelf()
  const { forward } = shelf.open(shelf.read().books.find(({ system }) => system === 'beijing-7.0')!)
  const place = forward.inEdition(forward.find(code), 0)
  return place === 0 ? null : mapRowAt(forward, place)
}

const targetsOf = (code: string) => rowOf(code)?.groups.map(({ targets }) => targets.map((one) => one.code))

beforeEach(async () => {
  const table =
    'code,name,grey\nI50.900,心力衰竭,\nN19.x00,肾衰竭,\nA02.000,沙门菌肠炎,\nA01.000,伤寒,1\nJ11.000x001,流感伴肺炎,\n'
  await on.table(files.write('table.csv', table), '--standard', 'diagnosis', ...EDITION)
})

describe('import of a map', () => {
  it('takes the relation of the file, else says equivalent only where the names are the same', async () => {
    await map('B1,沙门菌 肠炎,A02.000,,,,,,\nB2,别的,A02.000,,,,,,\nB3,窄的,A02.000,,,narrower,,,\n')
    expect(rowOf('B1')).toEqual({
      code: 'B1',
      name: '沙门菌 肠炎',
      groups: [{ together: false, targets: [{ code: 'A02.000', relation: 'equivalent' }] }],
    })
    expect(rowOf('B2')?.groups[0]?.targets[0]?.relation).toBe('related')
    expect(rowOf('B3')?.groups[0]?.targets[0]?.relation).toBe('narrower')
  })

  it('keeps several targets of one source together, wherever its rows lie', async () => {
    const rows = 'B1,心肾衰竭,I50.900,,,,,,\nB2,沙门菌肠炎,A02.000,,,,,,\nB1,心肾衰竭,N19.x00,,,,,,\n'
    const { report } = await map(rows)
    expect(rowOf('B1')?.groups).toMatchObject([{ together: true }])
    expect(targetsOf('B1')).toEqual([['I50.900', 'N19.x00']])
    expect(report.remarks['several-targets']?.count).toBe(1)
  })

  it('takes them for alternatives where it is told so, and groups where the file has some', async () => {
    const rows =
      'B1,甲,I50.900,,,,2,,\nB1,甲,N19.x00,,,,1,,\nB2,乙,I50.900,,,,,a,1\nB2,乙,N19.x00,,,,,a,1\nB2,乙,A02.000,,,,,b,\n'
    await map(rows, '--several', 'one-of')
    expect(rowOf('B1')?.groups).toMatchObject([
      {
        together: false,
        targets: [{ code: 'I50.900', priority: 2 }, { code: 'N19.x00' }],
      },
    ])
    expect(rowOf('B2')?.groups.map(({ together }) => together)).toEqual([true, false])
    expect(targetsOf('B2')).toEqual([['I50.900', 'N19.x00'], ['A02.000']])
  })

  it('tells what has no national code from what is not mapped yet', async () => {
    const { report } = await map(
      'B1,制剂,,,source_only,,,,\nB2,院内,-,,,,,,\nB3,未对,,,,,,,\nB4,别的,,,out-of-scope,,,,\n,,A02.000,新,target_only,,,,\nB5,好,A02.000,,,,,,\n',
    )
    expect(report).toMatchObject({
      taken: 4,
      refused: 0,
      remarks: { 'no-target': { count: 3 }, 'not-yet-mapped': { lines: [4] }, 'target-only': { lines: [6] } },
    })
    expect(['B1', 'B2', 'B3', 'B4'].map((code) => rowOf(code)?.noTarget)).toEqual([
      'not-in-national-table',
      'not-in-national-table',
      undefined,
      'out-of-scope',
    ])
  })

  it('marks a target that the table lacks for review, and never keeps half of a combination', async () => {
    const { report } = await map(
      'B1,北京,46.93003,,,,,,\nB2,甲,I50.900,,,,,,\nB2,甲,Z99.999,,,,,,\nB3,流感,J11.000X001,,,,,,\nB4,灰,A01.000,,,,,,\n',
    )
    expect(report.refused).toBe(0)
    expect(report.remarks).toMatchObject({
      'target-not-in-table': { lines: [2, 4] },
      'target-tidied': { lines: [5] },
      'target-grey': { lines: [6] },
    })
    expect([rowOf('B1')?.noTarget, rowOf('B2')?.noTarget]).toEqual(['needs-review', 'needs-review'])
    expect(targetsOf('B3')).toEqual([['J11.000x001']])
  })

  it('refuses what contradicts itself, by line', async () => {
    const { report, outcome } = await map(
      'B1,甲,I50.900,,,,,,\nB1,乙,N19.x00,,,,,,\nB2,甲,I50.900,,source_only,,,,\nB3,甲,I50.900,,,same,,,\nB4,甲,I50.900,,,,0,,\n' +
        'B5,甲,I50.900,,,,,,\nB5,甲,I50.900,,,,,,\nB5,改名,I50.900,,,,,,\n' +
        'B6,甲,,,source_only,,,,\nB6,甲,I50.900,,,,,,\nB5,甲,-,,,,,,\n',
    )
    expect(report.refusedRows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'other-name'],
      [4, 'two-decisions'],
      [5, 'bad-relation'],
      [6, 'bad-priority'],
      [11, 'two-decisions'],
      [12, 'two-decisions'],
    ])
    expect(report.remarks).toMatchObject({
      'same-row-twice': { lines: [8] },
      'source-renamed': { lines: [9] },
    })
    expect(outcome.written).toBe(false)
  })

  it('keeps the source letter for letter: its system is not ours', async () => {
    await map('A01.000x003 +G01*,伤寒,A02.000,,,,,,\nK01X,牙,A02.000,,,,,,\n')
    expect(rowOf('A01.000x003 +G01*')).not.toBeNull()
    expect([rowOf('K01X'), rowOf('K01x')].map((row) => row?.code)).toEqual(['K01X', undefined])
  })

  it('refuses codes that a sheet keeps as numbers, on either side: they may have lost their zeros', async () => {
    const services = 'code,name\n001102000000100,诊查费\n332502019010000,加收\n'
    await on.table(files.write('services.csv', services), '--standard', 'service', ...EDITION)
    const file = files.path('map.xlsx')
    const rows = [
      ['院内编码', '院内名称', '国家编码'],
      ['00123', '诊查费', '001102000000100'],
      [123, '诊查费', '001102000000100'],
      ['00124', '诊查费', 1_102_000_000_100],
      ['00125', '加收', 332_502_019_010_000],
    ]
    await writeWorkbook(file, [{ name: 'S', rows }])
    const { report, outcome } = await on.map(file, '--standard', 'service', '--system', 'old', ...EDITION)
    expect(report.refusedRows.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'number-cell'],
      [4, 'number-cell'],
    ])
    expect(outcome.written).toBe(false)
  })

  it('refuses a target that a sheet keeps as a fraction, though the table has such a code as well', async () => {
    const clinical = ['--standard', 'clinical-procedure', ...EDITION]
    await on.table(files.write('clinical.csv', 'code,name\n38.9500,置管\n38.95,置管类目\n'), ...clinical)
    const file = files.path('fractions.xlsx')
    const rows = [
      ['院内编码', '院内名称', '国家编码'],
      ['P1', '置管', '38.9500'],
      ['P2', '置管', 38.95],
    ]
    await writeWorkbook(file, [{ name: 'S', rows }])
    const { report } = await on.map(file, ...clinical, '--system', 'old')
    expect(report.refusedRows).toMatchObject([{ line: 3, reason: 'number-cell', detail: '38.95' }])
  })

  it.each([
    ['1 beside 0', ['1', '0'], [], ['two-marks']],
    ['1 beside nothing, among alternatives', ['1', ''], ['--several', 'one-of'], ['two-marks']],
    ['nothing beside 1, among alternatives', ['', '1'], ['--several', 'one-of'], ['two-marks']],
    ['1 beside nothing, where several stand together', ['1', ''], [], []],
    ['0 beside nothing, among alternatives', ['0', ''], ['--several', 'one-of'], []],
  ])('joins no target that its own mark does not join: %s', async (_, [one, other], options, reasons) => {
    const { report } = await map(
      `B1,甲,I50.900,,,,,,${one}\nB1,甲,N19.x00,,,,,,${other}\nB2,乙,A02.000,,,,,,\n`,
      ...options,
    )
    expect(report.refusedRows.map(({ reason }) => reason)).toEqual(reasons)
  })

  it('reads what formulas came to, and refuses what they did not', async () => {
    const lookup = (value?: string) => ({
      formula: 'VLOOKUP(A2,T!A:B,2,0)',
      ...(value !== undefined && { value }),
    })
    const write = (name: string, ...cells: Parameters<typeof writeWorkbook>[1][0]['rows'][]) =>
      writeWorkbook(files.path(name), [
        { name: 'S', rows: [['源编码', '源名称', '目标编码'], ...cells.flatMap((rows) => [...rows])] },
      ])
    await write('found.xlsx', [
      ['B1', '心衰', lookup('I50.900')],
      ['B2', '未找到', lookup('#N/A')],
      [lookup('#REF!'), '断', 'I50.900'],
      ['B4', lookup(''), lookup('')],
      ['B5', lookup('#N/A'), 'I50.900'],
    ])
    const { report } = await on.map(files.path('found.xlsx'), ...BEIJING)
    expect(report.refusedRows).toMatchObject([{ line: 4, reason: 'formula-error', detail: '#REF!' }])
    expect(report.remarks).toMatchObject({
      'target-not-in-table': { lines: [3] },
      'not-yet-mapped': { lines: [5] },
      'name-unreadable': { lines: [6] },
    })
    await write('written.xlsx', [['B1', '心衰', lookup()]])
    await expect(on.map(files.path('written.xlsx'), ...BEIJING)).rejects.toThrow(/^第2行有公式没有计算结果/)
  })

  it('refuses cells merged over rows of data: the second target would be left out', async () => {
    const rows = [
      ['院内', null, '国家', '备注'],
      ['编码', '名称', '编码', '备注'],
      ['B1', '心肾衰竭', 'I50.900', '同'],
      [null, null, 'N19.x00', null],
    ]
    const write = (name: string, rows: (string | null)[][], merged: string[]) =>
      writeWorkbook(files.path(name), [{ name: 'S', rows, merged }])
    const head = ['A1:B1', 'D1:D2']
    await write('merged.xlsx', rows, [...head, 'A3:A4', 'B3:B4'])
    const refused = on.map(files.path('merged.xlsx'), ...BEIJING)
    await expect(refused).rejects.toThrow(/^单元格A3:A4跨行合并.*没有写入任何内容$/)
    rows[3] = ['B1', '心肾衰竭', 'N19.x00', null]
    await write('parted.xlsx', rows, [...head, 'D3:D4'])
    await on.map(files.path('parted.xlsx'), ...BEIJING)
    expect(targetsOf('B1')).toEqual([['I50.900', 'N19.x00']])
  })

  it('checks targets in the published edition unless asked otherwise, and says which it was', async () => {
    const table = files.write('next.csv', 'code,name\nA02.000,沙门菌肠炎\nZ99.000,新病\n')
    const next = ['--standard', 'diagnosis', '--edition', '2', '--effective', '2021-06-01', '--by', '甲']
    await on.waiting(table, ...next)
    const late = ['--effective', '2022-01-01', '--dry-run']
    const rows = 'B1,新,Z99.000,,,,,,\nB2,肠炎,A02.000,,,,,,\n'
    const targetsOf = async (...options: string[]) => {
      const { report } = await map(rows, ...late, ...options)
      const { version, state } = report.targets!
      return [version, state, report.remarks['target-not-in-table']?.count ?? 0]
    }
    expect(await targetsOf()).toEqual(['1', 'published', 1])
    expect(await targetsOf('--unpublished')).toEqual(['2', 'maintained', 0])
    expect(await targetsOf('--target-edition', '2')).toEqual(['2', 'maintained', 0])
    const { report, outcome } = await map(rows, ...late)
    expect(importSentences(report, outcome).out).toContain(
      '目标按医保疾病诊断1版（2021-01-14起，已发布）核对',
    )
  })

  it('checks targets in the shipped table where what is on the shelf is not published yet', async () => {
    const data = files.path('other')
    const { waiting, map: into } = importer(() => data)
    const table = files.write('next.csv', 'code,name\nZ99.000,新病\n')
    const of = ['--standard', 'diagnosis', '--edition', '9', '--effective', '2021-06-01']
    await waiting(table, ...of)
    const { report } = await into(
      files.write('map.csv', `${HEAD}B1,高血压,I10.x00x002,,,,,,\n`),
      ...['--standard', 'diagnosis', '--system', 'x', '--edition', '1', '--effective', '2026-01-01'],
    )
    expect(report.targets?.version).not.toBe('9')
    expect(report.remarks).not.toHaveProperty('target-not-in-table')
  })

  it('gives up where most targets are of another table, and says which edition was asked', async () => {
    const rows = 'B1,甲,Z00.000,,,,,,\nB2,乙,Z01.000,,,,,,\n'
    await expect(map(rows)).rejects.toThrow('一半以上的目标编码不在医保疾病诊断1版中')
    expect((await map(rows, '--allow-missing')).report.taken).toBe(2)
  })

  it.each<[string, string[], string]>([
    [
      'a day before the first edition of the table',
      ['--effective', '2020-01-01'],
      '在2020-01-01还没有任何版本',
    ],
    [
      'an edition of the table that is not there',
      ['--target-edition', '9'],
      '没有9版，现有：1（2021-01-14起）',
    ],
    ['a map from the national codes', ['--system', 'national'], '--system不能是national'],
  ])('refuses %s', async (_, options, sentence) => {
    await expect(async () => map('B1,甲,A02.000,,,,,,\n', ...options)).rejects.toThrow(sentence)
  })
})
