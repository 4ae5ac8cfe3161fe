/** Queries of a re-check or a backup on an index that it only reads. */
import type Sqlite from 'better-sqlite3'
import type { State } from '../../journal/exchange-state.ts'
import type { Point } from '../../journal/index/journal-index.ts'
import type { RecordRow, RecordTable } from '../../journal/segment/record.ts'
import { selection } from './columns.ts'

/** Prepares the query for the row of a record, by its number. */
export function indexedRow(
  client: Sqlite.Database,
  table: RecordTable,
): (id: number) => RecordRow | undefined {
  const row = client.prepare<[number], RecordRow>(`select ${selection(table)} from ${table} where id = ?`)
  return (id) => row.get(id)
}

/** Prepares the query for the state of an exchange when a given record was the last one; null if it began later. */
export function stateBefore(
  client: Sqlite.Database,
): (exchange: number, lastSequence: number, segment: number) => State | null {
  const state = client
    .prepare<[number, number, number], State>(
      `select coalesce((select state from outcome where exchange = exchange.id and outcome.id <= ?
         order by outcome.id desc limit 1), 'open') from exchange where id = ? and segment < ?`,
    )
    .pluck()
  return (exchange, lastSequence, segment) => state.get(lastSequence, exchange, segment) ?? null
}

/** Number of rows of a table whose records lie from a segment up to a point. */
export function countRows(client: Sqlite.Database, table: RecordTable, first: number, end: Point): number {
  return client
    .prepare<[number, number, number, number], number>(
      `select count(*) from ${table} where segment >= ? and (segment < ? or (segment = ? and "offset" < ?))`,
    )
    .pluck()
    .get(first, end.segment, end.segment, end.offset)!
}

/** Time of the last indexed record, UTC milliseconds; 0 if there is none. */
export function newestRecord(client: Sqlite.Database): number {
  const last = (table: RecordTable) => `coalesce((select at from ${table} order by id desc limit 1), 0)`
  return client
    .prepare<[], number>(`select max(${last('exchange')}, ${last('outcome')})`)
    .pluck()
    .get()!
}
