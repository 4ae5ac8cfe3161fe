/** Opens SQLite files as the whole gateway does, without more than SQLite: a thread that needs no more starts sooner. */
import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { syncFile } from '../fsync.ts'
import type { Store } from './parts.ts'
import { keepNothing, syncLater } from './queries/connection.ts'

/**
 * How long a writer waits for another. A large import beside the gateway holds the file for seconds; a journal that gave
 * up then would stop settlements for good.
 */
const BUSY_TIMEOUT_MS = 120_000

/** Opens an existing store for reading beside its writer, as SQL alone. @throws if there is none */
export function openStoreForReading(file: string): Store {
  return { $client: openClient(file, true) }
}

/**
 * Opens an existing store for writing beside its owner, as SQL alone. A commit is durable with the next sync: whoever must
 * tell that it is calls `syncStore`.
 *
 * @throws if there is none
 */
export function openStoreForWriting(file: string): Store {
  const client = openClient(file, false, true)
  syncLater(client)
  return { $client: client }
}

/** Makes everything that was committed durable: what is not in the file yet is in its log. */
export function syncStore({ $client: { name } }: Store): void {
  const log = `${name}-wal`
  if (existsSync(log)) syncFile(log)
}

/** A store of its own in a file without a name, for what need not survive. Little of it is held in memory. */
export function openTemporary(): Sqlite.Database {
  const client = new Sqlite('')
  keepNothing(client)
  return client
}

/** A connection to a file; made where it is absent, unless for reading or where it must exist. */
export function openClient(file: string, forReading = false, mustExist = forReading): Sqlite.Database {
  return new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, readonly: forReading, fileMustExist: mustExist })
}
