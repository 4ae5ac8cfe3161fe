/** `npm run restore -- BACKUP_DIR [--replace]`: a backup becomes the journal of the data directory. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { restore as putBack } from '../journal/backup.ts'
import { keyPlace } from '../journal/seal.ts'
import { type Verification, verifyJournal } from '../journal/verify.ts'
import { systemClock } from '../ports.ts'
import { takeDirectory } from '../store/single.ts'
import { partsIn, settleLayout, workersOf } from '../workers/layout.ts'
import { compareKey, sentences } from './verify.ts'

const USAGE =
  'Usage: npm run restore -- BACKUP_DIR [--replace]   (into the data directory in ZHIJIE_DATA, ./data where it is not set)'

/**
 * Puts a backup in its place.
 *
 * @returns the exit code: 0 done, 1 the backup is not whole, 2 not asked in a way it understands
 * @throws where a gateway works in the directory, or a journal is there and `--replace` was not said
 */
export async function restore(args: readonly string[]): Promise<number> {
  const replace = args.includes('--replace')
  const [backup, ...rest] = args.filter((arg) => arg !== '--replace')
  if (!backup || rest.length > 0 || backup.startsWith('-')) {
    console.error(USAGE)
    return 2
  }
  const config = readConfig(process.env)
  const letGo = takeDirectory(config.dataDir)
  try {
    const found = await putBackParts(backup, config.dataDir, replace)
    if (!found) return 1
    console.log(
      'What was settled after the backup is not in it: reconcile with the platforms before the door opens',
    )
    tellKey(config, found)
    return 0
  } finally {
    letGo()
  }
}

/** The key is not part of a backup: whether the one that is set here is the one of that time. */
function tellKey(config: Config, found: readonly Verification[]): void {
  const key = compareKey(config, found)
  ;(key.is === 'other' ? console.error : console.log)(key.text)
  if (key.is === 'same') return
  console.log(
    `The key is not part of a backup. Put the one of that time into ${keyPlace(config)} before the start: with another one, or none, the gateway does not start`,
  )
}

/**
 * Puts back the one journal, or those of all workers: none before all copies are found whole.
 *
 * @returns what was found; null where one is not whole, and then nothing was changed
 * @throws where the directory is laid out for another number of workers
 */
async function putBackParts(
  backup: string,
  dataDir: string,
  replace: boolean,
): Promise<Verification[] | null> {
  const workers = workersOf(backup)
  const copies = partsIn(backup, join(backup, 'archive'))
  for (const copy of workers === 1 ? [] : copies) {
    const alone = { directory: copy.dataDir, archive: join(copy.dataDir, 'archive'), running: false }
    const found = await verifyJournal(alone)
    if (found.first) return refuse(found)
  }
  settleLayout(dataDir, workers)
  const parts = partsIn(dataDir, join(dataDir, 'archive'))
  // Refused here for all, so that it is not refused for the second after the first was put back.
  const standing = parts.find((part) => existsSync(join(part.dataDir, 'journal')))
  if (standing && !replace && workers > 1) {
    throw new Error(
      `There is a journal in ${standing.dataDir} already; --replace sets it aside and puts the backup in its place`,
    )
  }
  const put: Verification[] = []
  for (const [index, copy] of copies.entries()) {
    const target = parts[index]!.dataDir
    mkdirSync(target, { recursive: true, mode: 0o700 })
    const { verification, former } = await putBack(copy.dataDir, target, replace, systemClock.now())
    if (verification.first) return refuse(verification)
    for (const line of sentences(verification, false)) console.log(line)
    put.push(verification)
    if (former) console.log(`The former journal is kept as ${former}`)
  }
  return put
}

function refuse(found: Verification): null {
  for (const line of sentences(found, false)) console.error(line)
  console.error('Nothing was restored')
  return null
}
