/** CSV and TSV: text with a delimiter, in any of the encodings, compressed or not. */
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { withinLines } from '../../line-limit.ts'
import { decode, type Encoding, encodingOf, SAMPLE_BYTES } from './encoding.ts'
import {
  BATCH_ROWS,
  CELL_CHARACTERS_MAX,
  COLUMNS_MAX,
  FileRefused,
  INFLATED_BYTES_MAX,
  type RawRow,
} from './row.ts'

/** Bytes that one row may have: a quote that is never closed would join all that follow. */
export const ROW_BYTES_MAX = 1024 * 1024

/** Bytes that one line may have with its delimiters: so much more that a cell without an end is told of first, with its line. */
const LINE_BYTES_MAX = ROW_BYTES_MAX + 256 * 1024

/** Rows of the beginning that the delimiter is found from. */
const SNIFFED_ROWS = 20
const DELIMITERS = ['\t', ',', ';', '|'] as const

/** What a person may say of a text file instead of letting it be found out. */
export interface TextOptions {
  readonly encoding?: Encoding
  /** Official downloads have no quotes: a `"` in them is a character. */
  readonly quotes?: boolean
}

interface Text {
  readonly encoding: Encoding
  readonly delimiter: string
  readonly rows: AsyncIterable<readonly RawRow[]>
}

/**
 * Opens a stream of bytes as rows.
 *
 * @throws {FileRefused} where it is no text, or a row is longer than `ROW_BYTES_MAX`
 */
export async function openText(bytes: Readable, options: TextOptions): Promise<Text> {
  const source = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  const sample = await takeSample(source)
  const encoding = options.encoding ?? encodingOf(sample)
  const delimiter = delimiterOf(decode(encoding, sample))
  const rows = readRows(utf8(source, sample, encoding), delimiter, options.quotes ?? true)
  return { encoding, delimiter, rows }
}

async function takeSample(source: AsyncIterator<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  while (size < SAMPLE_BYTES) {
    const { value, done } = await source.next()
    if (done) break
    chunks.push(value)
    size += value.length
  }
  return Buffer.concat(chunks)
}

/** The bytes as UTF-8. Those that are UTF-8 already pass as they are. */
async function* utf8(source: AsyncIterator<Buffer>, sample: Buffer, encoding: Encoding) {
  const decoder = encoding === 'UTF-8' ? null : new TextDecoder(encoding)
  let size = 0
  let chunk: Buffer | undefined = sample
  while (chunk) {
    size += chunk.length
    if (size > INFLATED_BYTES_MAX) throw new FileRefused(`文件解压后超过${INFLATED_BYTES_MAX}字节`)
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk
    const next: IteratorResult<Buffer> = await source.next()
    chunk = next.done ? undefined : next.value
  }
  if (decoder) yield Buffer.from(decoder.decode())
}

/**
 * The delimiter: a tab where the rows have some, else whichever stands most often in the middle one of the first rows.
 *
 * @param text the beginning of the file
 */
function delimiterOf(text: string): string {
  const lines = text.split(/\r\n|\r|\n/, SNIFFED_ROWS).filter((line) => line.trim() !== '')
  const bare = lines.map((line) => line.replaceAll(/"[^"]*"/g, ''))
  const counts = DELIMITERS.map((delimiter) => {
    const sorted = bare.map((line) => line.split(delimiter).length - 1).sort((a, b) => a - b)
    return { delimiter, count: sorted[sorted.length >> 1] ?? 0 }
  })
  const tab = counts[0]!
  if (tab.count > 0) return tab.delimiter
  return counts.toSorted((a, b) => b.count - a.count).find(({ count }) => count > 0)?.delimiter ?? ','
}

async function* readRows(
  source: AsyncIterable<Buffer>,
  delimiter: string,
  quotes: boolean,
): AsyncGenerator<readonly RawRow[]> {
  let last = 0
  const parser = parse({
    bom: true,
    delimiter,
    quote: quotes ? '"' : false,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: ROW_BYTES_MAX,
    // Noted while it parses: a fault overtakes the rows that wait to be read.
    on_record(cells: string[], { lines }) {
      // A batch of rows with a million empty cells each would not fit into memory.
      if (cells.length > COLUMNS_MAX)
        throw new FileRefused(`第${lines}行超过${COLUMNS_MAX}列。没有写入任何内容`)
      last = lines
      const row: RawRow = { line: lines - linesWithin(cells), cells }
      return row as unknown as string[] // the types know rows of another form only by their column names
    },
  })
  const tooLong = () => new FileRefused(`有一行超过${LINE_BYTES_MAX}字节，无法读取。没有写入任何内容`)
  let ended: unknown = null
  pipeline(withinLines(source, LINE_BYTES_MAX, tooLong), parser, (error) => {
    ended = error
  })
  let batch: RawRow[] = []
  try {
    for await (const row of parser as unknown as AsyncIterable<RawRow>) {
      batch.push(row)
      if (batch.length < BATCH_ROWS) continue
      yield batch
      batch = []
    }
  } catch (error) {
    throw readingFault(ended ?? error, last)
  }
  yield batch
}

/** Line ends inside the cells of a row: a person finds the row by its first line. */
function linesWithin(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) if (cell.includes('\n')) count += cell.split('\n').length - 1
  return count
}

/** What a person is told of a file whose reading broke off. */
function readingFault(error: unknown, last: number): unknown {
  if (error instanceof CsvError) {
    const after = `第${last + 1}行起无法读取`
    if (error.code === 'CSV_MAX_RECORD_SIZE') {
      const sentence = `单行超过${ROW_BYTES_MAX}字节（单元格最多${CELL_CHARACTERS_MAX}个字符），可能是引号没有成对`
      return new FileRefused(`${after}：${sentence}`, { cause: error })
    }
    if (error.code === 'CSV_QUOTE_NOT_CLOSED')
      return new FileRefused(`${after}：引号没有成对`, { cause: error })
    return new FileRefused(`${after}：不是可读的CSV`, { cause: error })
  }
  const { code } = error as NodeJS.ErrnoException
  if (code?.startsWith('Z_')) return new FileRefused('压缩文件已损坏或不完整', { cause: error })
  return error
}
