/** Rows of a message, asked field by field: the same for rows of JSON and for rows that are read by their bytes. */

/** Rows. */
export interface Rows {
  readonly length: number
  /** The values of a field, by the place of their row; undefined where a row does not have it. */
  column(field: string): (row: number) => unknown
}

/** Rows in bytes, as the reader makes them. */
export class ByteRows implements Rows {
  readonly length: number
  readonly column: Rows['column']

  constructor(length: number, column: Rows['column']) {
    this.length = length
    this.column = column
  }
}

/** The rows that a field of a checked input holds; null where it holds none. */
export function rowsOf(value: unknown): Rows | null {
  if (value instanceof ByteRows) return value
  if (!Array.isArray(value)) return null
  const rows = value as readonly Readonly<Record<string, unknown>>[]
  return { length: rows.length, column: (field) => (row) => rows[row]?.[field] }
}
