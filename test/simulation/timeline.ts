/** Virtual time: nothing waits, the next timer is simply due. */
import type { Instant } from '../../src/domain/day.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
  cancelled: boolean
}

/** A timer that keeps no run alive: it is due only while something else is still to come. */
interface Daemon {
  at: number
  readonly everyMs: number | null
  readonly callback: () => void
}

/** An interval that went off so often with nothing happening in between has nothing left to say. */
const IDLE_ROUNDS_MAX = 11

/** Lets everything run that is ready to: all promises settle before an immediate is called. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** One run's time. Timers that are due together run in the order in which they were set. */
export class Timeline {
  readonly #start: number
  #now: number
  #order = 0
  readonly #heap: Timer[] = []
  readonly #daemons = new Set<Daemon>()

  /** @param start UTC milliseconds */
  constructor(start: number) {
    this.#start = start
    this.#now = start
  }

  now(): Instant {
    return Math.floor(this.#now) as Instant
  }

  /** Milliseconds since the beginning, with fractions. */
  elapsed(): number {
    return this.#now - this.#start
  }

  /** Calls back after `ms`. @returns cancels */
  after(ms: number, callback: () => void): () => void {
    this.#order += 1
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order, callback, cancelled: false }
    this.#push(timer)
    return () => {
      timer.cancelled = true
    }
  }

  /**
   * Calls back after `ms`, and again where it is an interval, as long as something else is still to come.
   * @returns cancels
   */
  beside(ms: number, callback: () => void, again: boolean): () => void {
    const daemon = { at: this.#now + Math.max(1, ms), everyMs: again ? Math.max(1, ms) : null, callback }
    this.#daemons.add(daemon)
    return () => {
      this.#daemons.delete(daemon)
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Runs until nothing is planned any more; what is due after the limit stays planned. @returns false where the limit came first */
  async run(limitMs: number): Promise<boolean> {
    await drained()
    for (;;) {
      const due = this.#heap[0]
      if (!due) return true
      if (!due.cancelled && due.at - this.#start > limitMs) return false
      const timer = this.#pop()!
      if (timer.cancelled) continue
      this.#runBeside(timer.at)
      this.#now = timer.at
      timer.callback()
      await drained()
    }
  }

  /** What is due beside, up to an instant; in order of time, and set earlier first. */
  #runBeside(until: number): void {
    for (let rounds = 0; rounds < IDLE_ROUNDS_MAX * (this.#daemons.size + 1); rounds += 1) {
      let first: Daemon | null = null
      for (const each of this.#daemons) if (each.at <= until && (!first || each.at < first.at)) first = each
      if (!first) return
      this.#now = first.at
      if (first.everyMs === null) this.#daemons.delete(first)
      else first.at += first.everyMs
      first.callback()
    }
    for (const each of this.#daemons) {
      if (each.everyMs !== null && each.at <= until)
        each.at += Math.ceil((until - each.at + 1) / each.everyMs) * each.everyMs
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let index = heap.push(timer) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(timer, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = timer
  }

  #pop(): Timer | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || first === last) return first
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1
      if (!before(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
    return first
  }
}

function before(one: Timer, other: Timer): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
