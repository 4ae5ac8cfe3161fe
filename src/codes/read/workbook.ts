/**
 * Streams XLSX workbooks: the central directory locates the parts, shared strings are read first, then the sheet
 * row by row. A sheet of 280,000 rows is never held in memory as a whole.
 */
import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { type Handler, Parser } from 'htmlparser2'
import type { Archive } from './archive.ts'
import { FileRefused, INFLATED_BYTES_MAX, type OpenedFile, type RawRow, type ReadProgress } from './row.ts'
import { createSheetReader } from './sheet.ts'

/** Maximum characters of all shared strings, which are held in memory. */
const SHARED_CHARACTERS_MAX = 512 * 1024 * 1024
/** Overhead of a shared string, in characters: a workbook of empty strings still takes memory. */
const STRING_CHARACTERS = 16
/** Maximum bytes of the parts that describe the workbook. */
const OUTLINE_BYTES_MAX = 16 * 1024 * 1024
/** Maximum depth of elements; a sheet needs six. The parser keeps the names of all open elements. */
const DEPTH_MAX = 64
/** Maximum characters of one tag or comment, which the parser buffers. */
const TAG_CHARACTERS_MAX = 4 * 1024 * 1024
const WORKBOOK = 'xl/workbook.xml'
const RELATIONS = 'xl/_rels/workbook.xml.rels'

/** Whether an archive is a workbook. */
export const isWorkbook = ({ entries }: Archive) => entries.has(WORKBOOK)

/** Feeds one part to a parser in chunks. */
async function* parsed(
  bytes: Readable,
  handler: Partial<Handler>,
  bytesMax = INFLATED_BYTES_MAX,
): AsyncGenerator<number> {
  const decoder = new TextDecoder('utf-8')
  const { handler: bounded, fed } = withinBounds(handler)
  const parser = new Parser(bounded, { xmlMode: true })
  let size = 0
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > bytesMax) throw new FileRefused(`工作簿的一部分解压后超过${bytesMax}字节。没有写入任何内容`)
      const text = decoder.decode(chunk, { stream: true })
      parser.write(text)
      fed(text.length)
      yield size
    }
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw new FileRefused('工作簿已损坏或不完整', { cause: error })
  }
  parser.end(decoder.decode())
  yield size
}

/** Limits what the parser has to buffer. */
function withinBounds(handler: Partial<Handler>) {
  let depth = 0
  let characters = 0
  const bounded: Partial<Handler> = {
    ...handler,
    onopentagname(name) {
      characters = 0
      depth += 1
      if (depth > DEPTH_MAX)
        throw new FileRefused(`工作簿的标记嵌套超过${DEPTH_MAX}层，不是正常的工作簿。没有写入任何内容`)
      handler.onopentagname?.(name)
    },
    ontext(text) {
      characters = 0
      handler.ontext?.(text)
    },
    onclosetag(name, implied) {
      characters = 0
      depth -= 1
      handler.onclosetag?.(name, implied)
    },
  }
  /** Counts the characters given to the parser. */
  function fed(more: number): void {
    characters += more
    if (characters > TAG_CHARACTERS_MAX)
      throw new FileRefused(
        `工作簿的一个标记超过${TAG_CHARACTERS_MAX}个字符，不是正常的工作簿。没有写入任何内容`,
      )
  }
  return { handler: bounded, fed }
}

async function readPart(
  archive: Archive,
  name: string,
  handler: Partial<Handler>,
  bytesMax?: number,
): Promise<void> {
  for await (const _ of parsed(await archive.open(name), handler, bytesMax));
}

interface SheetEntry {
  readonly name: string
  readonly relation: string
  readonly hidden: boolean
}

async function readOutline(archive: Archive) {
  const sheets: SheetEntry[] = []
  const targets = new Map<string, string>()
  let since1904 = false
  const listing: Partial<Handler> = {
    onopentag(tag, attributes) {
      const local = tag.slice(tag.indexOf(':') + 1)
      if (local === 'workbookPr') since1904 = /^(?:1|true)$/.test(attributes.date1904 ?? '')
      if (local !== 'sheet') return
      const { name = '', state } = attributes
      const relation = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? ''
      sheets.push({ name, relation, hidden: state !== undefined && state !== 'visible' })
    },
  }
  const relating: Partial<Handler> = {
    onopentag(_tag, { Id, Target }) {
      if (!Id || !Target) return
      targets.set(Id, Target.startsWith('/') ? Target.slice(1) : posix.join('xl', Target))
    },
  }
  await readPart(archive, WORKBOOK, listing, OUTLINE_BYTES_MAX)
  await readPart(archive, RELATIONS, relating, OUTLINE_BYTES_MAX)
  return { sheets, targets, since1904 }
}

/** Reads the shared strings. Phonetic guides are not part of their text. */
async function readSharedStrings(archive: Archive): Promise<string[]> {
  const name = [...archive.entries.keys()].find((entry) => /^xl\/sharedStrings\.xml$/i.test(entry))
  const strings: string[] = []
  if (!name) return strings
  let text = ''
  let inText = false
  let phonetic = false
  let characters = 0
  const count = (more: number) => {
    characters += more
    if (characters > SHARED_CHARACTERS_MAX)
      throw new FileRefused(`工作簿的文字超过${SHARED_CHARACTERS_MAX}个字符，请拆分后导入`)
  }
  await readPart(archive, name, {
    onopentagname(tag) {
      const local = tag.slice(tag.indexOf(':') + 1)
      if (local === 'si') {
        text = ''
        count(STRING_CHARACTERS)
      } else if (local === 't') inText = !phonetic
      else if (local === 'rPh') phonetic = true
    },
    ontext(data) {
      if (!inText) return
      text += data
      count(data.length)
    },
    onclosetag(tag) {
      const local = tag.slice(tag.indexOf(':') + 1)
      if (local === 't') inText = false
      else if (local === 'rPh') phonetic = false
      else if (local === 'si') strings.push(text)
    },
  })
  return strings
}

/**
 * Opens one sheet of a workbook: the named one, or the first that is not hidden.
 *
 * @throws {FileRefused} if there is no such sheet, or the workbook is broken
 */
export async function openWorkbook(
  archive: Archive,
  wanted: string | undefined,
  progress: ReadProgress,
): Promise<OpenedFile> {
  const { sheets, targets, since1904 } = await readOutline(archive)
  const sheet = wanted ? sheets.find(({ name }) => name === wanted) : sheets.find(({ hidden }) => !hidden)
  const part = sheet && targets.get(sheet.relation)
  const names = sheets.map(({ name }) => name)
  if (!part) throw new FileRefused(`工作簿内没有工作表“${wanted ?? ''}”，现有：${names.join('、')}`)
  const reader = createSheetReader(await readSharedStrings(archive))
  return {
    encoding: 'XLSX',
    sheet: sheet.name,
    otherSheets: names.filter((name) => name !== sheet.name),
    since1904,
    rows: readSheet(archive, part, reader, progress),
    merged: reader.merged,
    close: () => archive.close(),
  }
}

async function* readSheet(
  archive: Archive,
  part: string,
  reader: ReturnType<typeof createSheetReader>,
  progress: ReadProgress,
): AsyncGenerator<readonly RawRow[]> {
  const total = archive.entries.get(part)?.uncompressedSize ?? 0
  for await (const done of parsed(await archive.open(part), reader.handler)) {
    progress(done, total)
    const rows = reader.take()
    if (rows.length > 0) yield rows
  }
  if (!reader.whole()) throw new FileRefused('工作表不完整：没有结尾')
}
