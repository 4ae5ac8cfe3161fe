/** A table file with its head detected: rows by role. */
import { type OpenOptions, openTableFile } from '../read/open.ts'
import { FileRefused, type OpenedFile, type RawRow, type ReadProgress } from '../read/row.ts'
import type { Heads } from './columns.ts'
import { type Chosen, type ColumnHead, findHead } from './head.ts'

/** Rows searched for the head. */
const FIRST_ROWS = 24

/** How to interpret a file. */
export interface Understanding<Role extends string> {
  readonly open: OpenOptions
  readonly heads: Heads<Role>
  readonly chosen: Chosen<Role>
  readonly needed: readonly Role[]
  /** Titles for a file without a head; null if it has one. */
  readonly titles: readonly string[] | null
  /**
   * For a catalogue download: number of columns in newer files; those beyond the titles are unnamed and
   * ignored.
   */
  readonly width?: number
}

/** What the report says about a file. */
export interface FileReport {
  readonly file: string
  readonly encoding: string
  readonly sheet?: string
  readonly otherSheets?: readonly string[]
  /** Title of each column by role. */
  readonly columns: Readonly<Record<string, string>>
}

/** A file with known columns. */
export interface TableFile<Role extends string> {
  readonly report: FileReport
  readonly head: ColumnHead<Role>
  readonly since1904: boolean
  /** Whether a row may be shorter than the head: sheets omit trailing empty cells, text files do not. */
  readonly mayBeShort: boolean
  readonly rows: AsyncIterable<readonly RawRow[]>
  close(): void
}

/** Opens a file and finds its head. @throws {FileRefused} if there is none */
export async function openTable<Role extends string>(
  file: string,
  how: Understanding<Role>,
  progress: ReadProgress,
): Promise<TableFile<Role>> {
  const opened = await openTableFile(file, how.open, progress)
  try {
    const source = opened.rows[Symbol.asyncIterator]()
    const first = await firstRows(source)
    const head = headOf(first, how)
    const headEnd = how.titles === null ? (first[head.rows - 1]?.line ?? 0) : 0
    return {
      report: reportOf(file, opened, head),
      head,
      since1904: opened.since1904 ?? false,
      mayBeShort: opened.sheet !== undefined,
      rows: rest(first.slice(head.rows), source, readingOf(how), () => mustBeParted(opened, head, headEnd)),
      close: opened.close,
    }
  } catch (error) {
    opened.close()
    throw error
  }
}

async function firstRows(source: AsyncIterator<readonly RawRow[]>): Promise<RawRow[]> {
  const first: RawRow[] = []
  while (first.length < FIRST_ROWS) {
    const { value, done } = await source.next()
    if (done) break
    first.push(...value)
  }
  if (first.length === 0) throw new FileRefused('文件里没有一行数据')
  return first
}

function headOf<Role extends string>(first: readonly RawRow[], how: Understanding<Role>): ColumnHead<Role> {
  if (how.titles === null) return findHead(first, how.heads, how.chosen, how.needed)
  const { places, titles } = findHead([{ line: 0, cells: how.titles }], how.heads, how.chosen, how.needed)
  return { places, titles, rows: 0 }
}

type Reading = (rows: readonly RawRow[]) => readonly RawRow[]

const asTheyAre: Reading = (rows) => rows

/**
 * How the rows of a file are parsed. In a catalogue download the word `null` is an empty cell, and rows may
 * be wider. [F: T, H1]
 */
function readingOf({ titles, width }: Understanding<string>): Reading {
  if (titles === null || width === undefined) return asTheyAre
  return (rows) =>
    rows.map((row) => {
      const cells = row.cells.map((cell) => (cell === EMPTY ? '' : cell))
      return { ...row, cells: cells.length === width ? cells.slice(0, titles.length) : cells }
    })
}

const EMPTY = 'null'

async function* rest(
  first: readonly RawRow[],
  source: AsyncIterator<readonly RawRow[]>,
  reading: Reading,
  atEnd: () => void,
) {
  yield reading(first)
  for (;;) {
    const { value, done } = await source.next()
    if (done) return atEnd()
    yield reading(value)
  }
}

/**
 * Merged cells across data rows leave the lower rows without a value: a source with two targets would keep
 * only the first.
 *
 * @throws {FileRefused} if a column in use has merged cells
 */
function mustBeParted({ merged }: OpenedFile, { places }: ColumnHead<string>, headEnd: number): void {
  const read = Object.values(places)
  const area = merged?.().find(
    ({ lastLine, columns: [from, to] }) =>
      lastLine > headEnd && read.some((place) => place !== undefined && place >= from && place <= to),
  )
  if (!area) return
  throw new FileRefused(
    `单元格${area.reference}跨行合并，下面各行没有自己的值：请取消合并，并在每行填上内容后重新导入。没有写入任何内容`,
  )
}

function reportOf(file: string, opened: OpenedFile, head: ColumnHead<string>): FileReport {
  const { encoding, sheet, otherSheets } = opened
  const columns = Object.entries(head.places).map(([role, place]) => [role, head.titles[place!] ?? ''])
  return {
    file,
    encoding,
    ...(sheet !== undefined && { sheet }),
    ...(otherSheets && otherSheets.length > 0 && { otherSheets }),
    columns: Object.fromEntries(columns),
  }
}
