/** `npm run backup -- TARGET_DIR`: a copy of the journal, also beside a running gateway. */
import { readConfig } from '../config.ts'
import { backUp } from '../journal/backup.ts'
import { progressBar, sentences } from './verify.ts'

const USAGE =
  'Usage: npm run backup -- TARGET_DIR   (of the data directory in ZHIJIE_DATA, ./data where it is not set)'

/**
 * Takes a backup of the data directory and verifies it.
 *
 * @returns the exit code: 0 done, 1 the copy is not whole and was not kept, 2 not asked in a way it understands
 */
export async function backup(args: readonly string[]): Promise<number> {
  const [target, ...rest] = args
  if (!target || rest.length > 0 || target.startsWith('-')) {
    console.error(USAGE)
    return 2
  }
  const config = readConfig(process.env)
  const bar = progressBar()
  const found = await backUp(config.dataDir, config.archiveDir, target, bar.update).finally(bar.stop)
  if (found.first) {
    for (const line of sentences(found, false)) console.error(line)
    console.error('No backup was made: the journal itself has this fault. Keep the last good backup')
    return 1
  }
  for (const line of sentences(found, false)) console.log(line)
  if (found.notHere > 0) {
    console.log(
      `The archived segments are NOT in the backup. Keep ${config.archiveDir} safe as well: it does not change`,
    )
  }
  const where = config.key ? 'ZHIJIE_KEY' : (config.keyFile ?? `${config.dataDir}/key`)
  console.log(
    `The key is NOT in the backup. Keep it (${where}) in another safe place: without it the messages cannot be read`,
  )
  return 0
}
