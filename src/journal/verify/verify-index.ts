/** The index of a journal as a re-check sees it: one snapshot, compared with the records that it was made from. */
import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { storeFailure } from '../../store/failure.ts'
import type { State } from '../exchange-state.ts'
import { keptFaults } from '../index/index-tally.ts'
import type { Place, Point, Position } from '../index/journal-index.ts'
import { FIELDS } from '../index/sqlite-columns.ts'
import { readPosition, selection } from '../index/sqlite-index.ts'
import type { RecordTable, Row } from '../segment/record.ts'
import { type Walk, type WalkStart, WHOLE } from './verify-walk.ts'

const BUSY_TIMEOUT_MS = 2000

/** A row of `archived`. */
export interface ArchivedRow {
  readonly segment: number
  readonly firstSequence: number
  readonly lastSequence: number
  readonly linkNumber: number
  readonly linkHash: string
  readonly fileHash: string
}

/** The index. */
export interface IndexView {
  /** What is noted of archived segments, in order. */
  readonly archived: readonly ArchivedRow[]
  /** Null where nothing is indexed. */
  readonly position: Position | null
  /** A walk that begins with this segment, compared with the index. */
  startOf(segment: number): WalkStart
  /**
   * What is wrong with the index besides single records; to be asked after the walk.
   *
   * @param limit where the walk ended, null where it went to the end of the journal
   */
  faults(walk: Walk, limit: Point | null): string[]
  close(): void
}

/** Opens the index of a journal for a re-check. @returns null where there is none @throws where it cannot be read */
export function openIndexView(file: string): IndexView | null {
  if (!existsSync(file)) return null
  let client: Sqlite.Database | null = null
  try {
    client = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    client.exec('BEGIN')
    return viewOf(client, file)
  } catch (cause) {
    client?.close()
    throw new Error(storeFailure(cause, file), { cause })
  }
}

function viewOf(client: Sqlite.Database, file: string): IndexView {
  const tables = client.prepare("select name from sqlite_master where type = 'table'").pluck().all()
  if (!tables.includes('position') || !tables.includes('archived')) {
    throw new Error(`${file} is an SQLite file, and not the index of a journal`)
  }
  const archived = client
    .prepare<[], ArchivedRow>(
      `select segment, first_sequence as firstSequence, last_sequence as lastSequence, link_number as linkNumber,
        link_hash as linkHash, file_hash as fileHash from archived order by segment`,
    )
    .all()
  const position = readPosition(client)
  const rows = (table: RecordTable) =>
    client.prepare<[number], Row>(`select ${selection(table)} from ${table} where id = ?`)
  const readers = { exchange: rows('exchange'), outcome: rows('outcome') }
  const stateUpTo = client
    .prepare<[number, number, number], State>(
      `select coalesce((select state from outcome where exchange = exchange.id and outcome.id <= ?
         order by outcome.id desc limit 1), 'open') from exchange where id = ? and segment < ?`,
    )
    .pluck()
  /** Records that the walk has seen and the index must hold. */
  const seen = { exchange: 0, outcome: 0 }
  let first = 1

  function differs(type: RecordTable, row: Row, sequence: number, place: Place): string | null {
    if (sequence >= (position?.nextSequence ?? 1)) return null
    seen[type] += 1
    const indexed = readers[type].get(row.id as number)
    if (!indexed) return 'is not in the index'
    const expected: Row = { ...row, ...place }
    const field = [...FIELDS[type], ...Object.keys(place)].find((name) => indexed[name] !== expected[name])
    return field ? `has another "${field}" in the index` : null
  }

  function countFrom(table: RecordTable, limit: Point | null): number {
    const end = limit ?? { segment: Number.MAX_SAFE_INTEGER, offset: 0 }
    return client
      .prepare(
        `select count(*) from ${table} where segment >= ? and (segment < ? or (segment = ? and "offset" < ?))`,
      )
      .pluck()
      .get(first, end.segment, end.segment, end.offset) as number
  }

  return {
    archived,
    position,
    startOf(segment) {
      first = segment
      const before = archived.find((row) => row.segment === segment - 1)
      if (!before) return { ...WHOLE, differs }
      const { lastSequence, linkNumber: number, linkHash: hash } = before
      return {
        segment,
        nextSequence: lastSequence + 1,
        link: { number, hash, lastSequence },
        former: (exchange) => stateUpTo.get(lastSequence, exchange, segment) ?? null,
        differs,
      }
    },
    faults(walk, limit) {
      const wrong: string[] = []
      const structure = client.pragma('quick_check(1)', { simple: true }) as string
      if (structure !== 'ok') wrong.push(`is damaged: ${structure.replaceAll('\n', ' ')}`)
      if (!limit && position && position.nextSequence > walk.nextSequence()) {
        wrong.push(
          `knows record ${position.nextSequence - 1}, and the journal ends with record ${walk.nextSequence() - 1}: its end is missing`,
        )
      }
      const hash = position ? walk.hashOf(position.link.number) : null
      if (position && hash !== null && hash !== position.link.hash) {
        wrong.push(`knows another link ${position.link.number} of the chain`)
      }
      for (const table of ['exchange', 'outcome'] as const) {
        const more = countFrom(table, limit) - seen[table]
        if (more > 0) wrong.push(`holds ${more} rows of "${table}" that are not in the journal`)
      }
      if (tables.includes('tally')) wrong.push(...keptFaults(client))
      return wrong
    },
    close: () => client.close(),
  }
}
