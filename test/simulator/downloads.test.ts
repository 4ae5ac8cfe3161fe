/** A platform gives the national tables away as files, in versions, and its value sets and prices by pages. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nationalMessage } from '../../src/client/message.ts'
import { openEditions } from '../../src/codes/editions/editions.ts'
import { tableOptions } from '../../src/codes/import/options.ts'
import { runTable } from '../../src/codes/import/run.ts'
import { openArchive } from '../../src/codes/read/archive.ts'
import { type Instant, parseDay } from '../../src/domain/day.ts'
import { type Codebook, defineCodebook } from '../../src/extension/codebook.ts'
import { ROWS_A_VERSION } from '../../src/extension/download-tables.ts'
import { shippedDownloads } from '../../src/extension/downloads.ts'
import { loadCodebooks } from '../../src/extension/registry.ts'
import { type Platform, type PlatformOptions, startPlatform } from '../../src/simulator/platform.ts'

const HOSPITAL = 'H62100000001'
const folder = mkdtempSync(join(tmpdir(), 'zhijie-downloads-'))
const { codebooks } = await loadCodebooks()
let serial = 0
let platform: Platform

beforeAll(async () => {
  platform = await start({ codebooks })
})
afterAll(async () => {
  await platform.close()
  rmSync(folder, { recursive: true, force: true })
})

function start(more: Partial<PlatformOptions>): Promise<Platform> {
  const engineDelay = { fromMs: 0, toMs: 0 }
  return startPlatform({ platform: '620000', dataDir: ':memory:', engineDelay, ...more })
}

async function post(to: Platform, infno: string, input: unknown, institution = HOSPITAL): Promise<Response> {
  serial += 1
  const sender = { institution, name: '示例医院（虚构）', treatmentArea: '621000', insuredArea: '621000' }
  const id = `${HOSPITAL}20260615080000${String(serial).padStart(4, '0')}`
  const message = nationalMessage(sender, infno, input, { id, at: '2026-06-15 08:00:00' })
  return await fetch(to.url, { method: 'POST', body: JSON.stringify(message) })
}

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
async function ask(to: Platform, infno: string, input: unknown, institution?: string): Promise<any> {
  return await (await post(to, infno, input, institution)).json()
}

const versionAfter = (to: Platform, infno: string, ver: string) => ask(to, infno, { data: { ver } })

interface Told {
  readonly file_qury_no: string
  readonly filename: string
}

function fetched(to: Platform, { file_qury_no, filename }: Told, as = HOSPITAL, fixmedins_code = as) {
  return post(to, '9102', { fsDownloadIn: { file_qury_no, filename, fixmedins_code } }, as)
}

/** The file of a download: where it lies, and its rows. */
async function fileOf(to: Platform, infno: string, ver = 'v0000') {
  const { output } = await versionAfter(to, infno, ver)
  const answer = await fetched(to, output)
  expect(answer.headers.get('content-type')).toBe('application/zip')
  const path = join(folder, `${infno}-${serial}.zip`)
  writeFileSync(path, Buffer.from(await answer.arrayBuffer()))
  const archive = await openArchive(path)
  const [name] = archive.entries.keys()
  const chunks: Buffer[] = []
  for await (const chunk of await archive.open(name!)) chunks.push(chunk as Buffer)
  archive.close()
  const text = Buffer.concat(chunks).toString()
  const rows =
    text === ''
      ? []
      : text
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => line.split('\t'))
  return { output, path, rows, files: archive.entries.size }
}

const usable = Object.entries(shippedDownloads()).filter(([, { standard }]) => standard !== null)

