/**
 * Ensures that a data directory has one gateway. The lock is an exclusive SQLite transaction on a separate file:
 * the operating system releases it however the process ends, so no stale lock can remain.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { refuseCopied } from './own-directory.ts'
import { holdAlone, touch } from './queries/connection.ts'

const LOCK = 'gateway.lock'

/**
 * Acquires a lock file for this process.
 *
 * @returns releases it; null if another process holds it
 */
export function holdLock(file: string): (() => void) | null {
  const lock = new Sqlite(file, { timeout: 0 })
  try {
    holdAlone(lock)
  } catch (cause) {
    lock.close()
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause
    return null
  }
  return () => lock.close()
}

/**
 * Locks the data directory for this process.
 *
 * @returns releases it
 * @throws if another process holds it
 */
export function takeDirectory(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const releaseLock = holdLock(join(dataDir, LOCK))
  if (releaseLock) return releaseLock
  throw new Error(`Another gateway works in ${dataDir}; stop it, or set ZHIJIE_DATA to another directory`)
}

/**
 * Locks the data directory for a gateway.
 *
 * @returns releases it
 * @throws if another process holds it, or it is a copy of another directory
 */
export function takeOwnDirectory(dataDir: string): () => void {
  const releaseLock = takeDirectory(dataDir)
  try {
    refuseCopied(dataDir)
    return releaseLock
  } catch (cause) {
    releaseLock()
    throw cause
  }
}

/** Whether a gateway is using this data directory. Creates and locks nothing. */
export function isTaken(dataDir: string): boolean {
  const file = join(dataDir, LOCK)
  if (!existsSync(file)) return false
  const lock = new Sqlite(file, { readonly: true, timeout: 0 })
  try {
    touch(lock)
    return false
  } catch {
    return true
  } finally {
    lock.close()
  }
}
