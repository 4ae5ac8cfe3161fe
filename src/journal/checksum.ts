/**
 * The canonical bytes of a record, and its checksum over them: a JSON array of the table's name and every column as it
 * rests, in the order below, with the length of the sealed column in its place; then the sealed bytes. Columns that are
 * null at the end of the list are left out, so a column added to the end later leaves older records as they are.
 */
import { crc32 } from 'node:zlib'
import { exchange, outcome } from '../store/schema.ts'

/** The tables of the journal. */
export type RecordTable = 'exchange' | 'outcome'

/** A record as it rests, its values in the order of `RECORDS`. */
export type Values = readonly unknown[]

interface Layout {
  /** Fields of the schema in the order of the bytes. New ones are added at the end, and only there. */
  readonly fields: readonly string[]
  /** Which of them holds bytes. */
  readonly sealed: number
  /** `insert into … values (…)` for the fields and, last, the checksum. */
  readonly insert: string
  /** `select … from …` for the fields and, last, the checksum; a condition may follow. */
  readonly select: string
  /** The same for a table from before there were checksums. */
  readonly selectUnchecked: string
}

const EXCHANGE_FIELDS = [
  ...['id', 'key', 'caller', 'voice', 'institution', 'transaction', 'kind', 'message', 'lane'],
  ...['treatmentArea', 'insuredArea', 'destination', 'encounter', 'settlement', 'original', 'person'],
  ...['day', 'bodyHash', 'evidence', 'sealed', 'at'],
]

const OUTCOME_FIELDS = [
  ...['id', 'exchange', 'state', 'at', 'problem', 'reason', 'hop', 'told', 'reply', 'encounter'],
  ...['settlement', 'total', 'fund', 'personShare', 'account', 'cash', 'hospital', 'ownMicros'],
  ...['commitMicros', 'counterpartMicros'],
]

function layout(
  table: RecordTable,
  columns: typeof exchange | typeof outcome,
  fields: readonly string[],
  sealed: string,
): Layout {
  const named = columns as unknown as Record<string, { readonly name: string }>
  const names = fields.map((field) => `"${named[field]!.name}"`).join(', ')
  return {
    fields,
    sealed: fields.indexOf(sealed),
    insert: `insert into ${table} (${names}, checksum) values (${'?, '.repeat(fields.length)}?)`,
    select: `select ${names}, checksum from ${table}`,
    selectUnchecked: `select ${names}, null as checksum from ${table}`,
  }
}

/** How the records of each table are laid out. */
export const RECORDS: Readonly<Record<RecordTable, Layout>> = {
  exchange: layout('exchange', exchange, EXCHANGE_FIELDS, 'sealed'),
  outcome: layout('outcome', outcome, OUTCOME_FIELDS, 'reply'),
}

/** A record's canonical bytes: UTF-8 text, then the sealed bytes where there are any. */
export interface Canonical {
  readonly text: string
  readonly sealed: Buffer | null
}

/** Values of a row by field, in the order of the bytes. */
export function valuesOf(table: RecordTable, row: Readonly<Record<string, unknown>>): unknown[] {
  return RECORDS[table].fields.map((field) => row[field] ?? null)
}

/**
 * The canonical bytes of a record.
 *
 * @param values by the order of `RECORDS`; what follows (the checksum) is not looked at
 */
export function canonical(table: RecordTable, values: Values): Canonical {
  const { fields, sealed: place } = RECORDS[table]
  const sealed = values[place] as Buffer | null
  let length = fields.length
  while (length > 0 && (values[length - 1] ?? null) === null) length -= 1
  const told: unknown[] = [table]
  for (let index = 0; index < length; index += 1) {
    told.push(index === place && sealed ? sealed.length : values[index])
  }
  const text = JSON.stringify(told)
  // Half a surrogate pair rests as U+FFFD; JSON would spell it out.
  const rests = text.includes('\\ud') ? JSON.stringify(told.map(wellFormed)) : text
  return { text: rests, sealed }
}

function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value
}

/** CRC-32 of a record's canonical bytes. */
export function checksumOf(table: RecordTable, values: Values): number {
  const { text, sealed } = canonical(table, values)
  const sum = crc32(text)
  return sealed ? crc32(sealed, sum) : sum
}
