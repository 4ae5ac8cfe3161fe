/** Columns of a record in the index: which, in what order, and how they are selected. */
import { RECORDS, type RecordTable } from '../../journal/segment/record.ts'

/** Where the record of a row is stored. */
const PLACE = ['segment', 'offset', 'length'] as const

/** Indexed fields of a table. */
function fieldsOf(table: RecordTable): readonly string[] {
  const { fields, apart, only = [] } = RECORDS[table]
  return fields.filter((field) => !apart.includes(field) && !only.includes(field))
}

/** Indexed fields by table. */
export const FIELDS = { exchange: fieldsOf('exchange'), outcome: fieldsOf('outcome') }

/** `bodyHash` → `"body_hash"`, the column name in the schema. */
function column(field: string): string {
  return `"${field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`
}

const columnsOf = (table: RecordTable) => [...FIELDS[table], ...PLACE].map(column)

/** Quoted columns by table, in the order in which rows are written: those of `FIELDS`, then the place. */
export const COLUMNS = { exchange: columnsOf('exchange'), outcome: columnsOf('outcome') }

/** `exchange."body_hash" as "bodyHash", …`, including the place of the record. */
export function selection(table: RecordTable): string {
  return [...FIELDS[table], ...PLACE].map((field) => `${table}.${column(field)} as "${field}"`).join(', ')
}

/**
 * SQL for the state of an exchange: that of its last outcome, `open` if it has none. @param exchange table or alias
 */
export const lastState = (exchange: string) =>
  `coalesce((select o.state from outcome o where o.exchange = ${exchange}.id order by o.id desc limit 1), 'open')`
