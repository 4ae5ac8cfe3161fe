/** CSV and TSV: delimited text in any of the encodings, compressed or not. */
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

/** Maximum bytes of one row: an unclosed quote would swallow the rest of the file. */
export const ROW_BYTES_MAX = 1024 * 1024

/** Maximum bytes of one line: larger, so that an unclosed cell is reported first, with its line. */
const LINE_BYTES_MAX = ROW_BYTES_MAX + 256 * 1024

/** Rows sampled to detect the delimiter. */
const SNIFFED_ROWS = 20
const DELIMITERS = ['\t', ',', ';', '|'] as const

/** Properties of a text file that a person may state instead of having them detected. */
export interface TextOptions {
  readonly encoding?: Encoding
  /** Official downloads have no quoting: `"` is an ordinary character. */
  readonly quotes?: boolean
}

interface Text {
  readonly encoding: Encoding
  readonly delimiter: string
  readonly rows: AsyncIterable<readonly RawRow[]>
}

/**
 * Opens a byte stream as rows.
 *
 * @throws {FileRefused} if it is not text, or a row is longer than `ROW_BYTES_MAX`
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

/** The bytes as UTF-8; UTF-8 input passes unchanged. */
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
 * Detects the delimiter: a tab if the rows have some, else the most frequent one in the median of the first rows.
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
    // Recorded during parsing, because a fault overtakes rows that are still queued.
    on_record(cells: string[], { lines }) {
      // A batch of rows with a million empty cells each would exhaust memory.
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

/** Line breaks inside the cells of a row: a row is reported by its first line. */
function linesWithin(cells: readonly string[]): number {
  let count = 0
  for (const cell of cells) if (cell.includes('\n')) count += cell.split('\n').length - 1
  return count
}

/** The error to report for a file whose reading failed. */
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
