/** Reads a sheet of a workbook with the product's own reader. */
import { openTableFile } from '../../src/codes/read/open.ts'

/** Cells of a sheet as text, row by row; blanks at the end, which are not in the file, up to the width of the first row. */
export async function cellsOfWorkbook(file: string, sheet: string): Promise<string[][]> {
  const opened = await openTableFile(file, { sheet })
  const rows: string[][] = []
  for await (const batch of opened.rows) rows.push(...batch.map(({ cells }) => [...cells]))
  opened.close()
  const width = rows[0]?.length ?? 0
  return rows.map((row) => [...row, ...Array<string>(Math.max(0, width - row.length)).fill('')])
}
