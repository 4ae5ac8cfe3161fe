/** Opens SQLite files as the whole gateway does, without more than SQLite: a thread that needs no more starts sooner. */
import Sqlite from 'better-sqlite3'
import type { Store } from './parts.ts'

/**
 * How long a writer waits for another. A large import beside the gateway holds the file for seconds; a journal that gave
 * up then would stop settlements for good.
 */
const BUSY_TIMEOUT_MS = 120_000

/** Opens an existing store for reading beside its writer, as SQL alone. @throws where there is none */
export function openStoreForReading(file: string): Store {
  return { $client: openClient(file, true) }
}

/** A connection to a file; made where it is absent, unless for reading or where it must exist. */
export function openClient(file: string, forReading = false, mustExist = forReading): Sqlite.Database {
  return new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, readonly: forReading, fileMustExist: mustExist })
}
