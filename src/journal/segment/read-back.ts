/** Reads back what the index has found: the journal is the truth, the index only finds. */
import type { Instant } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'
import type { ExchangeEntry, OutcomeEntry, StoredExchange } from '../entry.ts'
import type { Indexed } from '../index/journal-index.ts'
import { decodeRecord, readGroup, type SealedPlace } from './batch-format.ts'
import { unpack } from './compression.ts'
import { countsOf } from './counts.ts'
import type { Files } from './files.ts'
import { type RecordRow, type RecordTable, rowOf, withApart } from './record.ts'
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
 * @param seal null to leave that closed, and its columns empty: opening a group costs more than all the rest
 * @param archivedUpTo segments up to this one are in an archive: there the index has to do
 * @throws {GatewayError} journal-down where it is not the record that was written
 */
export function readBack<Value extends ExchangeEntry | OutcomeEntry>(
  table: RecordTable,
  { columns, place }: Indexed,
  files: Files,
  seal: SealOnly | null,
  archivedUpTo: number,
): ReadBack<Value> {
  if (place.segment <= archivedUpTo) {
    return { value: withApart(table, columns, null) as unknown as Value, archived: true }
  }
  const name = segmentName(place.segment)
  const bytes = files.read(name, place.offset, place.length) ?? Buffer.alloc(0)
  const record = decodeRecord(bytes, place.offset, place.offset, 0)
  const row = record?.type === table ? rowOf(record) : null
  if (!record || row?.id !== columns.id) throw unlike(table, columns)
  if (!record.sealed || !seal)
    return { value: withApart(table, row!, null) as unknown as Value, archived: false }
  const clear = openPart(files, name, record.sealed, seal)
  if (!clear) throw unlike(table, columns)
  return { value: withApart(table, row!, clear) as unknown as Value, archived: false }
}

/**
 * Opens what a record has sealed.
 *
 * @returns its part; null where the bytes are not those that were written
 * @throws where they were sealed with another key
 */
export function openPart(
  files: Files,
  name: string,
  place: SealedPlace,
  seal: Pick<SealOnly, 'open'>,
): Buffer | null {
  const bytes = files.read(name, place.offset, place.groupLength)
  const group = bytes && readGroup(bytes, place.offset, place)
  return group && partOf(unpack(seal.open(group)), place)
}

/**
 * The part of a group, in memory of its own: a message that is held while it waits for an answer must not hold the
 * quarter of a megabyte that it was sealed with.
 */
function partOf(group: Buffer, { from, length }: SealedPlace): Buffer {
  // Not of the pool: a small one would hold a page of that.
  const part = Buffer.allocUnsafeSlow(length)
  group.copy(part, 0, from, from + length)
  return part
}

function unlike(table: RecordTable, { id }: RecordRow): GatewayError {
  const detail = `交易日志记录校验不符（${table} ${id}），数据文件可能损坏，请停机核验`
  return new GatewayError('journal-down', 'journal', detail)
}

/** The state of an exchange by its last outcome. */
export function assemble(
  { value: exchange, archived }: ReadBack<ExchangeEntry>,
  last: ReadBack<OutcomeEntry> | null,
): StoredExchange {
  const outcome = last?.value
  return {
    exchange,
    state: outcome?.state ?? 'open',
    since: (outcome?.at ?? exchange.at) as Instant,
    reply: outcome?.reply ?? null,
    problem: outcome?.problem ?? null,
    reason: outcome?.reason ?? null,
    told: outcome?.told ?? null,
    ...countsOf(outcome),
    counterpartMicros: outcome?.counterpartMicros ?? null,
    encounter: outcome?.encounter ?? exchange.encounter,
    settlement: outcome?.settlement ?? exchange.settlement,
    total: outcome?.total ?? null,
    refusedRows: outcome?.refusedRows ?? null,
    archived: archived || (last?.archived ?? false),
  }
}
