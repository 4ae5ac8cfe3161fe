/**
 * Looks after the calls of a channel that are under way: notices when the destination has gone silent, long before their
 * deadlines, and when a question has waited long enough to be asked again. There is a timer only while something is.
 */
import type { Clock } from '../ports.ts'
import { type Call, CallList } from './call.ts'
import type { Hedge } from './hedge.ts'
import type { UsualTime } from './usual.ts'

/** So many calls must be waiting, and nothing be heard for so long, before silence is silence. */
const SILENT_CALLS = 3
const SILENT_MS = 250
/** A timer that is due this little later than wanted is left as it is. */
const SLACK_MS = 25
/** A timer that is so late says that nothing could be heard meanwhile. */
const STALL_MS = 50

/** Whom it tells. */
interface Listener {
  /** Calls at once that the channel takes: where these are fewer, fewer must be waiting. */
  callsAtOnce(): number
  /** The destination is silent. */
  silent(call: Call): void
  /** A question has waited long enough. */
  again(call: Call, now: number): void
}

/** The lookout of one channel. */
export class Lookout {
  readonly #clock: Clock
  readonly #usual: UsualTime
  readonly #hedge: Hedge
  readonly #listener: Listener
  readonly #underWay = new CallList()
  #heardAt = Number.NEGATIVE_INFINITY
  /** When the latest of the calls left that were answered. */
  #answeredLeftAt = Number.NEGATIVE_INFINITY
  #dueAt = Number.POSITIVE_INFINITY
  #cancelTimer: (() => void) | null = null

  constructor(clock: Clock, usual: UsualTime, hedge: Hedge, listener: Listener) {
    this.#clock = clock
    this.#usual = usual
    this.#hedge = hedge
    this.#listener = listener
  }

  /** A call has left. */
  add(call: Call, now: number): void {
    this.#underWay.add(call)
    this.#wakeBy(Math.min(now + this.#usual.lateMs / 2, this.#hedge.dueAt(call)), now)
  }

  remove(call: Call): void {
    this.#underWay.remove(call)
  }

  /** What is under way is not waited for any more. */
  clear(): void {
    this.#underWay.clear()
  }

  /** An answer came. */
  heard(now: number, leftAt: number): void {
    this.#heardAt = now
    this.#answeredLeftAt = Math.max(this.#answeredLeftAt, leftAt)
  }

  close(): void {
    this.#cancelTimer?.()
  }

  /** When silence is silence, where nothing is heard meanwhile. */
  #silentAt(first: Call | null): number {
    let last = first
    const calls = Math.min(SILENT_CALLS, this.#listener.callsAtOnce())
    for (let place = 1; last && place < calls; place += 1) last = last.next
    if (!first || !last) return Number.POSITIVE_INFINITY
    const { lateMs } = this.#usual
    return Math.max(this.#heardAt + SILENT_MS, first.leftAt + lateMs, last.leftAt + lateMs / 2)
  }

  /** The first call that no later one has overtaken: one that was is slow by itself and says nothing of the destination. */
  #firstInTurn(): Call | null {
    let first = this.#underWay.first
    while (first && first.leftAt < this.#answeredLeftAt) first = first.next
    return first
  }

  /** @param at when it wanted to look */
  #look(at: number): void {
    const now = this.#clock.elapsed()
    // This process stood still itself: answers may lie there that it has not read yet.
    if (now - at > STALL_MS) this.#heardAt = now
    const first = this.#firstInTurn()
    const silentAt = this.#silentAt(first)
    if (first && now >= silentAt) this.#listener.silent(first)
    else this.#wakeBy(Math.min(silentAt, this.#askAgain(now)), now)
  }

  /** Has asked a second time what is due. @returns when the next is */
  #askAgain(now: number): number {
    for (let call = this.#underWay.first; call; call = call.next) {
      const dueAt = this.#hedge.dueAt(call)
      if (dueAt === Number.POSITIVE_INFINITY) continue
      if (dueAt > now) return dueAt
      this.#listener.again(call, now)
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
      this.#look(at)
    })
  }
}
