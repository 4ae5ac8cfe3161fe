/** The real threads of a gateway, watched: what each was asked and has told, and when it is heard. */
import { workerThreads } from '../../src/offload/thread.ts'

/** A thread that was started, as a test sees it. */
export interface Watched {
  readonly id: number
  readonly asked: string[]
  /** What it has answered with, as text. */
  readonly told: string[]
  ended: boolean
}

/** Threads that are watched, and may be held back. */
export function watchedThreads() {
  const threads: Watched[] = []
  let held: (() => void)[] | null = null
  const openThread: typeof workerThreads = (data) => (events) => {
    const thread = workerThreads(data)({
      told(message) {
        if (message.is === 'piece') watched.told.push(new TextDecoder().decode(message.bytes))
        const hear = () => events.told(message)
        if (held) held.push(hear)
        else hear()
      },
      ended(cause) {
        watched.ended = true
        events.ended(cause)
      },
    })
    const watched: Watched = { id: thread.id, asked: [], told: [], ended: false }
    threads.push(watched)
    return {
      ...thread,
      tell(message) {
        if ('ask' in message) watched.asked.push(message.ask)
        thread.tell(message)
      },
    }
  }
  return {
    openThread,
    threads,
    /** From now on nothing is heard of the threads. */
    hold() {
      held = []
    },
    release() {
      const hears = held ?? []
      held = null
      for (const hear of hears) hear()
    },
  }
}
