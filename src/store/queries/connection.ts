/** Settings and states of a connection to a file of SQLite: how durable, how large, one snapshot, sound or not. */
import type Sqlite from 'better-sqlite3'

/** Pages that the writer of the index keeps, and how long its log may grow before it is written back. */
const CACHE_KIB = 16 * 1024
const CHECKPOINT_PAGES = 4000

/** The owner of a store: what is committed survives a power cut. */
export function keepDurable(client: Sqlite.Database): void {
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = FULL')
  client.pragma('foreign_keys = ON')
}

/** Commits of this connection are durable when they return, and all that was committed before with them. */
export function syncEachCommit(client: Sqlite.Database): void {
  client.pragma('synchronous = FULL')
}

/** Commits of this connection are durable with the next sync of the file. */
export function syncLater(client: Sqlite.Database): void {
  client.pragma('synchronous = NORMAL')
}

/**
 * The writer of the index: what is lost with the power is made again from the segments.
 *
 * @param pagesMax the most pages that the file may have; null: as the disk allows
 */
export function writeIndexLazily(client: Sqlite.Database, pagesMax: number | null): void {
  syncLater(client)
  client.pragma(`cache_size = -${CACHE_KIB}`)
  client.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  if (pagesMax) client.pragma(`max_page_count = ${pagesMax}`)
}

/** A store that need not survive; little of it is held in memory. */
export function keepNothing(client: Sqlite.Database): void {
  client.pragma('journal_mode = OFF')
  client.pragma('synchronous = OFF')
  client.pragma('temp_store = FILE')
}

/** A copy that lies alone, without a log beside it. */
export function closeLog(client: Sqlite.Database): void {
  client.pragma('journal_mode = DELETE')
}

/** From here on this connection reads one moment of the file, until it is closed. */
export function holdSnapshot(client: Sqlite.Database): void {
  client.exec('BEGIN')
  touch(client)
}

/** Reads something. @throws if another connection holds the file for itself */
export function touch(client: Sqlite.Database): void {
  client.prepare('select count(*) from sqlite_master').get()
}

/** Holds the file for this connection alone, until it is closed. @throws SQLITE_BUSY where another holds it */
export function holdAlone(client: Sqlite.Database): void {
  client.exec('BEGIN EXCLUSIVE')
}

/** Names of the tables in a file. */
export function tablesIn(client: Sqlite.Database): string[] {
  return client.prepare<[], string>("select name from sqlite_master where type = 'table'").pluck().all()
}

/** Whether a table has a column. */
export function hasColumn(client: Sqlite.Database, table: string, column: string): boolean {
  const found = client.prepare<[string, string]>('select 1 from pragma_table_info(?) where name = ?')
  return found.get(table, column) !== undefined
}

/** What is wrong with the structure of a file, in the words of SQLite; null if it is sound. */
export function structureFault(client: Sqlite.Database): string | null {
  const structure = client.pragma('quick_check(1)', { simple: true }) as string
  return structure === 'ok' ? null : structure.replaceAll('\n', ' ')
}
