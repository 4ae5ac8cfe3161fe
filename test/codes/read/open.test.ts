/** Table files of any encoding and workbooks are read row by row with their places, or refused in one sentence. */
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { ROW_BYTES_MAX } from '../../../src/codes/read/delimited.ts'
import { openTableFile } from '../../../src/codes/read/open.ts'
import type { RawRow } from '../../../src/codes/read/row.ts'
import { temporaryFiles } from '../../support/files.ts'
import { writeWorkbook } from '../../support/workbook.ts'

const files = temporaryFiles()

async function rowsOf(file: string, options = {}) {
  const opened = await openTableFile(file, options)
  const rows: RawRow[] = []
  for await (const batch of opened.rows) rows.push(...batch)
  opened.close()
  return { ...opened, rows }
}

const TEXT = '编码,名称\nA00.000,霍乱\nA01.000,"伤寒,未特指"\n'
const CELLS = [
  ['编码', '名称'],
  ['A00.000', '霍乱'],
  ['A01.000', '伤寒,未特指'],
]
/** GB18030 of `霍乱` and the like: what Excel writes as CSV in China. */
const GB18030 = Buffer.from([
  0xb1, 0xe0, 0xc2, 0xeb, 0x2c, 0xc3, 0xfb, 0xb3, 0xc6, 0x0a, 0x41, 0x30, 0x30, 0x2e, 0x30, 0x30, 0x30, 0x2c,
  0xbb, 0xf4, 0xc2, 0xd2, 0x0a,
])

describe('openTableFile()', () => {
  it.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from(TEXT), 'UTF-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), 'UTF-8'],
    ['UTF-8 under gzip', gzipSync(TEXT), 'UTF-8'],
    ['UTF-16 as Excel writes it', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), 'UTF-16LE'],
    ['lines ended as on Windows', Buffer.from(TEXT.replaceAll('\n', '\r\n')), 'UTF-8'],
    [
      'semicolons',
      Buffer.from(
        TEXT.replace('编码,名称', '编码;名称')
          .replace('A00.000,', 'A00.000;')
          .replace('A01.000,', 'A01.000;'),
      ),
      'UTF-8',
    ],
    ['tabs', Buffer.from('编码\t名称\nA00.000\t霍乱\nA01.000\t伤寒,未特指\n'), 'UTF-8'],
  ])('reads %s', async (_, bytes, encoding) => {
    const { rows, ...opened } = await rowsOf(files.write('table', bytes))
    expect(opened.encoding).toBe(encoding)
    expect(rows.map(({ cells }) => cells)).toEqual(CELLS)
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 3])
  })

  it('finds out that text is GB18030, also when its first megabyte is mostly plain', async () => {
    const { encoding, rows } = await rowsOf(files.write('gb.csv', GB18030))
    expect([encoding, rows[1]?.cells]).toEqual(['GB18030', ['A00.000', '霍乱']])
    const later = Buffer.concat([Buffer.from('A00.000,x\n'.repeat(50_000)), GB18030])
    expect((await rowsOf(files.write('later.csv', later))).rows.at(-1)?.cells).toEqual(['A00.000', '霍乱'])
  })

  it('keeps a file with a damaged byte UTF-8, so that the row can be refused by line', async () => {
    const damaged = Buffer.concat([
      Buffer.from(`${TEXT.repeat(5)}A02.000,`),
      Buffer.of(0xff),
      Buffer.from('\n'),
    ])
    const { encoding, rows } = await rowsOf(files.write('damaged.csv', damaged))
    expect([encoding, rows.at(-1)?.cells]).toEqual(['UTF-8', ['A02.000', '\ufffd']])
  })

  it('gives a row with line ends in a cell the line on which it begins', async () => {
    const { rows } = await rowsOf(files.write('lines.csv', 'code,name\nA,"one\ntwo\nthree"\nB,b\n'))
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 5])
  })

  it('stops at a cell of ten megabytes with its line, and does not gather it', async () => {
    const file = files.write(
      'big.csv',
      `code,name\nA00.000,x\nA01.000,${'y'.repeat(10_000_000)}\nA02.000,z\n`,
    )
    await expect(rowsOf(file)).rejects.toThrow(`第3行起无法读取：单行超过${ROW_BYTES_MAX}字节`)
  })

  it.each<[string, Uint8Array | string, string]>([
    ['an empty file', '', '文件是空的'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), '旧版Excel'],
    ['a broken archive', Buffer.from('504b0304ffff', 'hex'), '压缩文件已损坏'],
    ['half of a gzip', gzipSync(TEXT.repeat(5000)).subarray(0, 120), '压缩文件已损坏'],
    ['bytes that are no text', Buffer.from([65, 0, 66, 0, 1, 2]), '不是文本'],
    ['a quote that is never closed', 'code,name\nA00.000,"x\nA01.000,y\n', '第2行起无法读取：引号没有成对'],
  ])('refuses %s', async (_, content, sentence) => {
    await expect(rowsOf(files.write('bad', content))).rejects.toThrow(sentence)
  })

  it('reads the one file of a catalogue download', async () => {
    const zip = new ZipFile()
    zip.addBuffer(Buffer.from('A00.000\t5" 霍乱\n'), 'download.txt')
    zip.end()
    const file = files.path('download.zip')
    await finished(zip.outputStream.pipe(createWriteStream(file)))
    expect((await rowsOf(file, { quotes: false })).rows[0]?.cells).toEqual(['A00.000', '5" 霍乱'])
  })
})

describe('openTableFile() of a workbook', () => {
  it('reads the first sheet that is seen, or the named one, and says what it leaves', async () => {
    const file = files.path('two.xlsx')
    await writeWorkbook(file, [
      { name: '说明', rows: [['不读']], hidden: true },
      { name: '西药', rows: CELLS },
      { name: '中成药', rows: [['Z']] },
    ])
    const first = await rowsOf(file)
    expect([first.encoding, first.sheet, first.otherSheets]).toEqual(['XLSX', '西药', ['说明', '中成药']])
    expect(first.rows.map(({ cells }) => cells)).toEqual(CELLS)
    expect((await rowsOf(file, { sheet: '中成药' })).rows[0]?.cells).toEqual(['Z'])
    await expect(rowsOf(file, { sheet: '没有' })).rejects.toThrow(
      '没有工作表“没有”，现有：说明、西药、中成药',
    )
  })

  it('keeps places over cells and rows that are not there, and tells numbers from text', async () => {
    const file = files.path('gaps.xlsx')
    await writeWorkbook(file, [{ name: 'S', rows: [['a', null, 'c'], [], [1102, '001102', 1e26]] }])
    const { rows } = await rowsOf(file)
    expect(rows).toEqual([
      { line: 1, cells: ['a', '', 'c'] },
      { line: 3, cells: ['1102', '001102', '1e+26'], numbers: new Set([0, 2]) },
    ])
  })

  it('refuses a workbook that is cut off', async () => {
    const { readFileSync } = await import('node:fs')
    const file = files.path('whole.xlsx')
    await writeWorkbook(file, [{ name: 'S', rows: CELLS }])
    const cut = files.write('cut.xlsx', readFileSync(file).subarray(0, 300))
    await expect(rowsOf(cut)).rejects.toThrow('已损坏')
  })
})
