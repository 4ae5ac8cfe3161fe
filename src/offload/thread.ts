/** A worker thread for heavy work, seen from the main thread. */
import { Worker } from 'node:worker_threads'
import type { SharedCodes } from '../codes/live/shared.ts'
import type { CarriedFault } from './fault.ts'
import type { TaskName } from './tasks.ts'

/** Start parameters of a thread. */
export interface ThreadData {
  /** SQLite files of the gateway, one per worker process, in order. */
  readonly files: readonly string[]
}

/** Messages to a thread: a query, consumption of the last chunk, or the next chunk of the upload. */
export type ToThread =
  | { readonly ask: TaskName; readonly question: unknown; readonly codes: SharedCodes }
  | { readonly more: true }
  /** Null after the last one. */
  | { readonly given: Uint8Array<ArrayBuffer> | null }

/** Messages from a thread. */
export type FromThread =
  | {
      readonly is: 'piece'
      readonly type: string
      readonly tag?: string
      readonly bytes: Uint8Array
      readonly last: boolean
    }
  | { readonly is: 'fault'; readonly fault: CarriedFault }
  /** Requests the next chunk of the upload. */
  | { readonly is: 'wanted' }

/** Events of a thread. */
export interface ThreadEvents {
  told(message: FromThread): void
  /** It has ended; with a cause if that was unexpected. Called once. */
  ended(cause: Error | null): void
}

/** A worker thread. It answers one query at a time. */
export interface Thread {
  /** Its number in this process. */
  readonly id: number
  tell(message: ToThread): void
  /** Terminates it at once; `ended` is called afterwards. */
  end(): void
}

/** Starts a thread. */
export type OpenThread = (events: ThreadEvents) => Thread

/** Old-space limit of one thread: a query that needs more ends its thread, not the gateway. */
const HEAP_MB_MAX = 2048

/** Threads of this process. */
export function workerThreads(data: ThreadData): OpenThread {
  return (events) => {
    const worker = new Worker(new URL('./offload.worker.ts', import.meta.url), {
      workerData: data,
      // The options of this process are meant for its main thread.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    })
    let cause: Error | null = null
    worker.unref()
    worker.on('message', events.told)
    worker.on('error', (error) => {
      cause = error instanceof Error ? error : new Error(String(error))
    })
    worker.on('exit', () => events.ended(cause))
    return {
      id: worker.threadId,
      tell: (message) =>
        worker.postMessage(message, 'given' in message && message.given ? [message.given.buffer] : []),
      end: () => void worker.terminate(),
    }
  }
}
