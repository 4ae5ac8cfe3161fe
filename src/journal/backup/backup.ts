/**
 * Copies of a journal: taken beside a running gateway, put back where none works. A copy is laid out like a data directory
 * and is verified before it counts. Archived segments are not part of it: they do not change any more.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { syncDirectory, syncFile } from '../../fsync.ts'
import { databaseFile } from '../../store/database.ts'
import { storeFailure } from '../../store/failure.ts'
import { closeLog, holdSnapshot } from '../../store/queries/connection.ts'
import { newestRecord } from '../../store/queries/recheck.ts'
import { readArchived } from '../archive/archive-files.ts'
import { journalFolder } from '../open-disk.ts'
import { HEAD_FILE } from '../segment/chain-head.ts'
import { type Files, nodeFiles } from '../segment/files.ts'
import { readSegmentHeader, scanBatches, segmentName, segmentsOf } from '../segment/scan.ts'
import { decodeSegmentHeader, HEADER_BYTES } from '../segment/segment-header.ts'
import { type Progress, type Verification, type Verified, verifyJournal } from '../verify/verify.ts'
import { openIndexView } from '../verify/verify-index.ts'
import { markNow, RESTORED_FILE, readRestored, writeRestored } from './restored.ts'

const PAGES_A_STEP = 1000
const BUSY_TIMEOUT_MS = 5000
const MODE = 0o600
/** How often a segment that is being written is read again. */
const READINGS_MAX = 5

/**
 * Takes a copy of a journal with its index.
 *
 * @param source data directory; a gateway may be writing to it
 * @param archive where its archived segments are
 * @param target directory that must not exist
 * @param beside puts what else belongs to the copy into it, once the journal is found whole
 * @returns what the re-check of the copy found; a copy that is not whole is not kept
 */
