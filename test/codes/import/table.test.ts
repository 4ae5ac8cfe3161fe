/** An imported table holds every row of its file with dates and marks, and each bad row is refused by its line. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { temporaryFiles } from '../../support/files.ts'
import { writeWorkbook } from '../../support/workbook.ts'
import { importer } from './run.ts'

const files = temporaryFiles()
const on = importer(() => files.path('data'))
const EDITION = ['--edition', '1', '--effective', '2021-01-14']
const DIAGNOSIS = ['--standard', 'diagnosis', ...EDITION]

/** What became of a table of diagnoses with this text. */
const diagnoses = (text: string, ...options: string[]) =>
  on.table(files.write('table.csv', text), ...DIAGNOSIS, ...options)

/** Reasons by line. */
const refusedOf = ({ report }: Awaited<ReturnType<typeof diagnoses>>) =>
  report.refusedRows.map(({ line, reason }) => [line, reason])

describe('import of a table', () => {
  it('writes all rows with their dates, marks and other columns', async () => {
    const text =
      '诊断代码,诊断名称,开始日期,结束日期,有效标志,灰码,章\n' +
      'A00.000,霍乱,2021-01-14,9999-12-31,1,1,传染病\nA01.000,伤寒,2021/1/14,20231231,1,0,\n'
    const { report, outcome } = await diagnoses(text)
    expect(report).toMatchObject({ read: 2, taken: 2, refused: 0 })
    expect(outcome).toMatchObject({ written: true, changes: { added: 2 } })
    expect(on.entry('diagnosis', 'A00.000')).toEqual({
      code: 'A00.000',
      name: '霍乱',
      from: '2021-01-14',
      grey: true,
      attributes: { 章: '传染病' },
    })
    expect(on.entry('diagnosis', 'A01.000')).toMatchObject({ until: '2024-01-01' })
  })

  it('tidies codes and repairs names where it is known what they were, and says so', async () => {
    const text = 'code,name\n A00.000X001 ,霍乱\nＡ01.000,伤寒\nK07.400,错\ue06b畸形\nQ96.000,核型45\ue00fX\n'
    const { report } = await diagnoses(text)
    expect(report.remarks).toMatchObject({
      'code-tidied': { count: 2, lines: [2, 3] },
      'name-repaired': { count: 2 },
    })
    expect(on.entry('diagnosis', 'A00.000x001')?.name).toBe('霍乱')
    expect(on.entry('diagnosis', 'K07.400')).toMatchObject({
      name: '错\u{2c317}畸形',
      attributes: { rawName: '错\ue06b畸形' },
    })
    expect(on.entry('diagnosis', 'Q96.000')?.name).toBe('核型45，X')
  })

  it('takes the two malformed codes of the national table as they are, and no third', async () => {
    const text = 'code,name\n86.700x0013,游离皮瓣移植术\n86.700x0014,皮瓣转移术\n86.700x0015,其他\n'
    const ran = await on.table(files.write('p.csv', text), '--standard', 'procedure', ...EDITION)
    expect(refusedOf(ran)).toEqual([[4, 'wrong-shape']])
  })

  it('flags headings and rest classes', async () => {
    await diagnoses('code,name\nA17.0,标题\nD63.0*,星号\nA09.900,未特指\nA00.000,霍乱\n')
    expect(on.entry('diagnosis', 'A17.0')?.heading).toBe(true)
    expect(on.entry('diagnosis', 'D63.0*')?.heading).toBe(true)
    expect(on.entry('diagnosis', 'A09.900')?.fallBack).toBe(true)
    expect(on.entry('diagnosis', 'A00.000')).toEqual({ code: 'A00.000', name: '霍乱' })
  })

  it('counts a row that stands twice and closes one that the list calls invalid', async () => {
    const text =
      'code,name,valid,from\nA00.000,霍乱,1,\nA00.000,霍乱,1,\nA01.000,伤寒,0,2020-01-01\nA02.000,沙门,0,\n'
    const { report } = await diagnoses(text)
    expect(report).toMatchObject({ taken: 2, refused: 0 })
    expect(report.remarks).toMatchObject({
      'same-row-twice': { count: 1, lines: [3] },
      closed: { lines: [4] },
      withdrawn: { lines: [5] },
    })
    expect(on.entry('diagnosis', 'A01.000')?.until).toBe('2021-01-14')
  })

  it('refuses each bad row by its line, and then writes nothing', async () => {
    const good = Array.from({ length: 20 }, (_, index) => `B${10 + index}.000,病${index},\n`).join('')
    const bad =
      'A0,形式,\n,没有编码,\nA01.000,,\nA02.000,私用\ue123,\nA03.000,甲,2021-13-01\nA04.000,甲,\nA04.000,乙,\n' +
      'A05.000,少一列\nA06.000,多,,一列\nA07.000,\ufffd,\n'
    const ran = await diagnoses(`code,name,from\n${good}${bad}`)
    expect(refusedOf(ran)).toEqual([
      [22, 'wrong-shape'],
      [23, 'no-code'],
      [24, 'no-name'],
      [25, 'private-use'],
      [26, 'bad-day'],
      [28, 'other-name'],
      [29, 'column-count'],
      [30, 'column-count'],
      [31, 'unreadable'],
    ])
    expect(ran.report.refusedRows[3]?.detail).toBe('U+E123')
    expect(ran.outcome).toMatchObject({ written: false, changes: null })
    expect(on.shelf().read().books).toEqual([])
  })

  it('takes the rest with --skip-rejected, and only looks with --dry-run', async () => {
    const text = 'code,name\nA00.000,霍乱\nA01.000,伤寒\nA0,x\n'
    const dry = await diagnoses(text, '--skip-rejected', '--dry-run')
    expect(dry.outcome).toMatchObject({ written: false, changes: { added: 2 } })
    expect(on.shelf().read().books).toEqual([])
    expect((await diagnoses(text, '--skip-rejected')).outcome.written).toBe(true)
    expect(on.shelf().read().books[0]?.editions[0]?.rows).toBe(2)
  })

  it('refuses several versions in one file, unless one is chosen', async () => {
    const text = 'code,name,版本号\nA00.000,霍乱,1.0\nA01.000,伤寒,2.0\n'
    expect(refusedOf(await diagnoses(text))).toEqual([[3, 'mixed-editions']])
    const { report } = await diagnoses(text, '--only-version', '2.0')
    expect(report).toMatchObject({ taken: 1, refused: 0, remarks: { 'other-version': { count: 1 } } })
    expect(on.entry('diagnosis', 'A01.000')?.name).toBe('伤寒')
  })

  it('gives up a file whose columns are shifted, with one sentence', async () => {
    const shifted = Array.from({ length: 300 }, (_, index) => `名${index},A00.000\n`).join('')
    await expect(diagnoses(`code,name\n${shifted}`)).rejects.toThrow(
      '编码列里一半以上的值不像医保疾病诊断的编码，例如第2行“名0”：可能列已错位',
    )
    expect(on.shelf().read().books).toEqual([])
  })

  it.each<[string, string[], string]>([
    ['an unknown standard', ['--standard', 'illness', ...EDITION], '没有编码标准“illness”'],
    [
      'a day that is none',
      ['--standard', 'diagnosis', '--edition', '1', '--effective', '2021-02-30'],
      '--effective不是日期',
    ],
    [
      'data of a day after its publication',
      [...DIAGNOSIS, '--data-as-of', '2021-02-01', '--published', '2021-01-01'],
      '不能晚于--published',
    ],
    ['no edition', ['--standard', 'diagnosis', '--effective', '2021-01-14'], '缺少--edition'],
    ['an option that is not known', [...DIAGNOSIS, '--colour', 'red'], '参数不正确'],
    ['another download', [...DIAGNOSIS, '--download', '1305'], '接口1305下载的是service'],
  ])('refuses %s before it opens the file', async (_, args, sentence) => {
    await expect(async () => on.table('nowhere.csv', ...args)).rejects.toThrow(sentence)
  })

  it('refuses an edition that is there, and a day that another has', async () => {
    await diagnoses('code,name\nA00.000,霍乱\n')
    await expect(diagnoses('code,name\nA01.000,伤寒\n')).rejects.toThrow('已有1版（2021-01-14起）')
    const [file, day] = [files.path('table.csv'), ['--effective', '2021-01-14']]
    await expect(on.table(file, '--standard', 'diagnosis', '--edition', '2', ...day)).rejects.toThrow(
      '已有1版',
    )
    await expect(
      diagnoses('编号,说明\n1,2\n', '--edition', '3', '--effective', '2022-01-01'),
    ).rejects.toThrow('没有找到表头')
  })

  it('asks which column is meant where two have the same head', async () => {
    const text = 'code,code,name\nA00,A00.000,霍乱\n'
    await expect(diagnoses(text)).rejects.toThrow('表头有两列同名')
    expect((await diagnoses(text, '--code-column', 'B')).report.taken).toBe(1)
  })

  it('joins the files of one edition, and sees a code that stands in both', async () => {
    const one = files.write('one.csv', 'code,name\nA00.000,霍乱\n')
    const two = files.write('two.csv', '名称,编码\n伤寒,A01.000\n另一名,A00.000\n')
    const { report } = await on.table(one, two, ...DIAGNOSIS)
    expect(report.taken).toBe(2)
    expect(report.refusedRows).toMatchObject([{ file: 1, line: 3, reason: 'other-name', detail: '第2行' }])
  })

  it('reads a catalogue download without a head, whose rows are of many versions', async () => {
    const row = (code: string, name: string, version: string) =>
      [...Array(10).fill('x'), code, name, ...Array(6).fill(''), '1', 'id', 't', 't', version, '2.0'].join(
        '\t',
      )
    const text = `${row('A00.000', '5" 霍乱', 'v1')}\n${row('A01.000', '伤寒', 'v2')}\n`
    const { report } = await on.table(files.write('1307.txt', text), ...DIAGNOSIS, '--download', '1307')
    expect(report).toMatchObject({ taken: 2, refused: 0 })
    expect(on.entry('diagnosis', 'A00.000')?.name).toBe('5" 霍乱')
  })
})