describe('a catalogue download', () => {
  it.each(usable)(
    '%s has its columns, one text, and what is empty as the word null',
    async (infno, download) => {
      const { output, rows, files } = await fileOf(platform, infno)
      expect(output).toMatchObject({
        file_qury_no: expect.stringMatching(/^F620000\d{12}$/),
        filename: expect.stringMatching(/\.zip$/),
        dld_endtime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        data_cnt: rows.length,
      })
      expect(files).toBe(1)
      expect(rows.length).toBeGreaterThan(0)
      expect(new Set(rows.map((row) => row.length))).toEqual(new Set([download.width]))
      expect(rows.flat()).not.toContain('')
      expect(rows[0]).toContain('null')
    },
  )

  it('has the wider columns at the end, empty', async () => {
    const widths = { 1301: 97, 1302: 33, 1303: 85, 1305: 20, 1306: 71, 1307: 24 }
    const downloads = shippedDownloads()
    for (const [number, width] of Object.entries(widths)) expect(downloads[number]!.width).toBe(width)
    const { rows } = await fileOf(platform, '1301')
    expect(rows[0]!.slice(92)).toEqual(['null', 'null', 'null', 'null', 'null'])
  })

  it.each(usable)('%s is taken by the import as it came', async (infno, download) => {
    const { path, rows } = await fileOf(platform, infno)
    const standard = download.standard!
    const edition = codebooks.find(({ id }) => id === standard)!.editions.at(-1)!
    const args = [
      path,
      '--standard',
      standard,
      '--download',
      infno,
      '--edition',
      'x',
      '--effective',
      edition.from,
    ]
    const question = tableOptions([...args, '--dry-run'], { codebooks, person: '测试' })
    const shelf = openEditions(mkdtempSync(join(folder, 'shelf-')))
    const { report, outcome } = await runTable(question, { shelf, progress: () => {} })
    expect(report).toMatchObject({ refused: 0 })
    expect(report.files[0]).toMatchObject({ encoding: 'UTF-8' })
    expect(outcome.changes).not.toBeNull()
    expect(rows.length).toBeGreaterThan(0)
  })

  it('of reagents, of which there is no table, is an empty file', async () => {
    for (const infno of ['1322', '1327']) {
      const { output, rows } = await fileOf(platform, infno)
      expect(output.data_cnt).toBe(0)
      expect(rows).toEqual([])
    }
  })

  it('after the last version has nothing more, and is 1306A by the longer number', async () => {
    const { rows } = await fileOf(platform, '1306A')
    const last = rows.at(-1)!.at(-2)!
    expect(last).toMatch(/^v\d{4}$/)
    expect((await fileOf(platform, '1306A', last)).output.data_cnt).toBe(0)
  })
})

describe('a table of many rows', () => {
  const MANY = 2 * ROWS_A_VERSION + 1
  const day = parseDay('2020-01-01')
  const entries = Array.from({ length: MANY }, (_, index) => ({
    code: `C${String(index).padStart(19, '0')}`,
    name: `耗材\t${index}`,
  }))
  const source = { grade: 'A', text: 'invented' } as const
  const book = (editions: Codebook['editions']) =>
    defineCodebook({
      ...codebooks.find(({ id }) => id === 'consumable')!,
      editions,
    })

  it('comes version by version, each row once, and a tab in a name parts no cells', async () => {
    const many = await start({ codebooks: [book([{ version: '1', from: day, source, entries }])] })
    const codes: string[] = []
    let ver = 'v0000'
    for (const rows of [ROWS_A_VERSION, ROWS_A_VERSION, 1, 0]) {
      const page = await fileOf(many, '1306', ver)
      expect(page.output.data_cnt).toBe(rows)
      expect(page.rows.every((row) => row.length === 71)).toBe(true)
      codes.push(...page.rows.map((row) => row[0]!))
      ver = page.rows.at(-1)?.at(-2) ?? ver
    }
    expect(ver).toBe('v0003')
    expect(codes).toEqual(entries.map(({ code }) => code))
    await many.close()
  })

  it('lists of a later edition what is new, what reads otherwise and what is gone', async () => {
    const [first, second, third] = entries
    const later = parseDay('2024-01-01')
    const changed = { ...second!, name: '改名' }
    const added = { code: 'C9000000000000000001', name: '新增' }
    const edited = await start({
      codebooks: [
        book([
          { version: '1', from: day, source, entries: [first!, second!, third!] },
          { version: '2', from: later, source, entries: [first!, changed, added] },
        ]),
      ],
    })
    const { rows } = await fileOf(edited, '1306', 'v0001')
    const valid = rows.map((row) => [row[0], row[1], row.at(-4), row[47]])
    expect(valid).toEqual([
      [second!.code, '改名', '1', 'null'],
      [added.code, '新增', '1', 'null'],
      [third!.code, '耗材 2', '0', '2023-12-31'],
    ])
    await edited.close()
  })

  it('does not keep others waiting while it is written', async () => {
    const many = await start({ codebooks: [book([{ version: '1', from: day, source, entries }])] })
    const { output } = await versionAfter(many, '1306', 'v0000')
    const order: string[] = []
    const file = fetched(many, output).then(async (answer) => {
      await answer.arrayBuffer()
      order.push('file')
    })
    await fetch(`${many.url}/health`)
    order.push('health')
    await file
    expect(order).toEqual(['health', 'file'])
    await many.close()
  })
})

