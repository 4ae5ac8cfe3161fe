/** Archives a data directory until it is killed: the process that `archive-kill.test.ts` starts. */
import { join } from 'node:path'
import type { Instant } from '../../src/domain/day.ts'
import { createArchiver, finishArchiving } from '../../src/journal/archive/archive.ts'
import { openDisk } from '../../src/journal/open-disk.ts'
import { createSeal } from '../../src/journal/segment/seal.ts'
import { systemClock } from '../../src/ports.ts'
import { journalOver } from './support.ts'

const [, , dataDir = '', key = '', now = '', segmentBytes = ''] = process.argv
const clock = { ...systemClock, now: () => Number(now) as Instant }
const disk = await openDisk({ dataDir, seal: createSeal(key), clock, segmentBytes: Number(segmentBytes) })
const archive = join(dataDir, 'archive')
await finishArchiving(disk, archive)
const journal = journalOver(disk, clock)
process.send?.('ready')
const archiver = createArchiver({ disk, journal, clock, dataDir, archive })
const { archivedUpTo } = await archiver.run(7)
process.send?.(archivedUpTo)
await journal.close()
process.disconnect?.()
