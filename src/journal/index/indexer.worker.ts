/** The thread that brings the index and the chain up to what the main thread has made durable. */
import { parentPort, workerData } from 'node:worker_threads'
import { giveWay } from '../../give-way.ts'
import { openClient } from '../../store/client.ts'
import { storeFailure } from '../../store/failure.ts'
import { nodeFiles } from '../segment/files.ts'
import { filterOf } from './bloom-filter.ts'
import { fillFiltered } from './filtered-index.ts'
import { inProcessIndexer } from './indexer.ts'
import { openSqliteIndexWriter } from './sqlite-index.ts'
import type { FromIndexer, IndexerData, ToIndexer } from './worker-indexer.ts'

/**
 * One round takes in what many commits have written: each touches the same pages of the index again, and a round writes a
 * page once. Whoever reads the tables hurries it.
 */
const ROUND_MS = 100

const { folder, file, secret, bits, pagesMax, end } = workerData as IndexerData
const port = parentPort!
const tell = (message: FromIndexer) => port.postMessage(message)
// Only what is being written is read here; a segment that is archived meanwhile must not be held on to.
const files = nodeFiles(folder, 1)

// A burst of it must not stand before a settlement; a third of a core is twice what it needs at full load.
giveWay(5)

const open = inProcessIndexer({
  files,
  index: fillFiltered(openSqliteIndexWriter(openClient(file), secret, pagesMax), filterOf(bits), files),
  now: Date.now,
  soon: (work, hurried) => setTimeout(work, hurried ? 0 : ROUND_MS),
})
const indexer = await open(end, {
  indexed: (upTo) => tell({ indexed: upTo }),
  links: (links) => tell({ links }),
  failed: (cause) => tell({ failed: storeFailure(cause, file) }),
})

port.on('message', async (message: ToIndexer) => {
  if ('durable' in message) return indexer.durable(message.durable)
  if ('hurry' in message) return indexer.hurry()
  if ('link' in message) {
    await indexer.link()
    return tell({ linked: message.link })
  }
  await indexer.close()
  files.close()
  port.close()
})
tell({ ready: true })
