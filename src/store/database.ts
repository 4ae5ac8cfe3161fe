/**
 * Opens the gateway's SQLite file. WAL with a full sync per commit: a commit survives a power failure. The
 * journal's index, which can be rebuilt, is written with weaker guarantees.
 */
import { chmodSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { openClient } from './client.ts'
import { storeFailure } from './failure.ts'
import type { Parts } from './parts.ts'
import { hasColumn, keepDurable } from './queries/connection.ts'
import * as schema from './schema.ts'

/** The store with drizzle. `$parts` is set if it stands for the stores of several workers. */
export type Database = BetterSQLite3Database<typeof schema> & {
  readonly $client: Sqlite.Database
  readonly $parts?: Parts<Database>
}

/** The SQLite file of a data directory, which indexes the journal. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'zhijie.sqlite')
}

/**
 * Opens the store for writing and migrates its tables.
 *
 * @param file path, or `:memory:`
 * @throws if the file cannot be opened or a migration fails
 */
export function openDatabase(file: string): Database {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  let client: Sqlite.Database | null = null
  try {
    client = openClient(file)
    // Its contents are sealed, but still not for other users.
    if (file !== ':memory:') chmodSync(file, 0o600)
    refuseFormer(client, file)
    keepDurable(client)
    const database = drizzle({ client, schema })
    migrate(database, { migrationsFolder: join(import.meta.dirname, 'migrations') })
    return database
  } catch (cause) {
    client?.close()
    throw new Error(storeFailure(cause, file), { cause })
  }
}

/** @throws if the file is from a version that kept the journal in it */
function refuseFormer(client: Sqlite.Database, file: string): void {
  if (!hasColumn(client, 'exchange', 'sealed')) return
  throw new Error(
    `${file} holds a journal of an earlier form, which this version does not read. Set ZHIJIE_DATA to another directory, or go on with the version that made it`,
  )
}

/** Opens an existing store for writing beside its owner, who migrates it. @throws if there is none */
export function openDatabaseBeside(file: string): Database {
  return drizzle({ client: openClient(file, false, true), schema })
}

/** Opens an existing store read-only beside its writer. @throws if there is none */
export function openDatabaseForReading(file: string): Database {
  return drizzle({ client: openClient(file, true), schema })
}
