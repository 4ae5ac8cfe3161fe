/**
 * A journal begins in an empty directory only: where one has been before, a start without it would answer every key as new
 * and settle again what was settled.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { syncDirectory } from '../fsync.ts'
import { isPart } from '../workers/layout.ts'
import { archivedSegmentsOf } from './archive/archive-files.ts'
import { JournalFault } from './index/indexing.ts'
import { HEAD_FILE } from './segment/chain-head.ts'

/** Says that a journal was begun in a data directory; it stays there whatever becomes of the journal. */
const BEGUN = 'journal.begun'

/**
 * Looks before a start.
 *
 * @param folder of the journal in the data directory
 * @param tell is told where a new journal begins
 * @throws {JournalFault} where there is no journal, and there was one
 */
export function refuseEmptied(dataDir: string, folder: string, tell: (text: string) => void): void {
  if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.segment'))) return
  const trace = traceIn(dataDir, folder)
  if (trace === null) {
    tell(`There is no journal in ${dataDir}: a new one begins. If there was one, stop now and put it back`)
    return
  }
  throw new JournalFault(
    `There is no journal in ${dataDir}, and there was one: ${trace} is there. The gateway does not start, since it would take every key for a new one and could settle again what was settled. Put the journal back, or a backup with "npm run restore"; to begin a new journal on purpose, set ZHIJIE_DATA to another directory, or take ${trace} away first`,
  )
}

function traceIn(dataDir: string, folder: string): string | null {
  const archive = join(dataDir, 'archive')
  const traces = [...begunIn(dataDir), join(folder, HEAD_FILE)].filter((file) => existsSync(file))
  if (archivedSegmentsOf(archive).length > 0) traces.push(archive)
  return traces[0] ?? null
}

/** Of one of several workers it is said beside its directory as well: that whole directory may be missing. */
const begunIn = (dataDir: string) =>
  isPart(dataDir) ? [join(dataDir, BEGUN), `${dataDir}.begun`] : [join(dataDir, BEGUN)]

/** Notes that a journal was begun. Durable when it returns. */
export function noteBegun(dataDir: string): void {
  for (const file of begunIn(dataDir)) {
    if (existsSync(file)) continue
    writeFileSync(file, 'A journal was begun in this directory.\n', { mode: 0o600, flush: true })
    syncDirectory(dirname(file))
  }
}
