/** Loads packed files on another thread; the result is shared memory and not copied. */
import { Worker } from 'node:worker_threads'
import type { ShelfBook } from '../editions/catalogue.ts'
import type { NearestIndex } from '../nearest-index.ts'

/** Input of the worker. */
export interface LoadOrder {
  readonly dataDir: string
  readonly files: readonly Pick<ShelfBook, 'file' | 'crc32'>[]
}

/** Output of the worker. */
export type LoadAnswer = readonly {
  readonly file: string
  readonly shared: SharedArrayBuffer
  readonly index: NearestIndex | null
}[]

/** Loads files. @throws if one is missing or damaged */
export function loadOff(order: LoadOrder): Promise<LoadAnswer> {
  if (order.files.length === 0) return Promise.resolve([])
  const worker = new Worker(new URL('./load.worker.ts', import.meta.url), { workerData: order, execArgv: [] })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The loader of code tables has ended without an answer')))
  })
}
