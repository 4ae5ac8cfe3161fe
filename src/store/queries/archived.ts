/** Records of archived segments, and queries that decide whether another may be archived. */
import type Sqlite from 'better-sqlite3'
import type { State } from '../../journal/exchange-state.ts'

/** A segment that was moved to an archive. */
export interface ArchivedRow {
  readonly segment: number
  readonly firstSequence: number
  readonly lastSequence: number
  /** The link that covers its last record. */
  readonly linkNumber: number
  readonly linkHash: string
  /** SM3 over the file as it was. */
  readonly fileHash: string
}

const ROWS = `select segment, first_sequence as firstSequence, last_sequence as lastSequence, link_number as linkNumber,
  link_hash as linkHash, file_hash as fileHash from archived order by segment`

/** All archived segments, in order. */
export function archivedRows(client: Sqlite.Database): ArchivedRow[] {
  return client.prepare<[], ArchivedRow>(ROWS).all()
}

/** The last archived segment. */
export function lastArchived(client: Sqlite.Database): ArchivedRow | undefined {
  return client.prepare<[], ArchivedRow>(`${ROWS} desc limit 1`).get()
}

/** Prepares the query for the last archived segment; 0 if there is none. */
export function archivedUpTo(client: Sqlite.Database): () => number {
  const last = client.prepare<[], number>('select coalesce(max(segment), 0) from archived').pluck()
  return () => last.get()!
}

/** Prepares the insert of one. @returns takes the row and the time of archiving, UTC milliseconds */
export function archivedNote(client: Sqlite.Database): (row: ArchivedRow, at: number) => void {
  const note = client.prepare<[object]>(
    `insert or replace into archived (segment, first_sequence, last_sequence, link_number, link_hash, file_hash, at)
     values (@segment, @firstSequence, @lastSequence, @linkNumber, @linkHash, @fileHash, @at)`,
  )
  return (row, at) => void note.run({ ...row, at })
}

/** A keyed exchange with its current state. */
export interface StateRow {
  readonly exchange: number
  readonly key: string
  readonly state: State
  /** When it entered this state, UTC milliseconds. */
  readonly since: number
}

/** Prepares the query for the state of a keyed exchange, wherever its last outcome is stored. */
export function presentState(client: Sqlite.Database): (exchange: number) => StateRow | undefined {
  const state = client.prepare<[number], StateRow>(
    `select exchange.id as exchange, exchange.key, coalesce(last.state, 'open') as state,
       coalesce(last.at, exchange.at) as since
     from exchange left join outcome as last
       on last.id = (select max(id) from outcome where outcome.exchange = exchange.id)
     where exchange.id = ? and exchange.key is not null`,
  )
  return (exchange) => state.get(exchange)
}
