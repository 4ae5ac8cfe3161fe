/**
 * One gateway a data directory. The lock is an exclusive transaction of SQLite on a file of its own: the system itself
 * lets go of it when the process ends, however it ends, so no stale lock can be left behind.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'

/**
 * Takes the data directory for this process.
 *
 * @returns lets go of it
 * @throws where another process has it
 */
export function takeDirectory(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true })
  const lock = new Sqlite(join(dataDir, 'gateway.lock'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause
    throw new Error(`Another gateway works in ${dataDir}; stop it, or set ZHIJIE_DATA to another directory`)
  }
  return () => lock.close()
}