export async function backUp(
  source: string,
  archive: string,
  target: string,
  progress: Progress = () => {},
  beside: (copy: string) => Promise<void> = async () => {},
): Promise<Verification> {
  if (!existsSync(journalFolder(source))) throw new Error(`There is no journal in ${source}`)
  if (existsSync(target)) throw new Error(`${target} exists; a backup never overwrites`)
  const fresh = `${target}.part`
  rmSync(fresh, { recursive: true, force: true })
  try {
    mkdirSync(journalFolder(fresh), { recursive: true, mode: 0o700 })
    // The index first and the segments after it: it must never know more than they hold.
    await copyIndex(databaseFile(source), databaseFile(fresh))
    await copySegments(source, archive, fresh)
    const verification = await verifyJournal(alone(fresh), progress)
    if (verification.first) return { ...verification, directory: target }
    await beside(fresh)
    syncDirectory(journalFolder(fresh))
    syncDirectory(fresh)
    renameSync(fresh, target)
    syncDirectory(dirname(target))
    return { ...verification, directory: target }
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** A copy is checked by itself: the archive beside it is as it was. */
function alone(directory: string): Verified {
  return { directory, archive: join(directory, 'archive'), running: false }
}

/** One moment of the index, in one file. */
async function copyIndex(source: string, target: string): Promise<void> {
  if (!existsSync(source))
    throw new Error(`There is no index ${source}; start the gateway once, and it is made`)
  const client = new Sqlite(source, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS })
  try {
    // The open reading holds one snapshot; without it every commit of the gateway starts the copy over.
    holdSnapshot(client)
    await client.backup(target, { progress: () => PAGES_A_STEP })
  } catch (cause) {
    throw new Error(storeFailure(cause, source), { cause })
  } finally {
    client.close()
  }
  const copy = new Sqlite(target)
  closeLog(copy)
  copy.close()
  chmodSync(target, MODE)
  syncFile(target)
}

/** All segments that the copied index does not call archived, the last one as far as it is written; then the head. */
async function copySegments(source: string, archive: string, fresh: string): Promise<void> {
  const view = openIndexView(databaseFile(fresh))
  const archivedUpTo = view?.archived.at(-1)?.segment ?? 0
  view?.close()
  const files = nodeFiles(journalFolder(source))
  try {
    const head = files.read(HEAD_FILE, 0, files.size(HEAD_FILE) ?? 0)
    const live = segmentsOf(files).filter((segment) => readSegmentHeader(files, segment) !== 'spare')
    const last = live.at(-1) ?? 0
    for (let segment = archivedUpTo + 1; segment <= last; segment += 1) {
      const name = segmentName(segment)
      // What was archived since the index was copied is in the archive by now.
      const bytes = segment === last ? written(files, name) : whole(files, name)
      const copied = bytes ?? (await readArchived(archive, segment)).bytes
      if (copied.length > 0)
        writeFileSync(join(journalFolder(fresh), name), copied, { mode: MODE, flush: true })
    }
    const restored = files.read(RESTORED_FILE, 0, files.size(RESTORED_FILE) ?? 0)
    if (restored)
      writeFileSync(join(journalFolder(fresh), RESTORED_FILE), restored, { mode: MODE, flush: true })
    if (head) writeFileSync(join(journalFolder(fresh), HEAD_FILE), head, { mode: MODE, flush: true })
  } finally {
    files.close()
  }
}

function whole(files: Files, name: string): Buffer | null {
  return files.read(name, 0, files.size(name) ?? 0)
}

/**
 * The written part of a segment, without what is being written just now. A batch that is read half-way looks damaged, and
 * whole a moment later; what stays damaged is copied as it is, for the re-check to name.
 */
function written(files: Files, name: string): Buffer | null {
  for (let reading = 1; ; reading += 1) {
    const bytes = whole(files, name)
    const header = bytes && decodeSegmentHeader(bytes.subarray(0, HEADER_BYTES))
    if (!header) return bytes
    const ending = scanBatches(bytes, 0, HEADER_BYTES, header.firstSequence, () => {})
    if (ending.is !== 'damage') return bytes.subarray(0, ending.offset)
    if (reading === READINGS_MAX) return bytes
  }
}

/**
 * Puts a backup where the journal of a data directory belongs. The caller holds the directory.
 *
 * @param backup the directory that `backUp` made
 * @param replace whether a journal that is there steps aside; it is kept under another name
 * @returns what the re-check of the backup found, and where the former journal is
 */
export async function restore(
  backup: string,
  target: string,
  replace: boolean,
  now: number,
): Promise<{ readonly verification: Verification; readonly former: string | null }> {
  if (!existsSync(journalFolder(backup))) throw new Error(`There is no backup ${backup}`)
  const standing = ['journal', 'zhijie.sqlite', 'zhijie.sqlite-wal'].filter((name) =>
    existsSync(join(target, name)),
  )
  if (standing.length > 0 && !replace) {
    throw new Error(
      `There is a journal in ${target} already; --replace sets it aside and puts the backup in its place`,
    )
  }
  const fresh = join(target, 'restored.part')
  rmSync(fresh, { recursive: true, force: true })
  try {
    copyDirectory(backup, fresh)
    const verification = await verifyJournal(alone(fresh))
    if (verification.first) return { verification: { ...verification, directory: backup }, former: null }
    const newest = newestIn(databaseFile(fresh))
    writeRestored(journalFolder(fresh), markNow(readRestored(journalFolder(fresh)), newest, now))
    const former = standing.length > 0 ? setAside(target, now) : null
    // The segments last: an index without them stops the start, they without it do not.
    renameSync(databaseFile(fresh), databaseFile(target))
    renameSync(journalFolder(fresh), journalFolder(target))
    syncDirectory(target)
    return { verification: { ...verification, directory: target }, former }
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** When the last record of an index was written, UTC milliseconds; 0 where there is none. */
function newestIn(file: string): number {
  if (!existsSync(file)) return 0
  const client = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    return newestRecord(client)
  } finally {
    client.close()
  }
}

function copyDirectory(from: string, to: string): void {
  mkdirSync(journalFolder(to), { recursive: true, mode: 0o700 })
  const files = [
    ...readdirSync(journalFolder(from)).map((name) => join('journal', name)),
    ...(existsSync(databaseFile(from)) ? ['zhijie.sqlite'] : []),
  ]
  for (const name of files) {
    copyFileSync(join(from, name), join(to, name))
    syncFile(join(to, name))
  }
  syncDirectory(journalFolder(to))
}

/** Moves the former journal to a directory of its own. @returns that directory */
function setAside(target: string, now: number): string {
  const former = join(target, `replaced-${now}`)
  mkdirSync(former, { mode: 0o700 })
  // The segments first: an index must never be found beside segments that are not its own.
  for (const name of ['journal', 'zhijie.sqlite-wal', 'zhijie.sqlite-shm', 'zhijie.sqlite']) {
    if (existsSync(join(target, name))) renameSync(join(target, name), join(former, name))
  }
  return former
}
