/** Copies of a journal: taken beside a running gateway, put back where none works. Every copy is verified before it counts. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { storeFailure } from '../store/failure.ts'
import { headFile } from './chain-head.ts'
import { type Progress, type Verification, verifyJournal } from './verify.ts'

const PAGES_A_STEP = 1000
const BUSY_TIMEOUT_MS = 5000

/**
 * Takes a copy of a journal, of one moment, in one file.
 *
 * @param source the journal; a gateway may be writing to it
 * @param target must not exist
 * @returns what the re-check of the copy found; a copy that is not whole is not kept
 */
export async function backUp(
  source: string,
  target: string,
  progress: Progress = () => {},
): Promise<Verification> {
  if (!existsSync(source)) throw new Error(`There is no journal ${source}`)
  if (existsSync(target)) throw new Error(`${target} exists; a backup never overwrites`)
  return placed(target, async (fresh) => {
    const client = new Sqlite(source, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
    try {
      // The open reading holds one snapshot; without it every commit of the gateway starts the copy over.
      client.exec('BEGIN')
      client.prepare('select count(*) from sqlite_master').get()
      await client.backup(fresh, {
        progress({ totalPages, remainingPages }) {
          progress(totalPages - remainingPages, totalPages)
          return PAGES_A_STEP
        },
      })
    } catch (cause) {
      throw new Error(storeFailure(cause, source), { cause })
    } finally {
      client.close()
    }
    oneFile(fresh)
  })
}

/**
 * Puts a backup where the journal of a data directory belongs. The caller holds the directory.
 *
 * @param backup the file that `backUp` made
 * @param target the journal's place
 * @param replace whether a journal that is there steps aside; it is kept under another name
 * @returns what the re-check of the copy found, and where the former journal is
 */
export async function restore(
  backup: string,
  target: string,
  replace: boolean,
  now: number,
): Promise<{ readonly verification: Verification; readonly former: string | null }> {
  if (!existsSync(backup)) throw new Error(`There is no backup ${backup}`)
  const stands = ['', '-wal', '.head'].some((tail) => existsSync(`${target}${tail}`))
  if (stands && !replace) {
    throw new Error(
      `There is a journal ${target} already; --replace sets it aside and puts the backup in its place`,
    )
  }
  let former: string | null = null
  const verification = await placed(
    target,
    async (fresh) => copyFileSync(backup, fresh),
    () => {
      if (!stands) return
      former = `${target}.replaced-${now}`
      // The log first: a journal must never be found beside a log that is not its own.
      for (const tail of ['-wal', '-shm', '']) {
        if (existsSync(`${target}${tail}`)) renameSync(`${target}${tail}`, `${former}${tail}`)
      }
      if (existsSync(headFile(target))) renameSync(headFile(target), headFile(former))
    },
  )
  return { verification, former }
}

/** Makes a file under another name, verifies it, and only then gives it its name. */
async function placed(
  target: string,
  make: (fresh: string) => Promise<void>,
  before: () => void = () => {},
): Promise<Verification> {
  const fresh = `${target}.part`
  try {
    await make(fresh)
    chmodSync(fresh, 0o600)
    const verification = verifyJournal(fresh)
    if (verification.first) return { ...verification, file: target }
    sync(fresh)
    before()
    renameSync(fresh, target)
    sync(dirname(target))
    return { ...verification, file: target }
  } finally {
    for (const tail of ['', '-wal', '-shm']) rmSync(`${fresh}${tail}`, { force: true })
  }
}

/** Leaves the write-ahead log, so that the copy is one file that can be carried away. */
function oneFile(file: string): void {
  const client = new Sqlite(file)
  client.pragma('journal_mode = DELETE')
  client.close()
}

function sync(path: string): void {
  // Windows cannot sync a directory; there the rename itself is enough.
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
