/**
 * `npm run compared [-- --by NAME]`: after a restore, reports the period for which the journal must be compared with
 * the platforms, or records that someone has compared it.
 */
import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import type { Instant } from '../domain/day.ts'
import { shanghaiTime } from '../domain/day.ts'
import { readRestored, writeRestored } from '../journal/backup/restored.ts'
import { journalFolder } from '../journal/open-disk.ts'
import { systemClock } from '../ports.ts'
import { partsIn } from '../workers/layout.ts'

const USAGE =
  'Usage: npm run compared [-- --by NAME]   (of the data directory in ZHIJIE_DATA, ./data where it is not set)'

const NAME_LENGTH_MAX = 100

/**
 * Reports or records. The gateway may be running and continues by itself.
 *
 * @returns the exit code: 0 nothing left to compare, 1 something is, 2 invalid arguments
 */
export async function compared(args: readonly string[]): Promise<number> {
  const by = nameIn(args)
  if (by === undefined) {
    console.error(USAGE)
    return 2
  }
  const { dataDir, archiveDir } = readConfig(process.env)
  let open = 0
  for (const part of partsIn(dataDir, archiveDir)) {
    const folder = journalFolder(part.dataDir)
    const mark = readRestored(folder)
    if (!mark || mark.compared) continue
    const span = `${time(mark.since)} to ${time(mark.at)}`
    if (by === null) {
      open += 1
      console.log(`${folder}: compare ${span} with the platforms`)
    } else {
      writeRestored(folder, { ...mark, compared: { by, at: systemClock.now() } })
      console.log(`${folder}: ${by} has compared ${span} with the platforms; messages leave again`)
    }
  }
  console.log(open === 0 ? 'Nothing has to be compared' : ADVICE)
  return open === 0 ? 0 : 1
}

const ADVICE =
  'Until then what opens a visit or settles leaves for an unknown key only after it was looked for at the platform in vain, and what cannot be looked for does not leave. Take the list of that time from each platform (3202, or its own pages), look up each settlement here by its message id (/v1/status), and what only the platform has either undo there or tell the hospital as settled. Then: npm run compared -- --by NAME'

/** @returns null if nobody is named, undefined if the arguments are invalid */
function nameIn(args: readonly string[]): string | null | undefined {
  try {
    const { by } = parseArgs({ args: [...args], options: { by: { type: 'string' } } }).values
    if (by === undefined) return null
    const name = by.trim()
    return name !== '' && name.length <= NAME_LENGTH_MAX ? name : undefined
  } catch {
    return undefined
  }
}

function time(at: number): string {
  return shanghaiTime(at as Instant)
}
