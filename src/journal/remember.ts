/** Reads back what the index has found: the journal is the truth, the index only finds. */
import type { Instant } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import type { ExchangeEntry, OutcomeEntry, Remembered } from './entry.ts'
import type { Files } from './files.ts'
import { decodeRecord } from './frame.ts'
import type { Indexed } from './journal-index.ts'
import { RECORDS, type RecordTable, type Row, rowOf } from './record.ts'
import { segmentName } from './scan.ts'
import type { SealOnly } from './seal.ts'

/** A row in clear; `archived` where only the index is at hand. */
export interface ReadBack<Value> {
  readonly value: Value
  readonly archived: boolean
}

/**
 * Reads the record of an indexed row from its segment and opens what is sealed.
 *
 * @param archivedUpTo segments up to this one are in an archive: there the index has to do
 * @throws {GatewayError} journal-down where it is not the record that was written
 */
export function readBack<Value extends ExchangeEntry | OutcomeEntry>(
  table: RecordTable,
  { columns, place }: Indexed,
  files: Files,
  seal: SealOnly,
  archivedUpTo: number,
): ReadBack<Value> {
  if (place.segment <= archivedUpTo) {
    const absent = Object.fromEntries(RECORDS[table].unindexed.map((field) => [field, null]))
    return { value: { ...columns, ...absent } as unknown as Value, archived: true }
  }
  const bytes = files.read(segmentName(place.segment), place.offset, place.length) ?? Buffer.alloc(0)
  const row = checked(table, columns, bytes, place.offset)
  const { sealed: sealedField } = RECORDS[table]
  const sealed = row[sealedField] as Buffer | null
  const clear = { ...row, [sealedField]: sealed && seal.open(sealed) }
  return { value: clear as unknown as Value, archived: false }
}

function checked(table: RecordTable, columns: Row, bytes: Buffer, offset: number): Row {
  const record = decodeRecord(bytes, offset, offset, 0)
  if (record?.type === table) {
    const row = rowOf(record)
    if (row.id === columns.id) return row
  }
  const detail = `流水账记录校验不符（${table} ${columns.id}），数据文件可能损坏，请停机核验`
  throw new GatewayError('journal-down', 'journal', detail)
}

/** The state of an exchange by its last outcome. */
export function remember(
  { value: exchange, archived }: ReadBack<ExchangeEntry>,
  last: ReadBack<OutcomeEntry> | null,
): Remembered {
  const outcome = last?.value
  return {
    exchange,
    state: outcome?.state ?? 'open',
    since: (outcome?.at ?? exchange.at) as Instant,
    reply: outcome?.reply ?? null,
    problem: outcome?.problem ?? null,
    reason: outcome?.reason ?? null,
    told: outcome?.told ?? null,
    encounter: outcome?.encounter ?? exchange.encounter,
    settlement: outcome?.settlement ?? exchange.settlement,
    archived: archived || (last?.archived ?? false),
  }
}
