/**
 * Heavy work stays off the thread that serves counters: a question that may take more than a screenful goes to a thread
 * with a connection of its own. So many run at once, so many wait, and one more is turned away; who goes away is not
 * worked for any longer.
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
  /** A stream where it came in several pieces; it fails where its reader takes nothing for long. */
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
}

/** What has been done, for the log. Times in milliseconds. */
export interface OffloadedWork {
  readonly task: TaskName
  /** Number of the thread in this process. */
  readonly thread: number
  /** From the question to the first piece of its answer. */
  readonly tookMs: number
}

/** All heavy work of one gateway. */
export interface Offload {
  /**
   * Has a question answered by another thread.
   *
   * @param gone aborted when nobody waits for the answer any more
   * @param given what comes with the question: read piece by piece, as the task takes it
   * @throws {GatewayError} report-busy where too many wait, not-ready while stopping, unreadable-body where nothing more is
   *   given for long, and what the task throws
   */
  answer<Name extends TaskName>(
    task: Name,
    question: QuestionOf<Name>,
    gone?: AbortSignal,
    given?: AsyncIterable<Uint8Array>,
  ): Promise<Offloaded>
  /** Ends what is under way and what waits. */
  close(): Promise<void>
}

/** What it stands on. */
export interface OffloadPorts {
  readonly openThread: OpenThread
  readonly clock: Pick<Clock, 'after' | 'elapsed'>
  /** The codes in use, for tasks that need them. */
  codes?(): SharedCodes
  done?(done: OffloadedWork): void
}

/** A reader that takes no piece for so long has its thread taken away. */
const STALLED_MS = 30_000

/** Makes it; no thread is started before there is work. */
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

/** An answer in pieces: the thread makes one when the one before it was taken. */
function pieces(lane: ThreadLane, job: Job, clock: Pick<Clock, 'after'>, first: Piece, over: () => void) {
  let controller: ReadableStreamDefaultController<Uint8Array>
  let cancelStalled = () => {}
  /** Resolves the pull that waits for the next piece. */
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
