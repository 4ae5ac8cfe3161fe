/**
 * Keeps heavy work off the thread that serves the counters: a query with a large answer runs on a worker thread
 * with its own database connection. Concurrency and queue are limited, and work is cancelled when the caller
 * disconnects.
 */
import { SHIPPED_ONLY, type SharedCodes } from '../codes/live/shared.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Clock } from '../ports.ts'
import { giverOf } from './given.ts'
import { createLane, type Job, type Piece, type ThreadLane } from './lane.ts'
import { LANE_OF, type LaneName, THREAD_LANES } from './lanes.ts'
import type { QuestionOf, TaskName } from './tasks.ts'
import type { OpenThread } from './thread.ts'

/** An answer. */
export interface Offloaded {
  /** Media type. */
  readonly type: string
  readonly tag?: string
  /** A stream if it comes in several chunks; the stream fails if its reader stalls. */
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
}

/** Finished work, for the log. Times in milliseconds. */
export interface OffloadedWork {
  readonly task: TaskName
  /** Number of the thread in this process. */
  readonly thread: number
  /** From the query to the first chunk of its answer. */
  readonly tookMs: number
}

/** All heavy work of one gateway. */
export interface Offload {
  /**
   * Answers a query on a worker thread.
   *
   * @param gone aborted when nobody waits for the answer any more
   * @param given the upload of the query, read chunk by chunk as the task consumes it
   * @throws {GatewayError} report-busy if the queue is full, not-ready while stopping, unreadable-body if the
   *   upload stalls, and whatever the task throws
   */
  answer<Name extends TaskName>(
    task: Name,
    question: QuestionOf<Name>,
    gone?: AbortSignal,
    given?: AsyncIterable<Uint8Array>,
  ): Promise<Offloaded>
  /** Cancels running and queued work. */
  close(): Promise<void>
}

/** Dependencies. */
export interface OffloadPorts {
  readonly openThread: OpenThread
  readonly clock: Pick<Clock, 'after' | 'elapsed'>
  /** The codes in use, for tasks that need them. */
  codes?(): SharedCodes
  done?(done: OffloadedWork): void
}

/** A reader that stalls for this long loses its thread. */
const STALLED_MS = 30_000

/** Creates it; threads are started on demand. */
export function createOffload(ports: OffloadPorts): Offload {
  const { openThread, clock, codes = () => SHIPPED_ONLY, done = () => {} } = ports
  const names = Object.keys(THREAD_LANES) as LaneName[]
  const lanes = new Map(names.map((name) => [name, createLane(THREAD_LANES[name], openThread, clock)]))

  return {
    answer(task, question, gone, given) {
      const lane = lanes.get(LANE_OF[task])!
      const since = clock.elapsed()
      return new Promise((resolve, reject) => {
        let stream: ReturnType<typeof pieces> | null = null
        const job: Job = {
          ...{ task, question, codes: codes(), given: giverOf(given, clock) },
          heard(piece, thread) {
            if (stream) return stream.heard(piece)
            done({ task, thread, tookMs: clock.elapsed() - since })
            const { type, tag, bytes, last } = piece
            const head = { type, ...(tag !== undefined && { tag }) }
            if (last) return settle(() => resolve({ ...head, body: bytes as Uint8Array<ArrayBuffer> }))
            stream = pieces(lane, job, clock, piece, () => gone?.removeEventListener('abort', leave))
            resolve({ ...head, body: stream.body })
          },
          failed: (cause) => (stream ? stream.failed(cause) : settle(() => reject(cause))),
        }
        const leave = () => {
          lane.drop(job)
          job.failed(new GatewayError('not-ready', 'report', '请求方已断开'))
        }
        const settle = (end: () => void) => {
          gone?.removeEventListener('abort', leave)
          job.given.end()
          end()
        }
        if (gone?.aborted) return leave()
        lane.add(job)
        gone?.addEventListener('abort', leave)
      })
    },
    async close() {
      await Promise.all([...lanes.values()].map((lane) => lane.close()))
    },
  }
}

/** A streamed answer: the thread produces a chunk when the previous one was consumed. */
function pieces(lane: ThreadLane, job: Job, clock: Pick<Clock, 'after'>, first: Piece, over: () => void) {
  let controller: ReadableStreamDefaultController<Uint8Array>
  let cancelStalled = () => {}
  /** Resolves the pull that waits for the next chunk. */
  let pulled = () => {}
  let ended = false
  const end = () => {
    ended = true
    cancelStalled()
    pulled()
    over()
  }
  const failed = (cause: Error) => {
    if (ended) return
    end()
    controller.error(cause)
  }
  const heard = ({ bytes, last }: Piece) => {
    if (ended) return
    controller.enqueue(bytes)
    if (last) {
      end()
      controller.close()
      return
    }
    cancelStalled = clock.after(STALLED_MS, () => {
      lane.drop(job)
      failed(new Error('The reader of an answer has stalled'))
    })
    pulled()
  }
  const body = new ReadableStream<Uint8Array>({
    start(own) {
      controller = own
      heard(first)
    },
    pull() {
      cancelStalled()
      lane.more(job)
      return new Promise<void>((resolve) => {
        pulled = resolve
      })
    },
    cancel() {
      end()
      lane.drop(job)
    },
  })
  return { body, heard, failed }
}
