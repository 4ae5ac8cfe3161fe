/** Settings of an SQLite connection (durability, size, snapshot) and checks of its file. */
import type Sqlite from 'better-sqlite3'

/** Page cache of the index's writer, and the size at which its write-ahead log is checkpointed. */
const CACHE_KIB = 16 * 1024
const CHECKPOINT_PAGES = 4000

/** For the owner of a store: a commit survives a power failure. */
export function keepDurable(client: Sqlite.Database): void {
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = FULL')
  client.pragma('foreign_keys = ON')
}

/** Commits of this connection are durable when they return, and so are all earlier ones. */
export function syncEachCommit(client: Sqlite.Database): void {
  client.pragma('synchronous = FULL')
}

/** Commits of this connection become durable with the next sync of the file. */
export function syncLater(client: Sqlite.Database): void {
  client.pragma('synchronous = NORMAL')
}

/**
 * For the writer of the index: commits lost in a power failure are rebuilt from the segments.
 *
 * @param pagesMax maximum pages of the file; null for no limit
 */
export function writeIndexLazily(client: Sqlite.Database, pagesMax: number | null): void {
  syncLater(client)
  client.pragma(`cache_size = -${CACHE_KIB}`)
  client.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  if (pagesMax) client.pragma(`max_page_count = ${pagesMax}`)
}

/** For a temporary store, mostly kept out of memory. */
export function keepNothing(client: Sqlite.Database): void {
  client.pragma('journal_mode = OFF')
  client.pragma('synchronous = OFF')
  client.pragma('temp_store = FILE')
}

/** For a copy that must be complete without a log beside it. */
export function closeLog(client: Sqlite.Database): void {
  client.pragma('journal_mode = DELETE')
}

/** Reads one snapshot of the file until the connection is closed. */
export function holdSnapshot(client: Sqlite.Database): void {
  client.exec('BEGIN')
  touch(client)
}

/** Reads something. @throws if another connection has locked the file exclusively */
export function touch(client: Sqlite.Database): void {
  client.prepare('select count(*) from sqlite_master').get()
}

/** Locks the file exclusively until the connection is closed. @throws SQLITE_BUSY if another holds it */
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

/** SQLite's description of a damaged file structure; null if it is sound. */
export function structureFault(client: Sqlite.Database): string | null {
  const structure = client.pragma('quick_check(1)', { simple: true }) as string
  return structure === 'ok' ? null : structure.replaceAll('\n', ' ')
}
