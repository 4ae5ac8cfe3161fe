/**
 * `npm run restore -- BACKUP_DIR [--replace]`: restores the journal and the code tables of a data directory from a
 * backup.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { catalogueFile } from '../codes/editions/catalogue.ts'
import { isSameShelf, replaceShelf } from '../codes/editions/copy.ts'
import { type Config, readConfig } from '../config.ts'
import { restore as putBack } from '../journal/backup/backup.ts'
import { type BackupList, checkBackupList } from '../journal/backup/backup-list.ts'
import { keyPlace } from '../journal/segment/seal.ts'
import { type Verification, verifyJournal } from '../journal/verify/verify.ts'
import { restoreSteps } from '../onboarding/copy.ts'
import { systemClock } from '../ports.ts'
import { takeDirectory } from '../store/data-dir-lock.ts'
import { type Part, partsIn, settleLayout, workersOf } from '../workers/layout.ts'
import { contents } from './backup.ts'
import { compareKey, sentences } from './verify.ts'

const USAGE =
  'Usage: npm run restore -- BACKUP_DIR [--replace] [--unlisted]   (into the data directory in ZHIJIE_DATA, ./data where it is not set)'

/** Options of a restore. */
interface Asked {
  readonly backup: string
  /** Whether existing data is moved aside. */
  readonly replace: boolean
  /** Whether a backup without a list of files is accepted, which restores only the journal. */
  readonly unlisted: boolean
}

/** An incomplete backup, explained in one sentence for the person who asked. */
class NotWhole extends Error {
  override readonly name = 'NotWhole'
}

/**
 * Restores a backup.
 *
 * @returns the exit code: 0 done, 1 the backup is incomplete, 2 invalid arguments
 * @throws if a gateway is using the directory, or a journal exists and `--replace` is not given
 */
export async function restore(args: readonly string[]): Promise<number> {
  const asked = questionOf(args)
  if (!asked) {
    console.error(USAGE)
    return 2
  }
  const config = readConfig(process.env)
  const releaseLock = takeDirectory(config.dataDir)
  try {
    const list = await listOf(asked)
    const found = await putBackParts(asked, config, list)
    for (const line of list ? contents(list) : []) console.log(`Restored: ${line}`)
    console.log(
      'What was settled after the backup is not in it: until the journal was compared with the platforms, what opens a visit or settles leaves for an unknown key only after it was looked for there in vain, and what cannot be looked for does not leave. "npm run compared" says for which time, and how to go on',
    )
    tellKey(config, found)
    return 0
  } catch (cause) {
    if (!(cause instanceof NotWhole)) throw cause
    console.error(`${cause.message}. Nothing was restored`)
    return 1
  } finally {
    releaseLock()
  }
}

function questionOf(args: readonly string[]): Asked | null {
  const options = ['--replace', '--unlisted']
  const [backup, ...rest] = args.filter((arg) => !options.includes(arg))
  if (!backup || rest.length > 0 || backup.startsWith('-')) return null
  return { backup, replace: args.includes('--replace'), unlisted: args.includes('--unlisted') }
}

/** The list of a backup, with every file checked against it; null if only the journal is restored. */
async function listOf({ backup, unlisted }: Asked): Promise<BackupList | null> {
  if (!existsSync(backup)) throw new Error(`There is no backup ${backup}`)
  const list = await checkBackupList(backup).catch((cause: Error) => {
    throw new NotWhole(cause.message)
  })
  if (list) return list
  if (!unlisted) {
    throw new NotWhole(
      `${backup} has no backup.json: it is not whole, or was made by a version that copied the journal alone. With --unlisted its journal is restored without code tables`,
    )
  }
  console.log('The backup has no list: its journal is restored alone, and the code tables stay as they are')
  return null
}

/** A backup does not contain the key: reports whether the configured one matches. */
function tellKey(config: Config, found: readonly Verification[]): void {
  const key = compareKey(config, found)
  ;(key.is === 'other' ? console.error : console.log)(key.text)
  if (key.is === 'same') return
  console.log(
    `The key is not part of a backup. Put the one of that time into ${keyPlace(config)} before the start: with another one, or none, the gateway does not start`,
  )
}

/**
 * Restores the code tables and the journals of all workers, but nothing before all copies are verified and nothing is
 * in their way.
 *
 * @throws {NotWhole} if one is incomplete
 * @throws if the directory is laid out for another number of workers, or data exists there
 */
async function putBackParts(
  { backup, replace }: Asked,
  { dataDir }: Config,
  list: BackupList | null,
): Promise<Verification[]> {
  const workers = workersOf(backup)
  const copies = partsIn(backup, join(backup, 'archive'))
  for (const copy of copies) {
    const alone = { directory: copy.dataDir, archive: join(copy.dataDir, 'archive'), running: false }
    refuseDamaged(await verifyJournal(alone))
  }
  settleLayout(dataDir, workers)
  const parts = partsIn(dataDir, join(dataDir, 'archive'))
  if (!replace) refuseStanding(backup, dataDir, parts, list)
  const now = systemClock.now()
  // The code tables first, since a journal must not answer without them.
  if (list) putCodes(backup, dataDir, now)
  const steps = restoreSteps(backup, dataDir)
  if (steps !== null) console.log(toldOf(steps))
  const found: Verification[] = []
  for (const [index, copy] of copies.entries()) {
    const target = parts[index]!.dataDir
    mkdirSync(target, { recursive: true, mode: 0o700 })
    const { verification, former } = await putBack(copy.dataDir, target, replace, now)
    refuseDamaged(verification)
    for (const line of sentences(verification, false)) console.log(line)
    found.push(verification)
    if (former) console.log(`The former journal is kept as ${former}`)
  }
  return found
}

/** @throws if a journal or other code tables exist, checked for all parts before the first is restored */
function refuseStanding(
  backup: string,
  dataDir: string,
  parts: readonly Part[],
  list: BackupList | null,
): void {
  const standing = parts.find((part) => existsSync(join(part.dataDir, 'journal')))
  if (standing) {
    throw new Error(
      `There is a journal in ${standing.dataDir} already; --replace sets it aside and puts the backup in its place`,
    )
  }
  if (!list || !existsSync(catalogueFile(dataDir)) || isSameShelf(backup, dataDir)) return
  throw new Error(
    `There are other code tables in ${dataDir}; --replace sets them aside and puts those of the backup in their place`,
  )
}

/** What an operator has to look at: a suspension since the backup is not in it. */
const toldOf = (steps: number) =>
  `${steps} steps of openings were put back; see npm run onboarding -- list, and take again what was taken since the backup`

function putCodes(backup: string, dataDir: string, now: number): void {
  const former = join(dataDir, `replaced-codes-${now}`)
  if (replaceShelf(backup, dataDir, former)) console.log(`The former code tables are kept in ${former}`)
}

function refuseDamaged(found: Verification): void {
  if (found.first) throw new NotWhole(sentences(found, false).join('\n'))
}
