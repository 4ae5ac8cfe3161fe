/**
 * What a record of the journal says: a JSON array of its type and every column, in the order below. Columns that rest
 * apart are sealed together with those of other records; their length in clear stands in their place. Earlier builds wrote
 * the words of an outcome (`told`) in clear: a text in its place, not a length, is read as it stands. Columns that are
 * null at the end of the list are left out, so a column added to the end later leaves older records as they are.
 */
import type { ExchangeEntry, OutcomeEntry } from '../entry.ts'
import type { ReadRecord } from './batch-format.ts'

/** Records that have a table in the index. */
export type RecordTable = 'exchange' | 'outcome'

interface Layout {
  /** Fields of the schema in the order of the bytes. New ones are added at the end, and only there. */
  readonly fields: readonly string[]
  /** Those that rest apart: what is personal, and what is long and seldom asked for. The index does not hold them. */
  readonly apart: readonly string[]
  /** Those that only the record has: the index does not hold them either. */
  readonly only?: readonly string[]
}

/** How the records of each table are laid out. An outcome's `id` is its sequence number. */
export const RECORDS: Readonly<Record<RecordTable, Layout>> = {
  exchange: {
    fields: [
      ...['id', 'key', 'caller', 'voice', 'institution', 'transaction', 'kind', 'message', 'lane'],
      ...['treatmentArea', 'insuredArea', 'destination', 'encounter', 'settlement', 'original', 'person'],
      ...['day', 'bodyHash', 'evidence', 'sealed', 'at', 'mapped', 'dialect'],
    ],
    apart: ['sealed', 'mapped'],
    only: ['dialect'],
  },
  outcome: {
    fields: [
      ...['id', 'exchange', 'state', 'at', 'problem', 'reason', 'hop', 'told', 'reply', 'encounter'],
      ...['settlement', 'total', 'fund', 'personShare', 'account', 'cash', 'hospital', 'ownMicros'],
      ...['commitMicros', 'counterpartMicros', 'searches', 'sightings', 'refusedRows'],
    ],
    apart: ['told', 'reply'],
    only: ['searches', 'sightings', 'refusedRows'],
  },
}

/** Columns of a record by field. */
export type RecordRow = Readonly<Record<string, unknown>>

/** Fields that rest apart as text, not as bytes. */
const TEXTS: ReadonlySet<string> = new Set(['mapped', 'told'])

/** A column that rests apart, in clear. */
export type Apart = Buffer | string

/** A row as its record says it. */
export interface EncodedRecord {
  readonly text: string
  /** What rests apart of it, in order. */
  readonly apart: readonly Apart[]
  /** Bytes of that. */
  readonly apartLength: number
}

/** The record of an exchange. Column by column: a loop over names looks each up anew, and every settlement has two records. */
export function encodeExchange(entry: ExchangeEntry): EncodedRecord {
  const { sealed, mapped } = entry
  const [sealedLength, mappedLength] = [lengthOf(sealed), lengthOf(mapped)]
  const columns = [
    'exchange',
    entry.id,
    entry.key,
    entry.caller,
    entry.voice,
    entry.institution,
    entry.transaction,
    entry.kind,
    entry.message,
    entry.lane,
    entry.treatmentArea,
    entry.insuredArea,
    entry.destination,
    entry.encounter,
    entry.settlement,
    entry.original,
    entry.person,
    entry.day,
    entry.bodyHash,
    entry.evidence,
    sealedLength,
    entry.at,
    mappedLength,
    entry.dialect,
  ]
  return toldOf(columns, [sealed, mapped], (sealedLength ?? 0) + (mappedLength ?? 0))
}

/** The record of an outcome. @param id its sequence number */
export function encodeOutcome(id: number, entry: OutcomeEntry): EncodedRecord {
  const { reply = null, told = null } = entry
  const [toldLength, replyLength] = [lengthOf(told), lengthOf(reply)]
  const columns = [
    'outcome',
    id,
    entry.exchange,
    entry.state,
    entry.at,
    entry.problem,
    entry.reason,
    entry.hop,
    toldLength,
    replyLength,
    entry.encounter,
    entry.settlement,
    entry.total,
    entry.fund,
    entry.personShare,
    entry.account,
    entry.cash,
    entry.hospital,
    entry.ownMicros,
    entry.commitMicros,
    entry.counterpartMicros,
    entry.searches,
    entry.sightings,
    entry.refusedRows,
  ]
  return toldOf(columns, [told, reply], (toldLength ?? 0) + (replyLength ?? 0))
}

/** @param apart what rests apart, null where it is not there */
function toldOf(columns: unknown[], apart: readonly (Apart | null)[], apartLength: number): EncodedRecord {
  while ((columns.at(-1) ?? null) === null) columns.pop()
  return { text: wellFormed(columns), apart: apart.filter((one) => one !== null), apartLength }
}

function lengthOf(apart: Apart | null): number | null {
  return apart === null ? null : Buffer.byteLength(apart)
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
export function columnsOf({ type, text }: ReadRecord): readonly unknown[] {
  if (type === 'link') throw new Error('a link has no row')
  const told = JSON.parse(text) as unknown[]
  if (!Array.isArray(told) || told[0] !== type || told.length > RECORDS[type].fields.length + 1) {
    throw new Error(`it is no ${type}`)
  }
  return told
}

/**
 * The columns of a record; of those that rest apart only the length.
 *
 * @throws where it does not say what its type has to say; its digest was right, so it was written like that
 */
export function rowOf(record: ReadRecord): RecordRow {
  const { type, sealed } = record
  if (type === 'link') throw new Error('a link has no row')
  const { fields, apart } = RECORDS[type]
  const told = columnsOf(record)
  const row: Record<string, unknown> = {}
  for (const [index, field] of fields.entries()) row[field] = told[index + 1] ?? null
  const lengths = apart.map((field) => lengthIn(row, field))
  const length = lengths.reduce<number>((sum, each) => sum + (each ?? 0), 0)
  const isThere = lengths.some((each) => each !== null)
  if (isThere !== (sealed !== null) || length !== (sealed?.length ?? 0)) {
    throw new Error('its sealed part has another length')
  }
  return row
}

/** Length of what rests apart; null where nothing does, or where it stands in clear as earlier builds wrote it. */
function lengthIn(row: RecordRow, field: string): number | null {
  return typeof row[field] === 'number' ? row[field] : null
}

/**
 * A row with what rests apart of it.
 *
 * @param clear its part of the opened group; null to leave those columns empty
 */
export function withApart(type: RecordTable, row: RecordRow, clear: Buffer | null): RecordRow {
  const whole: Record<string, unknown> = { ...row }
  let from = 0
  for (const field of RECORDS[type].apart) {
    if (typeof row[field] === 'string') continue
    const length = lengthIn(row, field)
    const bytes = clear && length !== null ? clear.subarray(from, from + length) : null
    whole[field] = bytes && TEXTS.has(field) ? bytes.toString() : bytes
    from += length ?? 0
  }
  return whole
}
