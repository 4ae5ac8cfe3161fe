/** A page of the figures as an XLSX workbook: first what was asked, then the table. Days are text, as in JSON: no time zone moves them. */
import writeWorkbook, { type CellObject, type SheetData } from 'write-excel-file/node'
import type { CsvCell } from '../../csv.ts'
import type { Sheet } from './sheets.ts'

/** One line of what was asked: its name and value. */
export type AboutLine = readonly [name: string, value: CsvCell]

/** Names of the two sheets. */
export const SHEET_NAMES = { about: '查询条件', table: '数据' } as const

/** Text stays text in Excel, also when the cell is edited: codes keep their zeros, and `=` begins no formula. */
const TEXT = '@'
const WIDTH_MIN = 8
const WIDTH_MAX = 48

/** Format of the numbers of a column by the sign at the end of its name: percentages have two places, fen and counts are whole. */
const formatOf = (name: string) => (name.endsWith('%') ? '0.00' : '0')

function cellOf(value: CsvCell, format: string): CellObject | null {
  if (value === null || value === '') return null
  if (typeof value === 'number') return { value, type: Number, format }
  return { value, type: String, format: TEXT }
}

const headCell = (value: string): CellObject => ({ value, type: String, format: TEXT, fontWeight: 'bold' })

/** A column as wide as its longest cell, within bounds; a Chinese character takes the place of two. */
function widthOf(cells: readonly CsvCell[]): number {
  const longest = cells.reduce<number>((most, cell) => {
    const text = String(cell ?? '')
    return Math.max(most, text.length + (text.match(/[^\0-\xff]/g)?.length ?? 0))
  }, 0)
  return Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, longest + 2))
}

/** The workbook's bytes, in memory of their own. Rows and head are those of the CSV. */
export async function sheetXlsx(
  { head, rows }: Pick<Sheet, 'head' | 'rows'>,
  about: readonly AboutLine[],
): Promise<Uint8Array<ArrayBuffer>> {
  const asked: SheetData = about.map(([name, value]) => [headCell(name), cellOf(value, '0')])
  const formats = head.map(formatOf)
  const table: SheetData = [
    head.map(headCell),
    ...rows.map((row) => row.map((cell, column) => cellOf(cell, formats[column]!))),
  ]
  const bytes = await writeWorkbook([
    { data: asked, sheet: SHEET_NAMES.about, columns: [{ width: 20 }, { width: WIDTH_MAX }] },
    {
      data: table,
      sheet: SHEET_NAMES.table,
      stickyRowsCount: 1,
      columns: head.map((name, column) => ({
        width: widthOf([name, ...rows.map((row) => row[column] ?? null)]),
      })),
    },
  ]).toBuffer()
  return new Uint8Array(bytes)
}