describe('import of a workbook', () => {
  it('finds a head over two merged rows below a title', async () => {
    const file = files.path('merged.xlsx')
    const rows = [
      ['医保疾病诊断分类与代码（2.0版）'],
      [],
      ['诊断代码', '诊断名称', '有效期', null, '国标版'],
      [null, null, '开始日期', '结束日期', '诊断代码'],
      ['A00.000', '霍乱', 44_210, 45_291, 'A00.0'],
    ]
    const merged = ['A1:E1', 'A3:A4', 'B3:B4', 'C3:D3']
    await writeWorkbook(file, [{ name: 'ICD', rows, merged }])
    const { report } = await on.table(file, ...DIAGNOSIS, '--code-column', 'A')
    expect(report).toMatchObject({ read: 1, taken: 1, files: [{ sheet: 'ICD' }] })
    expect(on.entry('diagnosis', 'A00.000')).toMatchObject({ from: '2021-01-14', until: '2024-01-01' })
  })

  it('refuses codes that a sheet keeps as numbers, which lost their zeros', async () => {
    const file = files.path('numbers.xlsx')
    const rows = [
      ['项目代码', '项目名称'],
      ['001102000000100', '诊查费'],
      ['001102000000200', '诊查费'],
      [1_102_000_000_300, '诊查费'],
    ]
    await writeWorkbook(file, [{ name: 'S', rows }])
    const ran = await on.table(file, '--standard', 'service', ...EDITION)
    expect(refusedOf(ran)).toEqual([[4, 'number-cell']])
    expect(ran.outcome.written).toBe(false)
  })

  it('says so where most codes are numbers: no column was mistaken', async () => {
    const file = files.path('numbers.xlsx')
    const rows = [['编码', '名称'], ...[86.22, 86.04, 38.95].map((code) => [code, '操作'])]
    await writeWorkbook(file, [{ name: 'S', rows }])
    const asked = on.table(file, '--standard', 'clinical-procedure', ...EDITION)
    await expect(asked).rejects.toThrow(/^一半以上的编码以数字存储，例如第2行“86.22”.*设为文本/)
  })

  it.each(['procedure', 'clinical-procedure', 'beijing-procedure'])(
    'refuses a fraction among codes of %s: without the zeros at its end it reads as a heading',
    async (standard) => {
      const file = files.path('fractions.xlsx')
      const rows = [
        ['编码', '名称', '替代编码'],
        ['38.9500', '置管', null],
        [86.22, '清创', null],
        [38, '目', null],
        ['86.0400', '切开', 86.22],
        ['39.0000', '甲', null],
        ['39.1000', '乙', null],
        ['39.2000', '丙', null],
      ]
      await writeWorkbook(file, [{ name: 'S', rows }])
      const ran = await on.table(file, '--standard', standard, ...EDITION)
      expect(refusedOf(ran)).toEqual([3, 4, 5].map((line) => [line, 'number-cell']))
    },
  )
})

it('the list of downloads is that of the facts, where they lie beside', async (context) => {
  const facts = `${import.meta.dirname}/../../../../shared/facts/transactions.json`
  let text: string
  try {
    text = readFileSync(facts, 'utf8')
  } catch {
    return context.skip('../shared/facts is not here')
  }
  const { importedDownloads } = await import('../../../src/codes/import/downloads.ts')
  const { transactions } = JSON.parse(text) as {
    transactions: { infno: string; file_columns_in_order?: { columns_zh: string[] } }[]
  }
  for (const [number, { titles }] of Object.entries(importedDownloads())) {
    const known = transactions.find(({ infno }) => infno === number)
    // A form of the same table whose columns no source has.
    if (!known?.file_columns_in_order) continue
    expect(titles, number).toEqual(known?.file_columns_in_order?.columns_zh)
  }
})
