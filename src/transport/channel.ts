/**
 * One kind of traffic to one destination: its room, its queue, its breaker. While the breaker is open nothing of a caller's
 * leaves; a question of our own that is answered closes it.
 */
import type { EventLoop } from '../event-loop.ts'
import type { Clock } from '../ports.ts'
import { Breaker, type BreakerEvents, type Opening } from './breaker.ts'
import type { Call } from './call.ts'
import { FairQueue } from './fair-queue.ts'
import { type Refused, UNREACHED_AGAIN_MS } from './fault.ts'
import { Hedge } from './hedge.ts'
import { Limit } from './limit.ts'
import { Lookout } from './lookout.ts'
import { type Heard, type Network, NetworkFault } from './network.ts'
import { UsualTime } from './usual.ts'

/** What has waited this share of its budget for room would leave with too little time for its answer. */
const WAIT_SHARE = 1 / 2
/** Our own delays during a call are none up to this. */
const STOOD_MS = 50
/** What is asked while the destination is down counts for no room and no silence. */
const BESIDE = -1

/** What a channel works with, and whom it tells. */
export interface Surroundings {
  readonly network: Network
  readonly clock: Clock
  /** Its delays are no destination's. */
  readonly loop: EventLoop
  /** It is down; `call` is one of those that were not answered. */
  down(call: Call): void
  /** Something was heard although it is down; `now` where the question was asked since. */
  heard(now: boolean): void
  /** A real call was answered after the destination came back. */
  proven(): void
  /** Milliseconds until the destination is asked again. */
  againMs(): number
}

/** A channel. */
export class Channel {
  /** What is usual just now, for silence; and over hundreds of answers, for what is too slow. */
  readonly usual = new UsualTime(1 / 16)
  readonly #normal = new UsualTime(1 / 1024)
  readonly #limit = new Limit()
  readonly #breaker = new Breaker()
  readonly #hedge = new Hedge(this.usual)
  readonly #around: Surroundings
  readonly #lookout: Lookout
  readonly #waiting = new FairQueue()
  #inFlight = 0
  #era = 0
  /** Came back, and no real call was answered yet. */
  #onTrial = false
  /** Recovery asks something while it is down. */
  #asked = false
  #turnedAway = 0

