/** Files made to fill the memory of whoever reads them: each ends with a sentence. */
import { createWriteStream, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { openTableFile } from '../../../src/codes/read/open.ts'
import { temporaryFiles } from '../../support/files.ts'

const files = temporaryFiles()

/** Reads all rows and keeps none. */
async function readThrough(file: string): Promise<void> {
  const opened = await openTableFile(file, {})
  try {
    for await (const _ of opened.rows);
  } finally {
    opened.close()
  }
}

const OUTLINE = {
  'xl/workbook.xml': ['<workbook><sheets><sheet name="s" r:id="r1"/></sheets></workbook>'],
  'xl/_rels/workbook.xml.rels': ['<Relationships><Relationship Id="r1" Target="s.xml"/></Relationships>'],
  'xl/s.xml': ['<worksheet><sheetData></sheetData></worksheet>'],
}

/** A workbook with one part replaced. */
async function workbook(name: string, parts: Readonly<Record<string, Iterable<string>>>): Promise<string> {
  const file = files.path(name)
  const zip = new ZipFile()
  for (const [part, pieces] of Object.entries({ ...OUTLINE, ...parts })) {
    zip.addReadStream(Readable.from(pieces), part)
  }
  zip.end()
  await finished(zip.outputStream.pipe(createWriteStream(file)))
  return file
}

function* times(count: number, text: string): Generator<string> {
  for (let done = 0; done < count; done += 1) yield text
}

const MEGABYTE = 1024 * 1024

describe('a file made to fill the memory', () => {
  it('of rows of commas is refused at the first row that is too wide', async () => {
    const file = files.path('commas.csv')
    writeFileSync(file, `编码,名称\n${`${','.repeat(MEGABYTE - 10)}\n`.repeat(8)}`)
    await expect(readThrough(file)).rejects.toThrow('第2行超过1024列。没有写入任何内容')
  })

  it('of one line of commas is refused before it is whole', async () => {
    const file = files.path('line.csv')
    writeFileSync(file, ','.repeat(8 * MEGABYTE))
    await expect(readThrough(file)).rejects.toThrow('有一行超过1310720字节')
  })

  it('of elements within one another is refused at the 65th', async () => {
    const deep = await workbook('deep.xlsx', { 'xl/s.xml': times(2000, '<a>'.repeat(1000)) })
    await expect(readThrough(deep)).rejects.toThrow('工作簿的标记嵌套超过64层')
    const strings = await workbook('strings.xlsx', {
      'xl/sharedStrings.xml': times(2000, '<r>'.repeat(1000)),
    })
    await expect(readThrough(strings)).rejects.toThrow('工作簿的标记嵌套超过64层')
  })

  it('of one tag, or one remark, without an end is refused', async () => {
    const attribute = ['<worksheet x="', ...times(6, 'x'.repeat(MEGABYTE))]
    await expect(readThrough(await workbook('tag.xlsx', { 'xl/s.xml': attribute }))).rejects.toThrow(
      '工作簿的一个标记超过4194304个字符',
    )
    const remark = ['<worksheet><!--', ...times(6, 'x'.repeat(MEGABYTE))]
    await expect(readThrough(await workbook('remark.xlsx', { 'xl/s.xml': remark }))).rejects.toThrow(
      '工作簿的一个标记超过4194304个字符',
    )
  })

  it('of sheets without an end is refused', async () => {
    const many = ['<workbook><sheets>', ...times(700, '<sheet name="s" r:id="r1"/>'.repeat(1000))]
    await expect(readThrough(await workbook('sheets.xlsx', { 'xl/workbook.xml': many }))).rejects.toThrow(
      '工作簿的一部分解压后超过16777216字节',
    )
  })
})
