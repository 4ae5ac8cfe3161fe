/** A thread for heavy work, as the thread that serves has it. */
import { Worker } from 'node:worker_threads'
import type { SharedCodes } from '../codes/live/shared.ts'
import type { CarriedFault } from './fault.ts'
import type { TaskName } from './tasks.ts'

/** What a thread is started with. */
export interface ThreadData {
  /** SQLite files of the gateway, one a worker, in their order. */
  readonly files: readonly string[]
}

/** What a thread is told: a question, that the last piece of its answer was taken, or the next piece of what comes with the question. */
export type ToThread =
  | { readonly ask: TaskName; readonly question: unknown; readonly codes: SharedCodes }
  | { readonly more: true }
  /** Null after the last one. */
  | { readonly given: Uint8Array<ArrayBuffer> | null }

/** What a thread tells. */
export type FromThread =
  | {
      readonly is: 'piece'
      readonly type: string
      readonly tag?: string
      readonly bytes: Uint8Array
      readonly last: boolean
    }
  | { readonly is: 'fault'; readonly fault: CarriedFault }
  /** It wants the next piece of what comes with the question. */
  | { readonly is: 'wanted' }

/** What is heard of a thread. */
export interface ThreadEvents {
  told(message: FromThread): void
  /** It is gone; with a cause where it was not asked to be. Told once. */
  ended(cause: Error | null): void
}

/** A thread. It answers one question at a time. */
export interface Thread {
  /** Its number in this process. */
  readonly id: number
  tell(message: ToThread): void
  /** Ends it, whatever it is doing; `ended` is told when it has. */
  end(): void
}

/** Starts a thread. */
export type OpenThread = (events: ThreadEvents) => Thread

/** Old space of one thread. A question that needs more ends its thread, and not the gateway. */
const HEAP_MB_MAX = 2048

/** Threads of this process. */
export function workerThreads(data: ThreadData): OpenThread {
  return (events) => {
    const worker = new Worker(new URL('./offload.worker.ts', import.meta.url), {
      workerData: data,
      // What this process was started with is meant for its main thread.
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
