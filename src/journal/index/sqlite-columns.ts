/** Which columns of a record the index holds, and in which order it writes them. */
import { RECORDS, type RecordTable } from '../segment/record.ts'

/** Where the record of a row rests. */
export const PLACE = ['segment', 'offset', 'length'] as const

/** Fields of a table that are indexed. */
function fieldsOf(table: RecordTable): readonly string[] {
  const { fields, apart, only = [] } = RECORDS[table]
  return fields.filter((field) => !apart.includes(field) && !only.includes(field))
}

/** Fields of the tables that are indexed. */
export const FIELDS = { exchange: fieldsOf('exchange'), outcome: fieldsOf('outcome') }

/** `bodyHash` → `"body_hash"`, as the schema names its columns. */
export function column(field: string): string {
  return `"${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`
}

const columnsOf = (table: RecordTable) => [...FIELDS[table], ...PLACE].map(column)

/** Columns of the tables, quoted, in the order in which rows are written. */
export const COLUMNS = { exchange: columnsOf('exchange'), outcome: columnsOf('outcome') }
