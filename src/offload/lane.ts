/** One lane of heavy work: its threads and the queue of jobs. */
import { SHIPPED_ONLY, type SharedCodes } from '../codes/live/shared.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Clock } from '../ports.ts'
import { unpackFault } from './fault.ts'
import { type Giver, NOTHING_GIVEN } from './given.ts'
import type { Bounds } from './lanes.ts'
import type { TaskName } from './tasks.ts'
import type { FromThread, OpenThread, Thread } from './thread.ts'

/** One chunk of an answer. */
export type Piece = Extract<FromThread, { is: 'piece' }>

/** A query being answered. */
export interface Job {
  readonly task: TaskName
  readonly question: unknown
  readonly codes: SharedCodes
  /** The upload of the query. */
  readonly given: Giver
  heard(piece: Piece, thread: number): void
  failed(cause: Error): void
}

/** One lane. */
export interface ThreadLane {
  /** @throws {GatewayError} report-busy, not-ready */
  add(job: Job): void
  /** The last chunk was consumed. */
  more(job: Job): void
  /** Nobody waits for the answer any more: removes the job from the queue, or terminates its thread. */
  drop(job: Job): void
  /** Stops everything. Resolves when all threads have ended. */
  close(): Promise<void>
}

interface Hand {
  readonly thread: Thread
  job: Job | null
  cancelIdle: () => void
}

/** An idle thread is ended after this time to release its memory. */
const IDLE_MS = 60_000

const stopping = () => new GatewayError('not-ready', 'report', '网关正在停止，请稍后重试')

/** Creates a lane; threads are started on demand. */
export function createLane(
  { threads, waiting }: Bounds,
  openThread: OpenThread,
  clock: Pick<Clock, 'after'>,
): ThreadLane {
  const queue: Job[] = []
  const hands = new Set<Hand>()
  let closed = false
  let empty = () => {}

  function next(): void {
    if (queue.length === 0) return
    const hand = [...hands].find(({ job }) => job === null) ?? (hands.size < threads ? open() : null)
    const job = hand && queue.shift()
    if (!job) return
    hand.cancelIdle()
    hand.job = job
    const { task: ask, question, codes } = job
    hand.thread.tell({ ask, question, codes })
  }

  function open(): Hand {
    const thread = openThread({
      told: (message) => told(hand, message),
      ended: (cause) => ended(hand, cause),
    })
    const hand: Hand = { thread, job: null, cancelIdle: () => {} }
    hands.add(hand)
    return hand
  }

  function told(hand: Hand, message: FromThread): void {
    const { job } = hand
    if (!job) return
    if (message.is === 'wanted') return void give(hand, job)
    if (message.is === 'fault' || message.last) free(hand)
    if (message.is === 'fault') job.failed(unpackFault(message.fault))
    else job.heard(message, hand.thread.id)
  }

  async function give(hand: Hand, job: Job): Promise<void> {
    try {
      const given = await job.given.next()
      if (hand.job === job) hand.thread.tell({ given })
    } catch (cause) {
      drop(job)
      job.failed(cause instanceof Error ? cause : new Error(String(cause)))
    }
  }

  function drop(job: Job): void {
    const place = queue.indexOf(job)
    if (place >= 0) queue.splice(place, 1)
    for (const hand of hands) {
      if (hand.job !== job) continue
      hand.job = NOBODY
      hand.thread.end()
    }
  }

  function free(hand: Hand): void {
    hand.job = null
    // Until it has ended it counts as a thread but gets no jobs.
    hand.cancelIdle = clock.after(IDLE_MS, () => dismiss(hand))
    next()
  }

  /** Gives the thread no more jobs and frees its slot once it has ended. */
  function dismiss(hand: Hand): void {
    hand.job ??= NOBODY
    hand.thread.end()
  }

  function ended(hand: Hand, cause: Error | null): void {
    hands.delete(hand)
    hand.cancelIdle()
    hand.job?.failed(closed ? stopping() : failureOf(cause))
    if (hands.size === 0) empty()
    next()
  }

  return {
    add(job) {
      if (closed) throw stopping()
      const busy = [...hands].filter((hand) => hand.job !== null).length
      if (busy >= threads && queue.length >= waiting) {
        throw new GatewayError('report-busy', 'report', '统计与导出任务已满，请稍后重试；结算不受影响')
      }
      queue.push(job)
      next()
    },
    more(job) {
      for (const hand of hands) if (hand.job === job) hand.thread.tell({ more: true })
    },
    drop,
    async close() {
      closed = true
      for (const job of queue.splice(0)) job.failed(stopping())
      if (hands.size === 0) return
      const all = new Promise<void>((resolve) => {
        empty = resolve
      })
      for (const hand of hands) dismiss(hand)
      await all
    },
  }
}

/** Placeholder job of a thread that is ending. */
const NOBODY: Job = {
  ...{ task: 'settlement-rate', question: null, codes: SHIPPED_ONLY },
  given: NOTHING_GIVEN,
  heard: () => {},
  failed: () => {},
}

function failureOf(cause: Error | null): Error {
  if ((cause as NodeJS.ErrnoException | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new GatewayError(
      'invalid-report',
      'report',
      '统计范围过大，超出网关可用内存，请缩小区划或时间后重试',
    )
  }
  return cause ?? new Error('A thread of heavy work has ended without an answer')
}