describe('9102', () => {
  it('takes plc in the stead of a file name or an institution, and nobody else’s number', async () => {
    const { output } = await versionAfter(platform, '1307', 'v0000')
    const plc = { ...output, filename: 'plc' }
    expect((await fetched(platform, plc)).headers.get('content-type')).toBe('application/zip')
    expect((await fetched(platform, output, HOSPITAL, 'plc')).headers.get('content-type')).toBe(
      'application/zip',
    )
    const wrong = [
      { ...output, file_qury_no: 'F0' },
      { ...output, filename: '别的.zip' },
    ]
    for (const told of wrong)
      expect(await (await fetched(platform, told)).json()).toMatchObject({ infcode: -1 })
    expect(await (await fetched(platform, output, HOSPITAL, 'H62100000002')).json()).toMatchObject({
      infcode: -1,
    })
  })

  it('gives a file that was handed in back to its institution alone, until its end', async () => {
    let now = 1_780_000_000_000 as Instant
    const other = await start({ now: () => now })
    const fsUploadIn = {
      in: Buffer.from('明细').toString('base64'),
      filename: 'a.zip',
      fixmedins_code: HOSPITAL,
    }
    const { output } = await ask(other, '9101', { fsUploadIn })
    expect(await (await fetched(other, output)).text()).toBe('明细')
    expect(await (await fetched(other, output, 'H62100000002', HOSPITAL)).json()).toMatchObject({
      infcode: -1,
    })
    now = (now + 8 * 24 * 3600 * 1000) as Instant
    expect(await (await fetched(other, output)).text()).toContain('截止时间')
    await other.close()
  })
})

describe('questions by pages', () => {
  it('1312 shows every item once, page by page', async () => {
    const codes: string[] = []
    for (let page_num = 1; ; page_num += 1) {
      const { output } = await ask(platform, '1312', {
        data: { page_num, page_size: 50, insu_admdvs: '621000' },
      })
      codes.push(...output.data.map((row: { hilist_code: string }) => row.hilist_code))
      expect(output.firstPage).toBe(page_num === 1)
      if (output.lastPage) {
        expect(output.recordCounts).toBe(codes.length)
        break
      }
    }
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.length).toBeGreaterThan(200)
  })

  it('1318 shows limits, 1319 shares of class 乙, 1304 nothing', async () => {
    const data = { page_num: 1, page_size: 100, insu_admdvs: '621000' }
    const limits = (
      await ask(platform, '1318', { data: { ...data, hilist_code: 'XA10ABM907B002010199001' } })
    ).output
    expect(limits.data).toMatchObject([{ hilist_pric_uplmt_amt: 26.5 }])
    const shares = (
      await ask(platform, '1319', { data: { ...data, hilist_code: 'XA10ABM907B002010199001' } })
    ).output
    expect(shares.data).toMatchObject([{ selfpay_prop: expect.any(Number) }])
    expect((await ask(platform, '1304', { data })).output).toMatchObject({ recordCounts: 0, data: [] })
  })

  it('1901 shows a value set of the interface, and nothing of one that is none', async () => {
    const data = { type: 'vali_flag', admdvs: '621000', date: '2026-06-15', vali_flag: '1' }
    const { output } = await ask(platform, '1901', { data })
    expect(output.list).toMatchObject([
      { type: 'vali_flag', value: '0', label: '无效' },
      { value: '1', label: '有效' },
    ])
    for (const type of ['toString', '没有的']) {
      expect((await ask(platform, '1901', { data: { ...data, type } })).output.list).toEqual([])
    }
  })
})
