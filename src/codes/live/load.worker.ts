/** Reads packed files into shared memory, away from the thread that serves. Started for one load, then ended. */

import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { shelfDirectory } from '../editions/catalogue.ts'
import { createNearestIndex } from '../nearest-index.ts'
import { openBook, readBook } from '../store/file.ts'
import type { LoadAnswer, LoadOrder } from './loader.ts'

const { dataDir, files } = workerData as LoadOrder
const loaded = files.map(({ file, crc32 }) => {
  const shared = readBook(join(shelfDirectory(dataDir), file), crc32)
  const book = openBook(shared)
  return { file, shared, index: book.system === null ? createNearestIndex(book.forward) : null }
})
parentPort?.postMessage(loaded satisfies LoadAnswer)
