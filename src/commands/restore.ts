/** `npm run restore -- BACKUP_DIR [--replace]`: a backup becomes the journal of the data directory. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { restore as putBack } from '../journal/backup.ts'
import { systemClock } from '../ports.ts'
import { takeDirectory } from '../store/single.ts'
import { sentences } from './verify.ts'

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
    const { verification, former } = await putBack(backup, config.dataDir, replace, systemClock.now())
    if (verification.first) {
      for (const line of sentences(verification, false)) console.error(line)
      console.error('Nothing was restored')
      return 1
    }
    for (const line of sentences(verification, false)) console.log(line)
    if (former) console.log(`The former journal is kept as ${former}`)
    console.log(
      'What was settled after the backup is not in it: reconcile with the platforms before the door opens',
    )
    const keyFile = config.keyFile ?? join(config.dataDir, 'key')
    console.log(
      config.key || existsSync(keyFile)
        ? 'The key is not part of a backup: the one that is set here must be the one of that time'
        : `The key is not part of a backup. Put the one of that time into ${keyFile} before the start, else a new one is made and the old messages cannot be read`,
    )
    return 0
  } finally {
    letGo()
  }
}
