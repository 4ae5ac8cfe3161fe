/**
 * Opens SQLite files with the gateway's settings but without drizzle, so that threads that need only SQL start
 * faster.
 */
import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { syncFile } from '../fsync.ts'
import type { Store } from './parts.ts'
import { keepNothing, syncLater } from './queries/connection.ts'

/**
 * How long a writer waits for another. A large import blocks the file for seconds; a journal that gave up then
 * would stop settlements for good.
 */
const BUSY_TIMEOUT_MS = 120_000

/** Opens an existing store read-only beside its writer, without drizzle. @throws if there is none */
export function openStoreForReading(file: string): Store {
  return { $client: openClient(file, true) }
}

/**
 * Opens an existing store for writing beside its owner, without drizzle. A commit becomes durable with the next
 * sync; callers that need durability call `syncStore`.
 *
 * @throws if there is none
 */
export function openStoreForWriting(file: string): Store {
  const client = openClient(file, false, true)
  syncLater(client)
  return { $client: client }
}

/** Makes all commits durable: those not yet in the file are in its write-ahead log. */
export function syncStore({ $client: { name } }: Store): void {
  const log = `${name}-wal`
  if (existsSync(log)) syncFile(log)
}

/** A temporary store in an unnamed file, mostly kept out of memory. */
export function openTemporary(): Sqlite.Database {
  const client = new Sqlite('')
  keepNothing(client)
  return client
}

/** Opens a connection to a file; creates the file unless reading or told that it must exist. */
export function openClient(file: string, forReading = false, mustExist = forReading): Sqlite.Database {
  return new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, readonly: forReading, fileMustExist: mustExist })
}
