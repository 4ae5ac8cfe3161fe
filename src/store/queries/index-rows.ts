/** Writes and removes the rows of the index, and its position in the journal. */
import type Sqlite from 'better-sqlite3'
import type { ExchangeEntry } from '../../journal/entry.ts'
import type { Position } from '../../journal/index/journal-index.ts'
import type { RecordTable } from '../../journal/segment/record.ts'
import { COLUMNS } from './columns.ts'

const marksFor = (columns: readonly unknown[]) => columns.map(() => '?').join(', ')

function insertion(table: RecordTable): string {
  return `insert into ${table} (${COLUMNS[table].join(', ')}) values (${marksFor(COLUMNS[table])})`
}

/** A keyed exchange with the columns it is looked up by. */
export type Keyed = Pick<ExchangeEntry, 'institution' | 'transaction' | 'message'> & { readonly key: string }

/** Writer of the index. */
export interface IndexRows {
  /** Adds an exchange. @param values in the order of `COLUMNS` */
  addExchange(values: readonly unknown[]): void
  /** Adds an outcome. @param values in the order of `COLUMNS` */
  addOutcome(values: readonly unknown[]): void
  savePosition(position: Position): void
  /** Keyed exchanges after this one. */
  keyed(afterExchange: number): IterableIterator<Keyed>
  /** Encounters named by accepted outcomes after this one. */
  encounters(afterOutcome: number): IterableIterator<string>
  /** Settlements named by accepted outcomes after this one. */
  settlements(afterOutcome: number): IterableIterator<string>
}

/** Prepares it. */
export function indexRows(client: Sqlite.Database): IndexRows {
  const exchange = client.prepare<[readonly unknown[]]>(insertion('exchange'))
  const outcome = client.prepare<[readonly unknown[]]>(insertion('outcome'))
  const position = client.prepare('insert or replace into position values (1, ?, ?, ?, ?, ?, ?, ?, ?)')
  const keyed = client.prepare<[number], Keyed>(
    'select key, institution, "transaction", message from exchange where id > ? and key is not null',
  )
  const named = (column: 'encounter' | 'settlement') =>
    client
      .prepare<[number], string>(
        `select ${column} from outcome where id > ? and ${column} is not null and state = 'accepted'`,
      )
      .pluck()
  const [encounters, settlements] = [named('encounter'), named('settlement')]
  return {
    addExchange: (values) => void exchange.run(values),
    addOutcome: (values) => void outcome.run(values),
    savePosition(at) {
      const { link, linkedTo } = at
      const end = [link.number, link.hash, link.lastSequence, linkedTo.segment, linkedTo.offset]
      position.run(at.segment, at.offset, at.nextSequence, ...end)
    },
    keyed: (after) => keyed.iterate(after),
    encounters: (after) => encounters.iterate(after),
    settlements: (after) => settlements.iterate(after),
  }
}

interface PositionRow {
  readonly segment: number
  readonly offset: number
  readonly nextSequence: number
  readonly number: number
  readonly hash: string
  readonly lastSequence: number
  readonly toSegment: number
  readonly toOffset: number
}

/** The position of the index in the journal; null if nothing was indexed. */
export function readPosition(client: Sqlite.Database): Position | null {
  const row = client
    .prepare<[], PositionRow>(
      `select segment, "offset", next_sequence as nextSequence, link_number as number, link_hash as hash,
        link_last_sequence as lastSequence, linked_to_segment as toSegment, linked_to_offset as toOffset
       from position`,
    )
    .get()
  if (!row) return null
  const { segment, offset, nextSequence, number, hash, lastSequence, toSegment, toOffset } = row
  const link = { number, hash, lastSequence }
  return { segment, offset, nextSequence, link, linkedTo: { segment: toSegment, offset: toOffset } }
}

/** Deletes all rows of segments after this one, the position, the totals and the open cases. */
export function clearIndexAfter(client: Sqlite.Database, segment: number): void {
  for (const table of ['exchange', 'outcome']) {
    client.prepare(`delete from ${table} where segment > ?`).run(segment)
  }
  client.exec('delete from position; delete from tally; delete from open_case')
}

/** The last row of a table whose record is in a segment up to this one; 0 if there is none. */
export function lastIdUpTo(client: Sqlite.Database, table: RecordTable, segment: number): number {
  return (
    client
      .prepare<[number], number | null>(`select max(id) from ${table} where segment <= ?`)
      .pluck()
      .get(segment) ?? 0
  )
}
