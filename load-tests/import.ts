/**
 * How long an import takes and how much memory: `npm run import-bench`. Makes tables of the size of the country in
 * a temporary directory, imports each in a process of its own, prints a table, removes everything.
 */
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import Table from 'cli-table3'
import { writeWorkbook } from '../test/support/workbook.ts'

const ROOT = join(import.meta.dirname, '..')
const DRUGS = 280_531
const CONSUMABLES = 3_000_000
const MEGABYTE = 1024 ** 2

const digits = (value: number, length: number) => String(value).padStart(length, '0')

/** Invented drugs in the form of the standard, with the columns of the published workbook. */
function* drugs(): Generator<string[]> {
  yield [
    '药品代码',
    '注册名称',
    '商品名称',
    '剂型',
    '注册规格',
    '最小包装数量',
    '最小制剂单位',
    '药品企业',
    '批准文号',
    '药品本位码',
  ]
  for (let index = 0; index < DRUGS; index += 1) {
    const company = index % 5000
    const code = `XA${digits(index % 16, 2)}AA${'ABCDEFGH'[index % 8]}${digits(index % 1000, 3)}A001${digits(Math.floor(index / 1000) % 100, 2)}${digits(Math.floor(index / 100_000), 2)}${digits(company, 5)}`
    const name = `试验药品${index % 3000}片`
    yield [
      code,
      name,
      `商品${index % 900}`,
      '片剂',
      `${(index % 20) * 5 + 5}mg`,
      String((index % 6) * 7),
      '片',
      `试验制药${company}有限公司`,
      `国药准字H${digits(index, 8)}`,
      `869${digits(index, 11)}`,
    ]
  }
}

/** Invented consumables of 27 digits. */
function* consumables(): Generator<string> {
  yield '医保耗材代码,耗材名称,规格型号,注册备案号,生产企业名称\n'
  for (let index = 0; index < CONSUMABLES; index += 1) {
    const code = `C${digits(index % 18, 2)}${digits(Math.floor(index / 1000), 17)}${digits(index % 1000, 7)}`
    yield `${code},试验耗材${index % 40_000},${index % 300}mm×${index % 70}mm,国械注准2020${digits(index % 90_000, 7)},试验器械${index % 8000}有限公司\n`
  }
}

/** Lines of CSV in larger pieces: a stream of single lines would cost more than what it carries. */
function* pieces(lines: Iterable<string>): Generator<string> {
  let piece = ''
  for (const line of lines) {
    piece += line
    if (piece.length < MEGABYTE) continue
    yield piece
    piece = ''
  }
  yield piece
}

function* csv(rows: Iterable<readonly string[]>): Generator<string> {
  for (const row of rows) yield `${row.join(',')}\n`
}

const directory = mkdtempSync(join(tmpdir(), 'zhijie-import-'))
try {
  const files = [
    { file: join(directory, 'drugs.xlsx'), standard: 'drug' },
    { file: join(directory, 'drugs.csv'), standard: 'drug' },
    { file: join(directory, 'consumables.csv.gz'), standard: 'consumable' },
  ]
  await writeWorkbook(files[0]!.file, [{ name: '西药', rows: drugs() }])
  await pipeline(Readable.from(pieces(csv(drugs()))), createWriteStream(files[1]!.file))
  await pipeline(Readable.from(pieces(consumables())), createGzip(), createWriteStream(files[2]!.file))
  const table = new Table({ head: ['file', 'MB', 'rows', 'seconds', 'rows/s', 'peak MB', 'packed MB'] })
  for (const [index, { file, standard }] of files.entries()) {
    const dataDir = join(directory, `data-${index}`)
    const began = performance.now()
    const asked = ['--standard', standard, '--edition', '1', '--effective', '2026-01-01', '--json']
    const run = spawnSync(
      process.execPath,
      [join(ROOT, 'src', 'zhijie.mjs'), 'codes', 'import', file, ...asked],
      { env: { ...process.env, ZHIJIE_DATA: dataDir }, encoding: 'utf8', maxBuffer: 64 * MEGABYTE },
    )
    if (run.status !== 0) throw new Error(run.stderr || run.stdout.slice(0, 2000))
    const seconds = (performance.now() - began) / 1000
    const { taken, peakMegabytes, bytes } = JSON.parse(run.stdout) as Record<string, number>
    table.push([
      file.slice(directory.length + 1),
      Math.round(statSync(file).size / MEGABYTE),
      taken,
      seconds.toFixed(1),
      Math.round(taken! / seconds),
      peakMegabytes,
      Math.round(bytes! / MEGABYTE),
    ])
  }
  console.log(table.toString())
} finally {
  rmSync(directory, { recursive: true, force: true })
}
