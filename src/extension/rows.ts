/** Rows of a message, asked field by field: the same for rows of JSON and for rows that are read by their bytes. */
import type { GivenCode } from '../domain/claim.ts'
import { type DecimalForm, decimalOf } from '../domain/money.ts'

/** Rows. */
export interface Rows {
  readonly length: number
  /** The values of a field, by the place of their row; undefined if a row does not have it. */
  column(field: string): (row: number) => unknown
  /** The first row whose value of a field is another than that of row 0; −1 where all are the same. Makes no text. */
  firstOther(field: string): number
  /** The values of a field that holds decimals, as `decimalIn` reads them; NaN where a row has none. */
  decimals(field: string, form: DecimalForm): (row: number) => number
  /** The values of a field that holds codes of a system; an empty code where a row has none. */
  codes(field: string, system: string): (row: number) => GivenCode
}

/** Rows in bytes, as the reader makes them. */
export class ByteRows implements Rows {
  readonly length: number
  readonly column: Rows['column']
  readonly firstOther: Rows['firstOther']
  readonly decimals: Rows['decimals']
  readonly codes: Rows['codes']

  constructor(length: number, { column, firstOther, decimals, codes }: Omit<Rows, 'length'>) {
    this.length = length
    this.column = column
    this.firstOther = firstOther
    this.decimals = decimals
    this.codes = codes
  }
}

/** The rows that a field of a checked input holds; null if it holds none. */
export function rowsOf(value: unknown): Rows | null {
  if (value instanceof ByteRows) return value
  if (!Array.isArray(value)) return null
  const rows = value as readonly Readonly<Record<string, unknown>>[]
  const column: Rows['column'] = (field) => (row) => rows[row]?.[field]
  return {
    length: rows.length,
    column,
    firstOther: (field) => rows.findIndex((row) => row?.[field] !== rows[0]?.[field]),
    decimals(field, form) {
      const values = column(field)
      return (row) => decimalOf(values(row) as string | number, form)
    },
    codes(field, system) {
      const values = column(field)
      return (row) => ({ system, code: String(values(row) ?? '') })
    },
  }
}
