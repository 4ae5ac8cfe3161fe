/**
 * Looks after the calls of a channel that are under way: notices when the destination has gone silent, long before their
 * deadlines, and when a question has waited long enough to be asked again. There is a timer only while something is. All
 * its moments are of `EventLoop.ran`: a time in which this process heard nobody is no silence of the destination.
 */
import type { EventLoop } from '../event-loop.ts'
import type { Clock } from '../ports.ts'
import { type Call, CallList } from './call.ts'
import type { Hedge } from './hedge.ts'
import type { UsualTime } from './usual.ts'

/** So many calls must be waiting, and nothing be heard for so long, before silence is silence. */
const SILENT_CALLS = 3
const SILENT_MS = 250
/** A timer that is due this little later than wanted is left as it is. */
const SLACK_MS = 25
/** After a delay of ours, what has arrived meanwhile is read before silence is silence: so long after it looks again. */
const READ_MS = 2

/** Whom it tells. */
interface Listener {
  /** Calls at once that the channel takes: where these are fewer, fewer must be waiting. */
  callsAtOnce(): number
  /** The destination is silent. */
  silent(call: Call): void
  /** A question has waited long enough. */
  again(call: Call): void
}

/** The lookout of one channel. */
export class Lookout {
  readonly #clock: Clock
  readonly #loop: EventLoop
  readonly #usual: UsualTime
  readonly #hedge: Hedge
  readonly #listener: Listener
  readonly #underWay = new CallList()
  #heardAt = Number.NEGATIVE_INFINITY
  /** When the latest of the calls left that were answered. */
  #answeredLeftAt = Number.NEGATIVE_INFINITY
  #dueAt = Number.POSITIVE_INFINITY
  #cancelTimer: (() => void) | null = null
  /** Seemed silent when it looked last. */
  #suspected = false
  /** The loop's time is measured for what is under way here. */
  #measured = false

  constructor(
    { clock, loop }: { readonly clock: Clock; readonly loop: EventLoop },
    usual: UsualTime,
    hedge: Hedge,
    listener: Listener,
  ) {
    this.#clock = clock
    this.#loop = loop
    this.#usual = usual
    this.#hedge = hedge
    this.#listener = listener
  }

  /** A call has left. */
  add(call: Call): void {
    if (!this.#measured) this.#loop.enter()
    this.#measured = true
    this.#underWay.add(call)
    this.#wakeBy(Math.min(call.leftRan + this.#usual.lateMs / 2, this.#hedge.dueAt(call)), call.leftRan)
  }

  remove(call: Call): void {
    this.#underWay.remove(call)
    if (this.#underWay.first === null) this.#rest()
  }

  /** What is under way is not waited for any more. */
  clear(): void {
    this.#underWay.clear()
    this.#rest()
  }

  /** An answer came, to what left at `leftRan`. */
  heard(ran: number, leftRan: number): void {
    this.#heardAt = ran
    this.#answeredLeftAt = Math.max(this.#answeredLeftAt, leftRan)
  }

  /** When an answer came last. */
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

  /** When silence is silence, where nothing is heard meanwhile. */
  #silentAt(first: Call | null): number {
    let last = first
    const calls = Math.min(SILENT_CALLS, this.#listener.callsAtOnce())
    for (let place = 1; last && place < calls; place += 1) last = last.next
    if (!first || !last) return Number.POSITIVE_INFINITY
    const { lateMs } = this.#usual
    return Math.max(this.#heardAt + SILENT_MS, first.leftRan + lateMs, last.leftRan + lateMs / 2)
  }

  /** The first call that no later one has overtaken: one that was is slow by itself and says nothing of the destination. */
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
      this.#wakeBy(Math.min(silentAt, this.#askAgain(now)), now)
    } else if (this.#suspected || !wasLate) {
      this.#suspected = false
      this.#listener.silent(first)
    } else {
      this.#suspected = true
      this.#wakeBy(now + READ_MS, now)
    }
  }

  /** Has asked a second time what is due. @returns when the next is */
  #askAgain(now: number): number {
    for (let call = this.#underWay.first; call; call = call.next) {
      const dueAt = this.#hedge.dueAt(call)
      if (dueAt === Number.POSITIVE_INFINITY) continue
      if (dueAt > now) return dueAt
      this.#listener.again(call)
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