  constructor(around: Surroundings) {
    this.#around = around
    this.#lookout = new Lookout(around, this.usual, this.#hedge, {
      callsAtOnce: () => this.#limit.value,
      silent: (call) => this.#goDown(call, 'silence'),
      again: (call) => this.#askAgain(call),
    })
  }

  get isDown(): boolean {
    return this.#breaker.isOpen
  }

  /** What its breaker has counted since the start. */
  get breakerEvents(): BreakerEvents {
    return this.#breaker.events
  }

  /** Calls that wait for its answer, or for room. */
  get pending(): number {
    return this.#inFlight + this.#waiting.size
  }

  /** How it stands, for people and for figures. */
  standing() {
    const { value: limit } = this.#limit
    const { meanMs, answers } = this.usual
    return {
      opening: this.#breaker.opening,
      limit,
      inFlight: this.#inFlight,
      waiting: this.#waiting.size,
      usualMs: answers > 0 ? Math.round(meanMs * 10) / 10 : null,
      turnedAway: this.#turnedAway,
    }
  }

  /** Takes a call in: it leaves, waits, or is refused. */
  take(call: Call): void {
    if (call.sending.budgetMs <= 0) this.#refuse(call, 'late')
    else if (this.isDown) this.#takeWhileDown(call)
    else if (this.#waiting.size === 0 && this.#inFlight < this.#limit.value) this.#start(call, call.cameAt)
    else this.#wait(call)
  }

  /** Why a caller's message cannot leave just now; null where it may. What is refused by this is turned away. */
  refusal(): Refused | null {
    if (!this.isDown) return null
    this.#turnedAway += 1
    this.#breaker.rejected()
    return this.#refused('down')
  }

  /** The destination has answered a question of ours: customers may come, one first. */
  up(): void {
    if (!this.isDown) return
    this.#breaker.close()
    this.#onTrial = true
    this.#limit.restart()
  }

  /** Ends its timers and refuses what waits. */
  close(): void {
    this.#lookout.close()
    this.#refuseWaiting()
    this.#breaker.shutdown()
  }

  #wait(call: Call): void {
    const out = this.#waiting.add(call)
    if (out !== call) {
      call.cancelWait = this.#around.clock.after(call.sending.budgetMs * WAIT_SHARE, () => {
        this.#waiting.remove(call)
        this.#refuse(call, 'busy')
      })
    }
    if (!out) return
    out.cancelWait?.()
    this.#refuse(out, 'busy')
  }

  /** Recovery may ask a destination that is down, one question at a time: its answer is evidence of life. */
  #takeWhileDown(call: Call): void {
    const { from, traffic } = call.sending
    if (from === 'recovery' && traffic === 'questions' && !this.#asked) {
      this.#asked = true
      call.era = BESIDE
      this.#attempt(call, call.cameAt)
    } else this.#refuse(call, 'down')
  }

  #refuse(call: Call, why: Refused['why'], cause?: unknown): void {
    this.#turnedAway += 1
    if (why === 'down') this.#breaker.rejected()
    call.refuse(this.#around.clock.elapsed(), why, this.#refused(why), cause)
  }

  #refused(why: Refused['why']): Refused {
    const since = why === 'down' ? (this.#breaker.opening?.since ?? null) : null
    return { why, since, againMs: this.#againMs(why) }
  }

  #againMs(why: Refused['why']): number {
    if (why === 'down') return this.#around.againMs()
    return why === 'busy' ? this.usual.meanMs : UNREACHED_AGAIN_MS
  }

  #refuseWaiting(): void {
    for (let call = this.#waiting.take(); call; call = this.#waiting.take()) {
      call.cancelWait?.()
      this.#refuse(call, 'down')
    }
  }

  #start(call: Call, now: number): void {
    call.leftAt = now
    call.leftRan = this.#around.loop.ran(now)
    call.era = this.#era
    this.#hedge.earn()
    this.#attempt(call, now)
    this.#lookout.add(call)
  }

  #attempt(call: Call, now: number): void {
    call.attempts += 1
    call.pending += 1
    if (call.era === this.#era) this.#inFlight += 1
    const leftRan = this.#around.loop.ran(now)
    let heard: Heard | undefined
    const hear = (how: Heard) => {
      heard = how
    }
    const { body, contentType } = call.sending
    this.#around.network.post(call.url, body, call.until - now, hear, contentType).then(
      (answer) => this.#answered(call, answer, heard, leftRan),
      (cause) => this.#failed(call, cause),
    )
  }

  #answered(call: Call, bytes: Buffer, heard: Heard | undefined, leftRan: number): void {
    let answer: unknown
    try {
      answer = call.read(bytes, heard)
    } catch (cause) {
      this.#failed(call, cause)
      return
    }
    const now = this.#around.clock.elapsed()
    const ran = this.#around.loop.ran(now)
    const tookMs = ran - leftRan
    const { lateMs } = this.#normal
    this.#lookout.heard(ran, leftRan)
    if (call.era === this.#era) {
      this.#breaker.succeeded(now)
      this.#limit.answered(tookMs > lateMs, this.#inFlight, now, lateMs)
      if (this.#onTrial) this.#around.proven()
      this.#onTrial = false
    }
    this.usual.learn(tookMs)
    this.#normal.learn(tookMs)
    this.#giveBack(call)
    if (!call.ended) {
      this.#leave(call)
      call.resolve(answer)
    }
    if (this.isDown) this.#around.heard(call.era === BESIDE)
    this.#fill()
  }

  #failed(call: Call, cause: unknown): void {
    const now = this.#around.clock.elapsed()
    this.#giveBack(call)
    const isLast = call.pending === 0 && !call.ended
    if (isLast) this.#leave(call)
    if (call.era === this.#era && !this.isDown && this.#isItsFault(call, now)) {
      const opened = this.#breaker.failed(now)
      this.#limit.failed(now, this.usual.lateMs)
      if (opened || this.#onTrial) this.#goDown(call, 'faults')
    }
    if (isLast) this.#end(call, cause, now)
    this.#fill()
  }

  /**
   * Whether a failure is the destination's. A call whose time was over is, where it had as long as is late there, or nothing
   * was heard since it left; not where its time was spent by us: its caller's patience, and our own delays, are no silence.
   */
  #isItsFault(call: Call, now: number): boolean {
    if (now < call.until) return true
    const ran = this.#around.loop.ran(now)
    if (ran - call.leftRan >= this.usual.lateMs) return true
    const stoodMs = now - call.leftAt - (ran - call.leftRan)
    return stoodMs < STOOD_MS && this.#lookout.heardAt < call.leftRan
  }

  /** Nothing has left only where no attempt has. */
  #end(call: Call, cause: unknown, now: number): void {
    if (cause instanceof NetworkFault && !cause.sent && call.attempts === 1)
      this.#refuse(call, now >= call.until ? 'late' : 'unreached', cause)
    else call.fail(cause instanceof Error ? cause.message : String(cause), cause)
  }

  /** An attempt is over. What left before the channel went down has given its room back already. */
  #giveBack(call: Call): void {
    call.pending -= 1
    if (call.era === this.#era) this.#inFlight -= 1
    else if (call.era === BESIDE) this.#asked = false
  }

  #leave(call: Call): void {
    if (call.era === this.#era) this.#lookout.remove(call)
  }

  /** Gives free room to those that wait. */
  #fill(): void {
    while (!this.isDown && this.#waiting.size > 0 && this.#inFlight < this.#limit.value) {
      const call = this.#waiting.take()!
      call.cancelWait?.()
      this.#start(call, this.#around.clock.elapsed())
    }
  }

  /** A second question, where there is room that nobody waits for. */
  #askAgain(call: Call): void {
    const room = this.#waiting.size === 0 && this.#inFlight < this.#limit.value
    if (room && this.#hedge.spend()) this.#attempt(call, this.#around.clock.elapsed())
  }

  #goDown(call: Call, why: Opening['why']): void {
    this.#breaker.open({ since: this.#around.clock.now(), why })
    this.#era += 1
    this.#inFlight = 0
    this.#lookout.clear()
    this.#onTrial = false
    this.#around.down(call)
    this.#refuseWaiting()
  }
}
