/** One call on its way through a channel, and a list of calls. */
import type { Message } from '../extension/dialect.ts'
import type { Destination } from './destinations.ts'
import { type Refused, TransportFault } from './fault.ts'
import type { Heard } from './network.ts'

/**
 * The two kinds of traffic to a destination, each with a limit, a breaker and a latency estimate of its own: `changes`
 * (whatever changes something, money above all) and `questions`. One per operation would see too few calls to notice
 * anything; what matters is that a flood of questions never takes the slots of settlements.
 */
export type Traffic = 'changes' | 'questions'

/** What is to be sent. */
export interface Sending {
  readonly destination: Destination
  readonly traffic: Traffic
  readonly body: Buffer
  /** Made for each attempt when it leaves: names and values by turns, the type of the body among them; absent: JSON. */
  readonly headers?: () => readonly string[]
  /** The message that the body encodes; probes reuse its head. */
  readonly message: Message
  /** Milliseconds until the answer must be there, the time in the queue included. */
  readonly budgetMs: number
  /** `recovery`: no caller waits for it, and it may ask a destination that is down. */
  readonly from: 'caller' | 'recovery'
}

/** An answer, and how long its call was in the queue. */
export interface CallResult<Answer> {
  readonly answer: Answer
  readonly queueMs: number
}

/** One call. */
export class Call {
  readonly sending: Sending
  readonly url: string
  readonly read: (answer: Buffer, heard?: Heard) => unknown
  /** When it came and when its budget ends, in milliseconds of the monotonic clock. */
  readonly cameAt: number
  readonly until: number
  /** When it left; until then, when it came. */
  leftAt: number
  /** The same moment in the time of `EventLoop.ran`. */
  leftRan = 0
  /** Attempts that left, and those without an answer yet. */
  attempts = 0
  pending = 0
  ended = false
  /** The epoch of its channel in which it left. */
  epoch = 0
  /** Cancels the timer that ends its time in the queue. */
  cancelWait: (() => void) | null = null
  previous: Call | null = null
  next: Call | null = null
  readonly #resolve: (sent: CallResult<unknown>) => void
  readonly #reject: (fault: TransportFault) => void

  constructor(
    sending: Sending,
    url: string,
    read: (answer: Buffer, heard?: Heard) => unknown,
    now: number,
    resolve: (sent: CallResult<never>) => void,
    reject: (fault: TransportFault) => void,
  ) {
    this.sending = sending
    this.url = url
    this.read = read
    this.cameAt = now
    this.until = now + sending.budgetMs
    this.leftAt = now
    this.#resolve = resolve as (sent: CallResult<unknown>) => void
    this.#reject = reject
  }

  get queueMs(): number {
    return this.leftAt - this.cameAt
  }

  resolve(answer: unknown): void {
    this.ended = true
    this.#resolve({ answer, queueMs: this.queueMs })
  }

  fail(message: string, cause: unknown): void {
    this.ended = true
    this.#reject(new TransportFault(message, { cause, queueMs: this.queueMs }))
  }

  /** Ends it; nothing has left. */
  refuse(now: number, message: string, refused: Refused, cause?: unknown): void {
    this.ended = true
    const queueMs = this.attempts > 0 ? this.queueMs : now - this.cameAt
    this.#reject(new TransportFault(message, { cause, refused, queueMs }))
  }
}

/** Calls in the order in which they were added. A call is in one list at a time. */
export class CallList {
  #first: Call | null = null
  #last: Call | null = null

  get first(): Call | null {
    return this.#first
  }

  get last(): Call | null {
    return this.#last
  }

  add(call: Call): void {
    call.previous = this.#last
    call.next = null
    if (this.#last) this.#last.next = call
    else this.#first = call
    this.#last = call
  }

  remove(call: Call): void {
    if (call.previous) call.previous.next = call.next
    else this.#first = call.next
    if (call.next) call.next.previous = call.previous
    else this.#last = call.previous
  }

  clear(): void {
    this.#first = null
    this.#last = null
  }
}
