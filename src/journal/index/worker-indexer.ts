/** The indexer on a thread of its own, as the main thread has it. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Link } from '../segment/chain.ts'
import type { Indexer, IndexerEvents, OpenIndexer } from './indexer.ts'
import type { Point } from './journal-index.ts'

/** What the thread is started with. */
export interface IndexerData {
  readonly folder: string
  readonly file: string
  /** For the proof of the rows. */
  readonly secret: string
  /** Of the filter that the asking thread looks at. */
  readonly bits: Uint32Array
  readonly pagesMax: number | null
  readonly end: Point
}

/** What the thread is told. */
export type ToIndexer =
  | { readonly durable: Point }
  | { readonly hurry: true }
  | { readonly link: number }
  | { readonly close: true }

/** What the thread tells. */
export type FromIndexer =
  | { readonly ready: true }
  | { readonly indexed: Point }
  | { readonly links: readonly Link[] }
  | { readonly failed: string }
  | { readonly linked: number }

/** Opens an indexer on a thread of its own. */
export function workerIndexer(data: Omit<IndexerData, 'end'>): OpenIndexer {
  return async (end, events) => {
    const workerData: IndexerData = { ...data, end }
    // What this process was started with is meant for its main thread.
    const worker = new Worker(new URL('./indexer.worker.ts', import.meta.url), { workerData, execArgv: [] })
    const linking = new Map<number, () => void>()
    let ended = false
    let asked = 0
    /** What the thread was told last and has not answered, and what it is to be told then. */
    let told: Point | null = null
    let next: Point | null = null
    const tell = (message: ToIndexer) => worker.postMessage(message)
    const tellNext = () => {
      told = next
      next = null
      if (told) tell({ durable: told })
    }
    const answered = () => {
      if (told) tellNext()
    }
    const gone = (cause: Error) => {
      ended = true
      for (const resolve of linking.values()) resolve()
      linking.clear()
      events.failed(cause)
    }
    const ready = new Promise<void>((resolve, reject) => {
      worker.on('exit', () => {
        const cause = new Error('the indexer of the journal has ended')
        reject(cause)
        gone(cause)
      })
      worker.on('message', (message: FromIndexer) => {
        if ('ready' in message) resolve()
        if ('indexed' in message) answered()
        hear(message, events, linking)
      })
      worker.on('error', (cause) => {
        reject(cause)
        gone(cause instanceof Error ? cause : new Error(String(cause)))
      })
    })
    await ready
    return {
      durable(upTo) {
        next = upTo
        if (!told) tellNext()
      },
      hurry() {
        if (next) tellNext()
        tell({ hurry: true })
      },
      link() {
        if (ended) return Promise.resolve()
        asked += 1
        // Links are made of what it knows to be durable.
        if (next) tellNext()
        const number = asked
        return new Promise<void>((resolve) => {
          linking.set(number, resolve)
          tell({ link: number })
        })
      },
      async close() {
        if (ended) return
        tell({ close: true })
        await once(worker, 'exit')
      },
    } satisfies Indexer
  }
}

function hear(message: FromIndexer, events: IndexerEvents, linking: Map<number, () => void>): void {
  if ('indexed' in message) events.indexed(message.indexed)
  else if ('links' in message) events.links(message.links)
  else if ('failed' in message) events.failed(new Error(message.failed))
  else if ('linked' in message) {
    linking.get(message.linked)?.()
    linking.delete(message.linked)
  }
}
