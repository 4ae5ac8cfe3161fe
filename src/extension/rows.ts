/** Rows of a message, accessed by column: the same for rows parsed as JSON and rows parsed at byte level. */
import type { GivenCode } from '../domain/claim.ts'
import { type DecimalForm, decimalOf } from '../domain/money.ts'

/** Rows. */
export interface Rows {
  readonly length: number
  /** Values of a field by row index; undefined if a row lacks it. */
  column(field: string): (row: number) => unknown
  /** The first row whose value differs from that of row 0; −1 if all are equal. Allocates no strings. */
  firstOther(field: string): number
  /** Values of a decimal field, parsed by `decimalIn`; NaN if a row lacks it. */
  decimals(field: string, form: DecimalForm): (row: number) => number
  /** Values of a code field; an empty code if a row lacks it. */
  codes(field: string, system: string): (row: number) => GivenCode
}

/** Rows parsed at byte level. */
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

/** The rows in a field of a checked input; null if it has none. */
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
