/** Virtual time: nothing waits, the next timer is simply due. */
import type { Instant } from '../../src/domain/day.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
  cancelled: boolean
}

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
      this.#now = timer.at
      timer.callback()
      await drained()
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
