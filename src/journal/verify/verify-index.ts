/** The index of a journal as a re-check sees it: one snapshot, compared with the records that it was made from. */
import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { storeFailure } from '../../store/failure.ts'
import { type ArchivedRow, archivedRows } from '../../store/queries/archived.ts'
import { FIELDS } from '../../store/queries/columns.ts'
import { holdSnapshot, structureFault, tablesIn } from '../../store/queries/connection.ts'
import { readPosition } from '../../store/queries/index-rows.ts'
import { countRows, indexedRow, stateBefore } from '../../store/queries/recheck.ts'
import { keptFaults } from '../index/index-tally.ts'
import type { Place, Point, Position } from '../index/journal-index.ts'
import type { RecordRow, RecordTable } from '../segment/record.ts'
import { type Walk, type WalkStart, WHOLE } from './verify-walk.ts'

const BUSY_TIMEOUT_MS = 2000

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
    holdSnapshot(client)
    return viewOf(client, file)
  } catch (cause) {
    client?.close()
    throw new Error(storeFailure(cause, file), { cause })
  }
}

function viewOf(client: Sqlite.Database, file: string): IndexView {
  const tables = tablesIn(client)
  if (!tables.includes('position') || !tables.includes('archived')) {
    throw new Error(`${file} is an SQLite file, and not the index of a journal`)
  }
  const archived = archivedRows(client)
  const position = readPosition(client)
  const readers = { exchange: indexedRow(client, 'exchange'), outcome: indexedRow(client, 'outcome') }
  const stateUpTo = stateBefore(client)
  /** Records that the walk has seen and the index must hold. */
  const seen = { exchange: 0, outcome: 0 }
  let first = 1

  function differs(type: RecordTable, row: RecordRow, sequence: number, place: Place): string | null {
    if (sequence >= (position?.nextSequence ?? 1)) return null
    seen[type] += 1
    const indexed = readers[type](row.id as number)
    if (!indexed) return 'is not in the index'
    const expected: RecordRow = { ...row, ...place }
    const field = [...FIELDS[type], ...Object.keys(place)].find((name) => indexed[name] !== expected[name])
    return field ? `has another "${field}" in the index` : null
  }

  function countFrom(table: RecordTable, limit: Point | null): number {
    const end = limit ?? { segment: Number.MAX_SAFE_INTEGER, offset: 0 }
    return countRows(client, table, first, end)
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
        former: (exchange) => stateUpTo(exchange, lastSequence, segment),
        differs,
      }
    },
    faults(walk, limit) {
      const wrong: string[] = []
      const damage = structureFault(client)
      if (damage !== null) wrong.push(`is damaged: ${damage}`)
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
