/** Which columns of a record the index holds, in which order it writes them, and how they are read. */
import { RECORDS, type RecordTable } from '../../journal/segment/record.ts'

/** Where the record of a row rests. */
const PLACE = ['segment', 'offset', 'length'] as const

/** Fields of a table that are indexed. */
function fieldsOf(table: RecordTable): readonly string[] {
  const { fields, apart, only = [] } = RECORDS[table]
  return fields.filter((field) => !apart.includes(field) && !only.includes(field))
}

/** Fields of the tables that are indexed. */
export const FIELDS = { exchange: fieldsOf('exchange'), outcome: fieldsOf('outcome') }

/** `bodyHash` → `"body_hash"`, as the schema names its columns. */
function column(field: string): string {
  return `"${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`
}

const columnsOf = (table: RecordTable) => [...FIELDS[table], ...PLACE].map(column)

/** Columns of the tables, quoted, in the order in which rows are written: those of `FIELDS`, then the place. */
export const COLUMNS = { exchange: columnsOf('exchange'), outcome: columnsOf('outcome') }

/** `exchange."body_hash" as "bodyHash", …` with the place of the record. */
export function selection(table: RecordTable): string {
  return [...FIELDS[table], ...PLACE].map((field) => `${table}.${column(field)} as "${field}"`).join(', ')
}

/** The state of an exchange in SQL: that of its last outcome, `open` where it has none. @param exchange table or alias */
export const lastState = (exchange: string) =>
  `coalesce((select o.state from outcome o where o.exchange = ${exchange}.id order by o.id desc limit 1), 'open')`
