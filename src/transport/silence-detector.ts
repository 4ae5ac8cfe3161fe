/**
 * Watches the calls of a channel that are under way: notices that the destination has gone silent long before their
 * deadlines, and that a question is due for a hedge. It has a timer only while a call is under way. All its times are of
 * `EventLoop.ran`, which stands still while this process is late: our own delay is no silence of the destination.
 */
import type { EventLoop } from '../event-loop.ts'
import type { Clock } from '../ports.ts'
import { type Call, CallList } from './call.ts'
import type { Hedge } from './hedge.ts'
import type { LatencyEstimate } from './latency-estimate.ts'

/** The destination is silent if so many calls are late and no answer came for so long. */
const SILENT_CALLS = 3
const SILENT_MS = 250
/** A timer that is due at most this much too late is left as it is. */
const SLACK_MS = 25
/** After a delay of our own it looks a second time, so much later: answers that have arrived are read in between. */
const READ_MS = 2

/** What it calls back. */
interface Listener {
  /** The concurrency limit: if it is below `SILENT_CALLS`, fewer late calls are enough. */
  callsAtOnce(): number
  /** The destination is silent; `call` is the first that it does not answer. */
  silent(call: Call): void
  /** A question is due for a hedge. */
  hedge(call: Call): void
}

/** The silence detector of one channel. */
export class SilenceDetector {
  readonly #clock: Clock
  readonly #loop: EventLoop
  readonly #latency: LatencyEstimate
  readonly #hedge: Hedge
  readonly #listener: Listener
  readonly #underWay = new CallList()
  #heardAt = Number.NEGATIVE_INFINITY
  /** When the latest call that was answered had left. */
  #answeredLeftAt = Number.NEGATIVE_INFINITY
  #dueAt = Number.POSITIVE_INFINITY
  #cancelTimer: (() => void) | null = null
  /** The destination seemed silent at the last look. */
  #suspected = false
  /** Whether the event loop measures its delays for the calls under way here. */
  #measured = false

  constructor(
    { clock, loop }: { readonly clock: Clock; readonly loop: EventLoop },
    latency: LatencyEstimate,
    hedge: Hedge,
    listener: Listener,
  ) {
    this.#clock = clock
    this.#loop = loop
    this.#latency = latency
    this.#hedge = hedge
    this.#listener = listener
  }

  /** A call has left. */
  add(call: Call): void {
    if (!this.#measured) this.#loop.enter()
    this.#measured = true
    this.#underWay.add(call)
    this.#wakeBy(Math.min(call.leftRan + this.#latency.lateMs / 2, this.#hedge.dueAt(call)), call.leftRan)
  }

  remove(call: Call): void {
    this.#underWay.remove(call)
    if (this.#underWay.first === null) this.#rest()
  }

  /** Watches none of the calls under way any more. */
  clear(): void {
    this.#underWay.clear()
    this.#rest()
  }

  /** An answer came to a call that had left at `leftRan`. */
  heard(ran: number, leftRan: number): void {
    this.#heardAt = ran
    this.#answeredLeftAt = Math.max(this.#answeredLeftAt, leftRan)
  }

  /** When the last answer came. */
  get heardAt(): number {
    return this.#heardAt
  }

  close(): void {
    this.#cancelTimer?.()
    this.#rest()
  }

  #rest(): void {
    if (this.#measured) this.#loop.leave()
    this.#measured = false
  }

  /** When the destination counts as silent if no answer comes until then. */
  #silentAt(first: Call | null): number {
    let last = first
    const calls = Math.min(SILENT_CALLS, this.#listener.callsAtOnce())
    for (let place = 1; last && place < calls; place += 1) last = last.next
    if (!first || !last) return Number.POSITIVE_INFINITY
    const { lateMs } = this.#latency
    return Math.max(this.#heardAt + SILENT_MS, first.leftRan + lateMs, last.leftRan + lateMs / 2)
  }

  /** The first call that no later one has overtaken: an overtaken call is slow by itself and says nothing of the destination. */
  #firstInTurn(): Call | null {
    let first = this.#underWay.first
    while (first && first.leftRan < this.#answeredLeftAt) first = first.next
    return first
  }

  #look(): void {
    const elapsed = this.#clock.elapsed()
    const now = this.#loop.ran(elapsed)
    const wasLate = this.#loop.lastLateMs > 0 || this.#loop.lateMs(elapsed) > 0
    const first = this.#firstInTurn()
    const silentAt = this.#silentAt(first)
    if (!first || now < silentAt) {
      this.#suspected = false
      this.#wakeBy(Math.min(silentAt, this.#hedgeDue(now)), now)
    } else if (this.#suspected || !wasLate) {
      this.#suspected = false
      this.#listener.silent(first)
    } else {
      this.#suspected = true
      this.#wakeBy(now + READ_MS, now)
    }
  }

  /** Hedges the questions that are due. @returns when the next is due */
  #hedgeDue(now: number): number {
    for (let call = this.#underWay.first; call; call = call.next) {
      const dueAt = this.#hedge.dueAt(call)
      if (dueAt === Number.POSITIVE_INFINITY) continue
      if (dueAt > now) return dueAt
      this.#listener.hedge(call)
    }
    return Number.POSITIVE_INFINITY
  }

  #wakeBy(at: number, now: number): void {
    if (at === Number.POSITIVE_INFINITY || at >= this.#dueAt - SLACK_MS) return
    this.#cancelTimer?.()
    this.#dueAt = at
    this.#cancelTimer = this.#clock.after(Math.max(1, at - now), () => {
      this.#dueAt = Number.POSITIVE_INFINITY
      this.#cancelTimer = null
      this.#look()
    })
  }
}
