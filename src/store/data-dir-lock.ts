/**
 * One gateway a data directory. The lock is an exclusive transaction of SQLite on a file of its own: the system itself
 * lets go of it when the process ends, however it ends, so no stale lock can be left behind.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { refuseCopied } from './own-directory.ts'
import { holdAlone, touch } from './queries/connection.ts'

const LOCK = 'gateway.lock'

/**
 * Holds a lock file for this process.
 *
 * @returns lets go of it; null if another process holds it
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
 * Takes the data directory for this process.
 *
 * @returns lets go of it
 * @throws if another process has it
 */
export function takeDirectory(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const releaseLock = holdLock(join(dataDir, LOCK))
  if (releaseLock) return releaseLock
  throw new Error(`Another gateway works in ${dataDir}; stop it, or set ZHIJIE_DATA to another directory`)
}

/**
 * Takes the data directory for a gateway.
 *
 * @returns lets go of it
 * @throws if another process has it, or it is a copy of another one
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

/** Whether a gateway works in this data directory just now. Nothing is made or taken. */
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
