/**
 * One kind of traffic to one destination: its concurrency limit, queue and breaker. While the breaker is open no call of a
 * caller leaves; it closes when a probe of our own is answered.
 */
import type { EventLoop } from '../event-loop.ts'
import type { Clock } from '../ports.ts'
import { Breaker, type BreakerEvents, type Opening } from './breaker.ts'
import type { Call } from './call.ts'
import { AimdLimit } from './concurrency-limit.ts'
import { FairQueue } from './fair-queue.ts'
import { type Refused, UNREACHED_AGAIN_MS } from './fault.ts'
import { Hedge } from './hedge.ts'
import { LatencyEstimate } from './latency-estimate.ts'
import { type Heard, type Network, NetworkFault } from './network.ts'
import { SilenceDetector } from './silence-detector.ts'

/** Share of its budget that a call may spend in the queue. */
const WAIT_SHARE = 1 / 2
/** Delays of our own up to this are ignored. */
const STOOD_MS = 50
/** Epoch of calls made while the breaker is open; they use no slot and are not watched for silence. */
const PROBE_EPOCH = -1

/** What a channel needs and what it calls back. */
export interface ChannelPorts {
  readonly network: Network
  readonly clock: Clock
  /** Measures our own delays, which are no fault of a destination. */
  readonly loop: EventLoop
  /** The breaker has opened; `call` is one of those without an answer. */
  down(call: Call): void
  /** An answer came while the breaker is open; `isNew` if its call left since the opening. */
  heard(isNew: boolean): void
  /** A real call was answered after the breaker had closed. */
  proven(): void
  /** Milliseconds until the next probe. */
  againMs(): number
}

/** One channel. */
export class Channel {
  /** Over the last answers, to detect silence; over hundreds, to tell which answers are late. */
  readonly latency = new LatencyEstimate(1 / 16)
  readonly #longTerm = new LatencyEstimate(1 / 1024)
  readonly #limit = new AimdLimit()
  readonly #breaker = new Breaker()
  readonly #hedge = new Hedge(this.latency)
  readonly #ports: ChannelPorts
  readonly #silence: SilenceDetector
  readonly #waiting = new FairQueue()
  #inFlight = 0
  /** Counts the openings of the breaker; a call belongs to the epoch in which it left. */
  #epoch = 0
  /** The breaker has closed and no real call was answered since. */
  #onTrial = false
  /** A question of recovery is under way while the breaker is open. */
  #isProbing = false
  #turnedAway = 0

