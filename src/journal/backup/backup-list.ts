/**
 * The list of a backup: every file with its length and digest, and what is in them by number. It is written last; a
 * directory without it, or whose files are others, is not a whole backup.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { syncDirectory } from '../../fsync.ts'
import { databaseFile } from '../../store/database.ts'
import { countStayRecords } from '../../store/queries/stay-records.ts'

const LIST = 'backup.json'

const whole = z.int().min(0)
const form = z.object({
  form: z.literal(1),
  /** UTC milliseconds. */
  at: z.int(),
  /** Tables and maps on the shelf, their editions and rows. */
  codes: z.object({ books: whole, editions: whole, rows: whole }),
  /** Events of stays that were imported, and bills that patients paid whole. */
  stays: z.object({ imported: whole, selfPaid: whole }),
  files: z.array(z.object({ name: z.string(), bytes: whole, sha256: z.string() })),
})

/** A list as it was written. */
export type BackupList = z.output<typeof form>

/**
 * Lists the files of a copy. The last step of a backup.
 *
 * @param parts directories in it that hold an index
 */
export async function writeBackupList(
  directory: string,
  parts: readonly string[],
  codes: BackupList['codes'],
  at: number,
): Promise<BackupList> {
  const files: BackupList['files'] = []
  for (const name of filesIn(directory)) files.push({ name, ...(await digestOf(join(directory, name))) })
  const list: BackupList = { form: 1, at, codes, stays: countStays(parts), files }
  writeFileSync(join(directory, LIST), JSON.stringify(list, null, 1), { mode: 0o600, flush: true })
  syncDirectory(directory)
  return list
}

/**
 * Reads the list of a backup and holds every file against it.
 *
 * @returns null where there is no list
 * @throws in words where a file is missing, another, or not in the list
 */
export async function checkBackupList(directory: string): Promise<BackupList | null> {
  const file = join(directory, LIST)
  if (!existsSync(file)) return null
  const list = parsed(file)
  const there = new Set(filesIn(directory))
  for (const { name, bytes, sha256 } of list.files) {
    if (!there.delete(name)) throw new Error(`${directory} is not a whole backup: ${name} is missing`)
    const found = await digestOf(join(directory, name))
    if (found.bytes === bytes && found.sha256 === sha256) continue
    throw new Error(`${directory} is not a whole backup: ${name} is not the file that was copied`)
  }
  const [stray] = there
  if (stray !== undefined) throw new Error(`${directory} is not a whole backup: ${stray} is not of it`)
  return list
}

function parsed(file: string): BackupList {
  try {
    return form.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`${file} cannot be read: the backup is not whole`, { cause })
  }
}

/** All files below a directory but the list, by their names from there, in order. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== LIST && statSync(join(directory, name)).isFile())
    .map((name) => name.replaceAll(sep, '/'))
    .sort()
}

async function digestOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return { bytes: statSync(file).size, sha256: hash.digest('hex') }
}

function countStays(parts: readonly string[]): BackupList['stays'] {
  const counted = { imported: 0, selfPaid: 0 }
  for (const part of parts) {
    const client = new Sqlite(databaseFile(part), { readonly: true, fileMustExist: true })
    const { imported, selfPaid } = countStayRecords(client)
    counted.selfPaid += selfPaid
    counted.imported += imported
    client.close()
  }
  return counted
}
