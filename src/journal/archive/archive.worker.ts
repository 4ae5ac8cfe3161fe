/**
 * The thread that archives: decides, copies, notes. Before a segment is noted as archived the main thread has the last
 * word, for only it knows what is on its way just now.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type { Instant } from '../../domain/day.ts'
import { openClient } from '../../store/client.ts'
import { storeFailure } from '../../store/failure.ts'
import { archivedNote } from '../../store/queries/archived.ts'
import { syncEachCommit } from '../../store/queries/connection.ts'
import { nodeFiles } from '../segment/files.ts'
import { segmentName } from '../segment/scan.ts'
import type { ArchiveData, FromArchive } from './archive.ts'
import { candidateOf, linkOver, standingOf } from './archive-candidates.ts'
import { copyToArchive } from './archive-copy.ts'
import { archivable } from './archive-policy.ts'

const { file, journal, archive, olderThan, from, at } = workerData as ArchiveData
const port = parentPort!
const tell = (message: FromArchive) => port.postMessage(message)
const client = openClient(file)
// What is noted of an archived segment is nowhere else, and with it all that the index holds becomes durable.
syncEachCommit(client)
const files = nodeFiles(journal)
const note = archivedNote(client)

/** Archives the next segment. @returns whether there may be another */
async function next(segment: number): Promise<boolean> {
  const standing = standingOf(client)
  const candidate = standing && candidateOf(client, files, segment)
  if (!standing || !candidate) {
    tell({ is: 'stays', stays: { segment, because: 'present' } })
    return false
  }
  const { stays } = archivable([candidate.facts], standing, olderThan as Instant)
  if (stays) {
    tell({ is: 'stays', stays })
    return false
  }
  const link = linkOver(files, candidate)
  const copied = await copyToArchive(join(journal, segmentName(segment)), archive, segment)
  const { exchanges, unfinished, firstSequence } = candidate
  tell({ is: 'copied', segment, exchanges, unfinished })
  const [goesOn] = (await once(port, 'message')) as [boolean]
  if (!goesOn) return false
  const { lastSequence } = candidate.facts
  const { fileHash } = copied
  note({ segment, firstSequence, lastSequence, linkNumber: link.number, linkHash: link.hash, fileHash }, at)
  tell({ is: 'noted', segment, firstSequence, lastSequence, ...copied })
  const [removed] = (await once(port, 'message')) as [boolean]
  return removed
}

let last: FromArchive = { is: 'done' }
try {
  for (let segment = from; await next(segment); segment += 1);
} catch (cause) {
  last = { is: 'failed', why: storeFailure(cause, archive) }
}
// Whoever hears the end may end this thread at once, and with it nothing may stay open.
client.close()
files.close()
tell(last)
port.close()
