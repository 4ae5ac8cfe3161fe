/** `npm run backup -- TARGET_DIR`: a copy of the journal, also beside a running gateway. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { copyShelf, shelfCounts } from '../codes/editions/copy.ts'
import { type Config, readConfig } from '../config.ts'
import { syncDirectory } from '../fsync.ts'
import { backUp } from '../journal/backup/backup.ts'
import { type BackupList, writeBackupList } from '../journal/backup/backup-list.ts'
import { keyPlace } from '../journal/segment/seal.ts'
import type { Verification } from '../journal/verify/verify.ts'
import { copySteps } from '../onboarding/copy.ts'
import { systemClock } from '../ports.ts'
import { noteWorkers, partOf, partsIn } from '../workers/layout.ts'
import { compareKey, progressBar, sentences } from './verify.ts'

const USAGE =
  'Usage: npm run backup -- TARGET_DIR   (of the data directory in ZHIJIE_DATA, ./data where it is not set)'

/**
 * Takes a backup of the data directory and verifies it.
 *
 * @returns the exit code: 0 done, 1 the copy is incomplete and was discarded, or the key is not the journal's, 2
 *   invalid arguments
 */
export async function backup(args: readonly string[]): Promise<number> {
  const [target, ...rest] = args
  if (!target || rest.length > 0 || target.startsWith('-')) {
    console.error(USAGE)
    return 2
  }
  const config = readConfig(process.env)
  const lists: BackupList[] = []
  const found = await backUpParts(config, target, lists)
  const faulty = found.find(({ first }) => first !== null)
  if (faulty) {
    for (const line of sentences(faulty, false)) console.error(line)
    console.error('No backup was made: the journal itself has this fault. Keep the last good backup')
    return 1
  }
  for (const line of found.flatMap((one) => sentences(one, false))) console.log(line)
  for (const line of lists.flatMap(contents)) console.log(`In the backup: ${line}`)
  tellSettings(config)
  if (found.some(({ notHere }) => notHere > 0)) {
    console.log(
      `The archived segments are NOT in the backup. Keep ${config.archiveDir} safe as well: it does not change`,
    )
  }
  const key = compareKey(config, found)
  console.log(
    `The key is NOT in the backup. Keep it (${keyPlace(config)}) in another safe place: without it the messages cannot be read`,
  )
  if (key.is === 'same' || key.is === 'unnamed') {
    console.log(key.text)
    return 0
  }
  console.error(key.text)
  console.error('The backup was made all the same; find the right key now, before it is needed')
  return 1
}

/**
 * Copies the only journal, or those of all workers: each is a snapshot of its own moment, and they do not refer to
 * each other. An incomplete copy is discarded.
 */
async function backUpParts(config: Config, target: string, lists: BackupList[]): Promise<Verification[]> {
  const { dataDir, archiveDir } = config
  const parts = partsIn(dataDir, archiveDir)
  /** Copies what all parts share, and writes the list of files last. */
  const finish = async (copy: string) => {
    const codes = shelfCounts(copyShelf(dataDir, copy))
    copySteps(dataDir, copy)
    const copies = partsIn(copy, join(copy, 'archive')).map((part) => part.dataDir)
    lists.push(await writeBackupList(copy, copies, codes, systemClock.now()))
  }
  if (parts.length === 1) return [await backUpPart(dataDir, archiveDir, target, finish)]
  if (existsSync(target)) throw new Error(`${target} exists; a backup never overwrites`)
  const fresh = `${target}.part`
  rmSync(fresh, { recursive: true, force: true })
  try {
    mkdirSync(fresh, { recursive: true, mode: 0o700 })
    const found: Verification[] = []
    for (const part of parts) {
      const copy = (of: string) => partOf(of, of, part.worker!).dataDir
      const one = await backUpPart(part.dataDir, part.archiveDir, copy(fresh))
      found.push({ ...one, directory: copy(target) })
      if (one.first) return found
    }
    noteWorkers(fresh, parts.length)
    await finish(fresh)
    renameSync(fresh, target)
    syncDirectory(dirname(target))
    return found
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function backUpPart(
  dataDir: string,
  archiveDir: string,
  target: string,
  beside?: (copy: string) => Promise<void>,
): Promise<Verification> {
  const bar = progressBar()
  return backUp(dataDir, archiveDir, target, bar.update, beside).finally(bar.stop)
}

/** Describes what a backup contains besides the journal. */
export function contents({ codes, stays, files }: BackupList): string[] {
  const { books, editions, rows } = codes
  return [
    `${editions} imported editions of ${books} code tables and maps, ${rows} rows`,
    `${stays.imported} imported events of stays, ${stays.selfPaid} self-paid bills`,
    `${files.length} files, each with its digest`,
  ]
}

/** Files named by settings are outside the data directory, and may contain secrets. */
function tellSettings({ callersFile, credentialsFile, fhirSystemsFile }: Config): void {
  const named = [callersFile, credentialsFile, fhirSystemsFile].filter((file) => file !== null)
  if (named.length === 0) return
  console.log(
    `The settings and the files they name are NOT in the backup. Keep them as well: ${named.join(', ')}`,
  )
}
