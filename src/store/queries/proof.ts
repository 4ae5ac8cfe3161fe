/** Reads the rows covered by an integrity proof as text, and stores its digests. */
import type Sqlite from 'better-sqlite3'
import type { RecordTable } from '../../journal/segment/record.ts'
import { COLUMNS } from './columns.ts'

/** Separators between columns and between rows. */
export const [NEXT_COLUMN, NEXT_ROW] = ['\u001f', '\u001e'] as const

/** Tables covered by the proof. */
export const PROVEN: readonly RecordTable[] = ['exchange', 'outcome']

/** The columns of a row in index order; null becomes empty. */
const rowText = (table: RecordTable) => `concat(${COLUMNS[table].join(`, '${NEXT_COLUMN}', `)})`

/** Queries on the rows of a table. Spans are half-open ranges of ids. */
export interface ProvenRows {
  /** All rows of a span as one text; null if there are none. A scan by rowid returns them in order of id. */
  text(from: number, end: number): string | null
  /** The largest id in a span; null if it is empty. */
  last(from: number, end: number): number | null
  /** Whether a span has rows. */
  some(from: number, end: number): boolean
}

/** Prepares it. */
export function provenRows(client: Sqlite.Database, table: RecordTable): ProvenRows {
  const text = client
    .prepare<[number, number], string | null>(
      `select group_concat(${rowText(table)}, '${NEXT_ROW}') from ${table} not indexed where id >= ? and id < ?`,
    )
    .pluck()
  const last = client
    .prepare<[number, number], number | null>(`select max(id) from ${table} where id >= ? and id < ?`)
    .pluck()
  const some = client
    .prepare<[number, number], number>(`select 1 from ${table} where id >= ? and id < ? limit 1`)
    .pluck()
  return {
    text: (from, end) => text.get(from, end) ?? null,
    last: (from, end) => last.get(from, end) ?? null,
    some: (from, end) => some.get(from, end) !== undefined,
  }
}

/** Whether a table or the proof has any rows. */
export function holdsAny(client: Sqlite.Database, table: RecordTable | 'proof'): boolean {
  return client.prepare(`select 1 from ${table} limit 1`).get() !== undefined
}

/** Number of blocks of that many ids that contain rows of a table. */
export function blocksOf(client: Sqlite.Database, table: RecordTable, ids: number): number[] {
  return client.prepare<[], number>(`select distinct id / ${ids} from ${table} not indexed`).pluck().all()
}

/** A stored digest: its number, and a keyed digest in hexadecimal. */
export interface ProofNote {
  readonly id: number
  readonly digest: string
}

/** Prepares the upsert of a digest. */
export function proofNote(client: Sqlite.Database): (id: number, digest: string) => void {
  const save = client.prepare<[number, string]>('insert or replace into proof values (?, ?)')
  return (id, digest) => void save.run(id, digest)
}

/** Reads digests. */
export interface ProofNotes {
  /** A digest by number; null if there is none. */
  digest(id: number): string | null
  /**
   * Digests of one table below a number, highest first. @param parity of its numbers: the table's index in `PROVEN`
   */
  below(id: number, parity: number): IterableIterator<ProofNote>
}

/** Prepares it. */
export function proofNotes(client: Sqlite.Database): ProofNotes {
  const digest = client.prepare<[number], string>('select digest from proof where id = ?').pluck()
  const below = client.prepare<[number, number], ProofNote>(
    'select id, digest from proof where id >= 0 and id < ? and id % 2 = ? order by id desc',
  )
  return {
    digest: (id) => digest.get(id) ?? null,
    below: (id, parity) => below.iterate(id, parity),
  }
}

/** Deletes all digests. */
export function clearProof(client: Sqlite.Database): void {
  client.exec('delete from proof')
}
