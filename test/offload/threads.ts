/** The real threads of a gateway, watched: what each was asked and has told, and when it is heard. */
import { workerThreads } from '../../src/offload/thread.ts'

/** A thread that was started, as a test sees it. */
export interface Watched {
  readonly id: number
  readonly asked: string[]
  /** What it has answered with, as text. */
  readonly told: string[]
  /** How often it asked for more of what comes with a question, and how many pieces it was given. */
  wanted: number
  given: number
  ended: boolean
}

/** Threads that are watched, and may be held back. */
export function watchedThreads() {
  const threads: Watched[] = []
  let held: (() => void)[] | null = null
  let wantedHeld = false
  const openThread: typeof workerThreads = (data) => (events) => {
    const thread = workerThreads(data)({
      told(message) {
        if (message.is === 'wanted') {
          watched.wanted += 1
          if (wantedHeld) return
        }
        if (message.is === 'piece') watched.told.push(new TextDecoder().decode(message.bytes))
        const hear = () => events.told(message)
        // What a thread asks for goes on: a file is given to it meanwhile.
        if (held && message.is !== 'wanted') held.push(hear)
        else hear()
      },
      ended(cause) {
        watched.ended = true
        events.ended(cause)
      },
    })
    const watched: Watched = { id: thread.id, asked: [], told: [], wanted: 0, given: 0, ended: false }
    threads.push(watched)
    return {
      ...thread,
      tell(message) {
        if ('ask' in message) watched.asked.push(message.ask)
        if ('given' in message && message.given) watched.given += 1
        thread.tell(message)
      },
    }
  }
  return {
    openThread,
    threads,
    /** From now on nothing of what the threads answer is heard. */
    hold() {
      held = []
    },
    /** From now on no thread is given anything that comes with a question. */
    holdWanted() {
      wantedHeld = true
    },
    release() {
      const hears = held ?? []
      held = null
      for (const hear of hears) hear()
    },
  }
}
