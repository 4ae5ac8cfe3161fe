/** A journal on a real file that tests may hurt: written by the real writer, changed behind its back. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Disk, Entry } from '../../src/journal/entry.ts'
import { createSeal } from '../../src/journal/seal.ts'
import { openSqliteDisk } from '../../src/journal/sqlite-disk.ts'
import { AT, intent } from './support.ts'

export const KEY = 'a1'.repeat(32)

/** A folder that is gone after the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zhijie-integrity-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Opens a journal file. */
export const openDisk = (file: string, pagesMax: number | null = null): Promise<Disk> =>
  openSqliteDisk(file, KEY, createSeal(KEY), pagesMax)

/** A settlement begun and answered: exchange `id`, outcomes `2 id - 1` and `2 id`. */
export function settlement(id: number): Entry[] {
  const names = { key: `k${id}`, message: `M${id}`, encounter: `E${id}` }
  const sealed = Buffer.from(`{"psn_name":"测${id}","padding":"${'0123456789'.repeat(30)}"}`)
  return [
    { exchange: { ...intent({ ...names, sealed }), id }, outcome: { exchange: id, state: 'open', at: AT } },
    {
      outcome: {
        exchange: id,
        state: 'accepted',
        at: AT,
        settlement: `S${id}`,
        total: 100 * id,
        reply: sealed,
      },
    },
  ]
}

/** Writes so many settlements from this number on, in batches of ten entries, and closes. */
export async function writeSettlements(file: string, count: number, from = 1): Promise<void> {
  const disk = await openDisk(file)
  const entries = Array.from({ length: count }, (_, index) => settlement(from + index)).flat()
  for (let at = 0; at < entries.length; at += 10) await disk.commit(entries.slice(at, at + 10))
  await disk.close()
}

/** A journal of so many settlements, closed, all in its main file. */
export async function journalOf(count: number): Promise<string> {
  const file = join(freshFolder(), 'zhijie.sqlite')
  await writeSettlements(file, count)
  withSqlite(file, (client) => client.pragma('wal_checkpoint(TRUNCATE)'))
  return file
}

/** Works on the file with SQLite alone. */
export function withSqlite<Result>(file: string, work: (client: Sqlite.Database) => Result): Result {
  const client = new Sqlite(file)
  try {
    return work(client)
  } finally {
    client.close()
  }
}

/** Runs statements with every trigger of the journal away, as somebody with the file in hand would. */
export function tamper(file: string, sql: string): void {
  withSqlite(file, (client) => {
    const triggers = client.prepare("select name from sqlite_master where type = 'trigger'").pluck().all()
    for (const trigger of triggers) client.exec(`drop trigger "${trigger}"`)
    client.exec(sql)
    client.pragma('wal_checkpoint(TRUNCATE)')
  })
}

/** Flips one bit in the middle of these bytes where they are in the file. */
export function flipIn(file: string, bytes: Buffer): void {
  const content = readFileSync(file)
  const at = content.indexOf(bytes)
  if (at < 0) throw new Error('The bytes are not in the file')
  content[at + (bytes.length >> 1)]! ^= 1
  writeFileSync(file, content)
}
