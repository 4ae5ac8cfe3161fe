/** Sends a message to its destination and says what came of it. The only caller of the transport. */
import type { Dialect, Message, Reply } from '../extension/dialect.ts'
import type { Clock } from '../ports.ts'
import { type Destination, destinationOf, type Transport, TransportFault } from '../transport/destinations.ts'

/** What came of a call. */
export type Dispatched = {
  readonly destination: Destination
  /** Milliseconds that the counterpart took, its network included. */
  readonly counterpartMs: number
} & (
  | { readonly event: 'yes'; readonly reply: Extract<Reply, { verdict: 'yes' }>; readonly body: Buffer }
  | { readonly event: 'no'; readonly reason: string | null; readonly text: string }
  | { readonly event: 'no-answer' | 'not-sent'; readonly reason: string | null; readonly text: string }
)

/** What dispatching needs. */
export interface Dispatcher {
  readonly dialect: Dialect
  readonly transport: Transport
  readonly clock: Clock
  readonly deadlineMs: number
  readonly queryDeadlineMs: number
}

/** A party behind the platform that did not answer; thrown so that it counts against the destination. */
class Unclear extends Error {
  readonly reason: string | null

  constructor(reason: string | null, text: string) {
    super(text)
    this.reason = reason
  }
}

/** Whether an operation only asks: it may be asked again, and nothing is unknown when its answer is lost. */
export function isQuestion(message: Message): boolean {
  return ['session', 'query', 'trial'].includes(message.operation.kind)
}

/**
 * Sends.
 *
 * @param bytes the message as it was made durable
 * @returns never throws for what a network or a platform may do
 */
export async function dispatch(dispatcher: Dispatcher, message: Message, bytes: Buffer): Promise<Dispatched> {
  const { dialect, transport, clock, deadlineMs, queryDeadlineMs } = dispatcher
  const destination = destinationOf(message.insuredArea, message.treatmentArea)
  const limit = isQuestion(message) ? queryDeadlineMs : deadlineMs
  const start = clock.elapsed()
  const spent = () => ({ destination, counterpartMs: clock.elapsed() - start })
  try {
    const answered = await transport.send(destination, bytes, limit, (body) => {
      const reply = dialect.decode(message, body)
      if (reply.verdict === 'unclear') throw new Unclear(reply.reason, reply.text)
      return { reply, body }
    })
    const { reply, body } = answered
    if (reply.verdict === 'later')
      return { ...spent(), event: 'not-sent', reason: reply.reason, text: reply.text }
    if (reply.verdict === 'yes') return { ...spent(), event: 'yes', reply, body }
    return { ...spent(), event: 'no', reason: reply.reason, text: reply.text }
  } catch (cause) {
    if (!(cause instanceof TransportFault)) throw cause
    const unclear = cause.cause instanceof Unclear ? cause.cause : null
    const text = unclear?.message ?? (cause.sent ? '未给出可读的答复' : '暂时连接不上')
    return { ...spent(), event: cause.sent ? 'no-answer' : 'not-sent', reason: unclear?.reason ?? null, text }
  }
}