  constructor(ports: ChannelPorts) {
    this.#ports = ports
    this.#silence = new SilenceDetector(ports, this.latency, this.#hedge, {
      callsAtOnce: () => this.#limit.value,
      silent: (call) => this.#goDown(call, 'silence'),
      hedge: (call) => this.#sendHedge(call),
    })
  }

  get isDown(): boolean {
    return this.#breaker.isOpen
  }

  /** What its breaker has counted since the start. */
  get breakerEvents(): BreakerEvents {
    return this.#breaker.events
  }

  /** Calls that wait for an answer or in the queue. */
  get pending(): number {
    return this.#inFlight + this.#waiting.size
  }

  /** For operators and metrics. */
  status() {
    const { value: limit } = this.#limit
    const { meanMs, answers } = this.latency
    return {
      opening: this.#breaker.opening,
      limit,
      inFlight: this.#inFlight,
      waiting: this.#waiting.size,
      usualMs: answers > 0 ? Math.round(meanMs * 10) / 10 : null,
      turnedAway: this.#turnedAway,
    }
  }

  /** Takes a call: it leaves, waits, or is refused. */
  take(call: Call): void {
    if (call.sending.budgetMs <= 0) this.#refuse(call, 'late')
    else if (this.isDown) this.#takeWhileDown(call)
    else if (this.#waiting.size === 0 && this.#inFlight < this.#limit.value) this.#start(call, call.cameAt)
    else this.#wait(call)
  }

  /** Why a caller's message cannot leave now; null if it may. A refusal counts as turned away. */
  refusal(): Refused | null {
    if (!this.isDown) return null
    this.#turnedAway += 1
    this.#breaker.rejected()
    return this.#refused('down')
  }

  /** The destination has answered a probe: calls may leave again, one at first. */
  up(): void {
    if (!this.isDown) return
    this.#breaker.close()
    this.#onTrial = true
    this.#limit.restart()
  }

  /** Ends its timers and refuses the calls in the queue. */
  close(): void {
    this.#silence.close()
    this.#refuseWaiting()
    this.#breaker.shutdown()
  }

  #wait(call: Call): void {
    const out = this.#waiting.add(call)
    if (out !== call) {
      call.cancelWait = this.#ports.clock.after(call.sending.budgetMs * WAIT_SHARE, () => {
        this.#waiting.remove(call)
        this.#refuse(call, 'busy')
      })
    }
    if (!out) return
    out.cancelWait?.()
    this.#refuse(out, 'busy')
  }

  /** While the breaker is open recovery may ask one question at a time: an answer shows that the destination is back. */
  #takeWhileDown(call: Call): void {
    const { from, traffic } = call.sending
    if (from === 'recovery' && traffic === 'questions' && !this.#isProbing) {
      this.#isProbing = true
      call.epoch = PROBE_EPOCH
      this.#attempt(call, call.cameAt)
    } else this.#refuse(call, 'down')
  }

  #refuse(call: Call, why: Refused['why'], cause?: unknown): void {
    this.#turnedAway += 1
    if (why === 'down') this.#breaker.rejected()
    call.refuse(this.#ports.clock.elapsed(), why, this.#refused(why), cause)
  }

  #refused(why: Refused['why']): Refused {
    const since = why === 'down' ? (this.#breaker.opening?.since ?? null) : null
    return { why, since, againMs: this.#againMs(why) }
  }

  #againMs(why: Refused['why']): number {
    if (why === 'down') return this.#ports.againMs()
    return why === 'busy' ? this.latency.meanMs : UNREACHED_AGAIN_MS
  }

  #refuseWaiting(): void {
    for (let call = this.#waiting.take(); call; call = this.#waiting.take()) {
      call.cancelWait?.()
      this.#refuse(call, 'down')
    }
  }

  #start(call: Call, now: number): void {
    call.leftAt = now
    call.leftRan = this.#ports.loop.ran(now)
    call.epoch = this.#epoch
    this.#hedge.earn()
    this.#attempt(call, now)
    this.#silence.add(call)
  }

  #attempt(call: Call, now: number): void {
    call.attempts += 1
    call.pending += 1
    if (call.epoch === this.#epoch) this.#inFlight += 1
    const leftRan = this.#ports.loop.ran(now)
    let heard: Heard | undefined
    const hear = (how: Heard) => {
      heard = how
    }
    const { body, headers } = call.sending
    this.#ports.network.post(call.url, body, call.until - now, hear, headers).then(
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
    const now = this.#ports.clock.elapsed()
    const ran = this.#ports.loop.ran(now)
    const tookMs = ran - leftRan
    const { lateMs } = this.#longTerm
    this.#silence.heard(ran, leftRan)
    if (call.epoch === this.#epoch) {
      this.#breaker.succeeded(now)
      this.#limit.answered(tookMs > lateMs, this.#inFlight, now, lateMs)
      if (this.#onTrial) this.#ports.proven()
      this.#onTrial = false
    }
    this.latency.learn(tookMs)
    this.#longTerm.learn(tookMs)
    this.#release(call)
    if (!call.ended) {
      this.#leave(call)
      call.resolve(answer)
    }
    if (this.isDown) this.#ports.heard(call.epoch === PROBE_EPOCH)
    this.#fill()
  }

  #failed(call: Call, cause: unknown): void {
    const now = this.#ports.clock.elapsed()
    this.#release(call)
    const isLast = call.pending === 0 && !call.ended
    if (isLast) this.#leave(call)
    if (call.epoch === this.#epoch && !this.isDown && this.#isItsFault(call, now)) {
      const opened = this.#breaker.failed(now)
      this.#limit.failed(now, this.latency.lateMs)
      if (opened || this.#onTrial) this.#goDown(call, 'faults')
    }
    if (isLast) this.#end(call, cause, now)
    this.#fill()
  }

  /**
   * Whether a failure is the destination's. If the deadline of the call has passed, it is only if the call had at least the
   * time after which an answer is late, or no answer came since it left. A caller's short deadline is no fault of the
   * destination, and neither are our own delays.
   */
  #isItsFault(call: Call, now: number): boolean {
    if (now < call.until) return true
    const ran = this.#ports.loop.ran(now)
    if (ran - call.leftRan >= this.latency.lateMs) return true
    const stoodMs = now - call.leftAt - (ran - call.leftRan)
    return stoodMs < STOOD_MS && this.#silence.heardAt < call.leftRan
  }

  /** A call is unsent only if its one attempt was. */
  #end(call: Call, cause: unknown, now: number): void {
    if (cause instanceof NetworkFault && !cause.sent && call.attempts === 1)
      this.#refuse(call, now >= call.until ? 'late' : 'unreached', cause)
    else call.fail(cause instanceof Error ? cause.message : String(cause), cause)
  }

  /** An attempt is over. Slots of a former epoch were released when the breaker opened. */
  #release(call: Call): void {
    call.pending -= 1
    if (call.epoch === this.#epoch) this.#inFlight -= 1
    else if (call.epoch === PROBE_EPOCH) this.#isProbing = false
  }

  #leave(call: Call): void {
    if (call.epoch === this.#epoch) this.#silence.remove(call)
  }

  /** Fills free slots from the queue. */
  #fill(): void {
    while (!this.isDown && this.#waiting.size > 0 && this.#inFlight < this.#limit.value) {
      const call = this.#waiting.take()!
      call.cancelWait?.()
      this.#start(call, this.#ports.clock.elapsed())
    }
  }

  /** Sends a hedge if a slot is free and nobody waits for it. */
  #sendHedge(call: Call): void {
    const room = this.#waiting.size === 0 && this.#inFlight < this.#limit.value
    if (room && this.#hedge.spend()) this.#attempt(call, this.#ports.clock.elapsed())
  }

  #goDown(call: Call, why: Opening['why']): void {
    this.#breaker.open({ since: this.#ports.clock.now(), why })
    this.#epoch += 1
    this.#inFlight = 0
    this.#silence.clear()
    this.#onTrial = false
    this.#ports.down(call)
    this.#refuseWaiting()
  }
}
