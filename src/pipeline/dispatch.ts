/** Sends a message to its destination and says what came of it. The only caller of the transport. */
import type { Dialect, Message, Reply } from '../extension/dialect.ts'
import type { Clock } from '../ports.ts'
import type { Sending } from '../transport/call.ts'
import { type Destination, destinationOf } from '../transport/destinations.ts'
import { type Refused, TransportFault } from '../transport/fault.ts'
import type { Transport } from '../transport/transport.ts'

/** A call that could not leave: why, or null where the platform says that it has not passed it on. */
export interface NotSent {
  readonly event: 'not-sent'
  readonly reason: string | null
  readonly text: string
  readonly refused: Refused | null
}

/** What came of a call. */
export type Dispatched = {
  readonly destination: Destination
  /** Milliseconds that it waited for room, and that the counterpart took, its network included. */
  readonly queueMs: number
  readonly counterpartMs: number
} & (
  | { readonly event: 'yes'; readonly reply: Extract<Reply, { verdict: 'yes' }>; readonly body: Buffer }
  | { readonly event: 'no' | 'no-answer'; readonly reason: string | null; readonly text: string }
  | NotSent
)

/** What dispatching needs. */
export interface Dispatcher {
  readonly dialect: Dialect
  readonly transport: Transport
  readonly clock: Clock
  readonly deadlineMs: number
  readonly queryDeadlineMs: number
}

/** Who sends, and until when the answer must be there by the monotonic clock; null: as long as is usual from now on. */
export interface Sender {
  readonly from: Sending['from']
  readonly until: number | null
}

/** A party behind the platform that did not answer; thrown so that it counts against the destination. */
export class Unclear extends Error {
  readonly reason: string | null

  constructor(reason: string | null, text: string) {
    super(text)
    this.reason = reason
  }
}

/** Whether an operation only asks: it may be asked again, and nothing is unknown when its answer is lost. */
export function isQuestion(message: Pick<Message, 'operation'>): boolean {
  return ['session', 'query', 'trial'].includes(message.operation.kind)
}

/** How long a message may take altogether. */
export function longestMs(
  { deadlineMs, queryDeadlineMs }: Pick<Dispatcher, 'deadlineMs' | 'queryDeadlineMs'>,
  message: Message,
): number {
  return isQuestion(message) ? queryDeadlineMs : deadlineMs
}

/**
 * Sends.
 *
 * @param bytes the message as it was made durable
 * @returns never throws for what a network or a platform may do
 */
export async function dispatch(
  dispatcher: Dispatcher,
  message: Message,
  bytes: Buffer,
  { from, until }: Sender,
): Promise<Dispatched> {
  const { dialect, transport, clock } = dispatcher
  const destination = destinationOf(message.insuredArea, message.treatmentArea)
  const traffic = isQuestion(message) ? 'questions' : 'changes'
  const start = clock.elapsed()
  const budgetMs = until === null ? longestMs(dispatcher, message) : until - start
  const spent = (queueMs: number) => ({
    destination,
    queueMs,
    counterpartMs: clock.elapsed() - start - queueMs,
  })
  try {
    const sending = { destination, traffic, body: bytes, message, budgetMs, from } as const
    const { answer, queueMs } = await transport.send(sending, (body) => {
      const reply = dialect.decode(message, body)
      if (reply.verdict === 'unclear') throw new Unclear(reply.reason, reply.text)
      return { reply, body }
    })
    const { reply, body } = answer
    if (reply.verdict === 'yes') return { ...spent(queueMs), event: 'yes', reply, body }
    const { reason, text } = reply
    if (reply.verdict === 'later')
      return { ...spent(queueMs), event: 'not-sent', reason, text, refused: null }
    return { ...spent(queueMs), event: 'no', reason, text }
  } catch (cause) {
    if (!(cause instanceof TransportFault)) throw cause
    const { refused, queueMs } = cause
    if (refused) return { ...spent(queueMs), event: 'not-sent', reason: null, text: '', refused }
    const unclear = cause.cause instanceof Unclear ? cause.cause : null
    const text = unclear?.message ?? '未给出可读的答复'
    return { ...spent(queueMs), event: 'no-answer', reason: unclear?.reason ?? null, text }
  }
}
