/** Heavy work for tests: done in this thread over a store in memory, or by threads that only do what they are told. */
import type { Codes } from '../../src/codes/codes.ts'
import { packFault } from '../../src/offload/fault.ts'
import { createOffload, type Offload, type OffloadPorts } from '../../src/offload/offload.ts'
import type { Task } from '../../src/offload/task.ts'
import { TASKS } from '../../src/offload/tasks.ts'
import type { FromThread, OpenThread, ThreadEvents, ToThread } from '../../src/offload/thread.ts'
import { openBroughtAlong } from '../../src/reports/figures/fold.ts'
import type { Database } from '../../src/store/database.ts'

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Does the work of the real tasks in this thread. */
export function offloadHere(database: Database | null, codes?: () => Codes): Pick<Offload, 'answer'> {
  return {
    async answer(name, question, _gone, given = nothing()) {
      const task = TASKS[name] as unknown as Task<unknown>
      const { body, ...head } = await task(question, {
        database: () => database!,
        storeToWrite: () => database!,
        figures: async (numbers) => openBroughtAlong(database!, numbers),
        given,
        codes: async () => codes!(),
      })
      if (body instanceof Uint8Array) return { ...head, body }
      const pieces: string[] = []
      for await (const piece of typeof body === 'string' ? [body] : body) pieces.push(piece)
      return { ...head, body: new TextEncoder().encode(pieces.join('')) }
    },
  }
}

/** A thread in the hand of a test. */
export interface FakeThread {
  readonly heard: ToThread[]
  /** Whether it was told to end. */
  ending: boolean
  piece(text: string, last?: boolean): void
  /** It asks for the next piece of what comes with the question. */
  want(): void
  fault(cause: unknown): void
  /** It has ended. */
  exit(cause?: Error): void
}

/** Heavy work over threads in the hand of a test, with timers that ring when told. */
export function fakeOffload(more: Partial<OffloadPorts> = {}) {
  const threads: FakeThread[] = []
  let timers: (() => void)[] = []
  const openThread: OpenThread = (events: ThreadEvents) => {
    const tell = (message: FromThread) => events.told(message)
    const thread: FakeThread = {
      heard: [],
      ending: false,
      piece: (text, last = true) =>
        tell({ is: 'piece', type: 'text/plain', bytes: new TextEncoder().encode(text), last }),
      want: () => tell({ is: 'wanted' }),
      fault: (cause) => tell({ is: 'fault', fault: packFault(cause) }),
      exit: (cause) => events.ended(cause ?? null),
    }
    threads.push(thread)
    return {
      id: threads.length,
      tell: (message) => thread.heard.push(message),
      end: () => {
        thread.ending = true
      },
    }
  }
  const clock = {
    elapsed: () => 0,
    after(_ms: number, ring: () => void) {
      timers.push(ring)
      return () => {
        timers = timers.filter((one) => one !== ring)
      }
    },
  }
  const offload = createOffload({ openThread, clock, ...more })
  return {
    offload,
    threads,
    /** Rings every timer that is set. */
    ring() {
      for (const timer of timers.splice(0)) timer()
    },
  }
}
