/**
 * What a record of the journal says: a JSON array of its type and every column, in the order below, with the length of
 * the sealed column in its place; the sealed bytes stand beside it. Columns that are null at the end of the list are left
 * out, so a column added to the end later leaves older records as they are.
 */
import type { FrameRecord, ReadRecord } from './frame.ts'

/** Records that have a table in the index. */
export type RecordTable = 'exchange' | 'outcome'

interface Layout {
  /** Fields of the schema in the order of the bytes. New ones are added at the end, and only there. */
  readonly fields: readonly string[]
  /** Which of them holds sealed bytes. */
  readonly sealed: 'sealed' | 'reply'
  /** Those that the index does not hold: the sealed one, and what is long and seldom asked for. */
  readonly unindexed: readonly string[]
}

/** How the records of each table are laid out. An outcome's `id` is its sequence number. */
export const RECORDS: Readonly<Record<RecordTable, Layout>> = {
  exchange: {
    fields: [
      ...['id', 'key', 'caller', 'voice', 'institution', 'transaction', 'kind', 'message', 'lane'],
      ...['treatmentArea', 'insuredArea', 'destination', 'encounter', 'settlement', 'original', 'person'],
      ...['day', 'bodyHash', 'evidence', 'sealed', 'at', 'mapped'],
    ],
    sealed: 'sealed',
    unindexed: ['sealed', 'mapped'],
  },
  outcome: {
    fields: [
      ...['id', 'exchange', 'state', 'at', 'problem', 'reason', 'hop', 'told', 'reply', 'encounter'],
      ...['settlement', 'total', 'fund', 'personShare', 'account', 'cash', 'hospital', 'ownMicros'],
      ...['commitMicros', 'counterpartMicros'],
    ],
    sealed: 'reply',
    unindexed: ['reply'],
  },
}

/** Columns of a record by field. */
export type Row = Readonly<Record<string, unknown>>

/**
 * The record of a row.
 *
 * @param row its columns; the sealed one is sealed already
 */
export function recordOf(type: RecordTable, row: object): FrameRecord {
  const { fields, sealed: place } = RECORDS[type]
  const columns = row as Row
  const sealed = (columns[place] as Buffer | null | undefined) ?? null
  const told: unknown[] = [type]
  for (const field of fields) {
    told.push(field === place ? (sealed?.length ?? null) : (columns[field] ?? null))
  }
  while (told.at(-1) === null) told.pop()
  return { type, text: wellFormed(told), sealed }
}

/** JSON without half surrogate pairs: those do not survive as UTF-8. */
function wellFormed(told: readonly unknown[]): string {
  const text = JSON.stringify(told)
  if (!text.includes('\\ud')) return text
  return JSON.stringify(told.map((value) => (typeof value === 'string' ? value.toWellFormed() : value)))
}

/**
 * What a record says: its type and its columns, in their order.
 *
 * @throws as `rowOf`
 */
export function toldBy({ type, text }: ReadRecord): readonly unknown[] {
  if (type === 'link') throw new Error('a link has no row')
  const told = JSON.parse(text) as unknown[]
  if (!Array.isArray(told) || told[0] !== type || told.length > RECORDS[type].fields.length + 1) {
    throw new Error(`it is no ${type}`)
  }
  return told
}

/**
 * The columns of a record, the sealed one among them.
 *
 * @throws where it does not say what its type has to say; its checksum was right, so it was written like that
 */
export function rowOf(record: ReadRecord): Row {
  const { type, sealed } = record
  if (type === 'link') throw new Error('a link has no row')
  const { fields, sealed: place } = RECORDS[type]
  const told = toldBy(record)
  const row: Record<string, unknown> = {}
  for (const [index, field] of fields.entries()) row[field] = told[index + 1] ?? null
  const length = row[place]
  if ((length ?? 0) !== sealed.length) throw new Error('its sealed part has another length')
  row[place] = length === null ? null : sealed
  return row
}
