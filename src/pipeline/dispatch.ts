/** The fourth step: sends a message to its destination and says what came of it. The only caller of the transport. */
import type { Dialect, Message } from '../extension/dialect.ts'
import type { Reply } from '../extension/reply.ts'
import { Unproven } from '../extension/unproven.ts'
import { followed, type MaybePromise } from '../journal/maybe-promise.ts'
import type { Clock } from '../ports.ts'
import type { Sending } from '../transport/call.ts'
import { type Destination, destinationOf } from '../transport/destinations.ts'
import { type Refused, TransportFault } from '../transport/fault.ts'
import type { Heard } from '../transport/network.ts'
import type { Transport } from '../transport/transport.ts'
import type { Begun, Sent, Services, Translated, Withheld } from './context.ts'
import { standsUnderAnother } from './owner.ts'
import { headersOf, readBack, type Sealed, type Speaks, sealedOf } from './spoken.ts'

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
  | {
      readonly event: 'yes'
      readonly reply: Extract<Reply, { verdict: 'yes' }>
      /** As it came, and the dialect in which it is. */
      readonly body: Buffer
      readonly dialect: Dialect
    }
  | { readonly event: 'no' | 'no-answer'; readonly reason: string | null; readonly text: string }
  | NotSent
)

/** What dispatching needs. */
export interface Dispatcher extends Speaks {
  readonly transport: Transport
  readonly clock: Clock
  readonly deadlineMs: number
  readonly queryDeadlineMs: number
}

/** A platform's yes. */
export type Yes = Extract<Reply, { verdict: 'yes' }>

/** Who sends, and until when the answer must be there by the monotonic clock; null: as long as is usual from now on. */
export interface Sender {
  readonly from: Sending['from']
  readonly until: number | null
  /** Whether a yes names what stands under another message already; absent: nothing does. */
  isOthers?(reply: Yes): MaybePromise<boolean>
}

/** A party behind the platform that did not answer; thrown so that it counts against the destination. */
export class NotAnswered extends Error {
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
  message: Pick<Message, 'operation'>,
): number {
  return isQuestion(message) ? queryDeadlineMs : deadlineMs
}

/** What is told of an answer that was read and proves nothing. */
const WORDS: Readonly<Record<Unproven['why'], string>> = {
  foreign: '返回的应答与本笔不符',
  twice: '返回了另一报文的应答',
  amounts: '返回的金额不平',
  closed: '返回的应答已加密或内容不全，无法读取',
  half: '答复仅部分办理成功',
  pending: '答复已受理但尚未办结',
}

/** What is told of a "no" that does not say that nothing was done. */
function doubtful(text: string): string {
  return `返回“${text}”，不能据此确定未办理`
}

type Readable = Extract<Reply, { verdict: 'yes' | 'no' | 'later' }>

/**
 * Reads an answer. What proves nothing is handed on, since the line has worked; after it, and after anything unreadable, the
 * connection is closed: whatever else it brings may be meant for another message.
 *
 * @throws what counts against the destination: no answer, or one that tells of silence behind it
 */
function readAnswer(
  dialect: Dialect,
  message: Message,
  body: Buffer,
  heard?: Heard,
  isOthers?: Sender['isOthers'],
): MaybePromise<Readable | Unproven> {
  try {
    const reply = dialect.decode(message, body, heard)
    if (reply.verdict !== 'yes' || !isOthers) return audible(dialect, message, reply)
    return followed(isOthers(reply), (others) => {
      if (!others) return reply
      heard?.close()
      return new Unproven('foreign', 'it stands under another message')
    })
  } catch (cause) {
    if (!(cause instanceof NotAnswered)) heard?.close()
    if (cause instanceof Unproven) return cause
    throw cause
  }
}

/**
 * A reply behind which nobody was silent.
 *
 * @throws {Unclear}
 */
export function audible(dialect: Dialect, message: Message, reply: Reply): Readable {
  if (reply.verdict === 'unclear') throw new NotAnswered(reply.reason, reply.text)
  if (reply.verdict === 'no' && dialect.weigh(message, reply) === 'silence') {
    throw new NotAnswered(reply.reason, doubtful(reply.text))
  }
  return reply
}

/** Whether the destination of a message that changes something is down. */
export function isDown(transport: Pick<Transport, 'isDown'>, message: Message): boolean {
  return transport.isDown(destinationOf(message.insuredArea, message.treatmentArea), 'changes')
}

/** What comes of a message whose destination is down; null where it may leave. */
export function refusedAtOnce(
  transport: Pick<Transport, 'isDown' | 'refusal'>,
  message: Message,
): Withheld['dispatched'] | null {
  const destination = destinationOf(message.insuredArea, message.treatmentArea)
  if (!transport.isDown(destination, 'changes')) return null
  const refused = transport.refusal(destination, 'changes')
  const nothing = { destination, queueMs: 0, counterpartMs: 0, reason: null, text: '' }
  return refused && { ...nothing, event: 'not-sent', refused }
}

/** Sends what has begun, as it was made durable; what is withheld stays. Never throws: it may have left. */
export async function send(services: Services, intent: Begun | Withheld): Promise<Sent> {
  if (intent.is === 'withheld') return { request: intent.request, intent, dispatched: intent.dispatched }
  const { exchange, until } = intent
  let { request } = intent
  try {
    // A further try goes out as the first did.
    const isFirst = exchange.sealed === null || exchange.sealed === request.sealed.bytes
    const sealed = isFirst ? request.sealed : sealedOf(services, exchange)
    // A door that makes up ids made one for each of two that came at once; what was begun has that of the first.
    if (exchange.message !== request.message.id) request = renamed(request, sealed)
    const { message, person, stopwatch } = request
    const isOthers = (reply: Yes) => standsUnderAnother(services.journal, message, person, reply)
    const dispatched = await dispatch(services, message, sealed, { from: 'caller', until, isOthers })
    stopwatch.called(dispatched.queueMs, dispatched.counterpartMs)
    return { request, intent, dispatched }
  } catch (cause) {
    services.reportFault(cause)
    const { insuredArea, treatmentArea } = request.message
    const destination = destinationOf(insuredArea, treatmentArea)
    const nothing = { destination, queueMs: 0, counterpartMs: 0 }
    return { request, intent, dispatched: { ...nothing, event: 'fault' } }
  }
}

/** The request as it was when its exchange was first begun. */
function renamed(request: Translated, sealed: Sealed): Translated {
  const { warnings } = request.message
  const message = readBack(sealed)
  return { ...request, message: warnings ? { ...message, warnings } : message }
}

/**
 * Sends.
 *
 * @param sealed the message as it was made durable
 * @returns never throws for what a network or a platform may do
 */
export async function dispatch(
  dispatcher: Dispatcher,
  message: Message,
  { dialect, bytes }: Sealed,
  { from, until, isOthers }: Sender,
): Promise<Dispatched> {
  const { transport, clock } = dispatcher
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
    const headers = headersOf(dispatcher, { dialect, bytes }, message)
    const sending = { destination, traffic, body: bytes, headers, message, budgetMs, from } as const
    const { answer, queueMs } = await transport.send(sending, (body, heard) => {
      const read = readAnswer(dialect, message, body, heard, isOthers)
      // Nobody waits for the answer of a call that has ended by then.
      if (read instanceof Promise) read.catch(() => {})
      return { read, body }
    })
    const { body } = answer
    const read = answer.read instanceof Promise ? await answer.read : answer.read
    if (read instanceof Unproven) {
      return { ...spent(queueMs), event: 'no-answer', reason: null, text: WORDS[read.why] }
    }
    if (read.verdict === 'yes') return { ...spent(queueMs), event: 'yes', reply: read, body, dialect }
    const { reason, text } = read
    if (read.verdict === 'later') return { ...spent(queueMs), event: 'not-sent', reason, text, refused: null }
    if (dialect.weigh(message, read) === 'doubt')
      return { ...spent(queueMs), event: 'no-answer', reason, text: doubtful(text) }
    return { ...spent(queueMs), event: 'no', reason, text }
  } catch (cause) {
    if (!(cause instanceof TransportFault)) throw cause
    const { refused, queueMs } = cause
    if (refused) return { ...spent(queueMs), event: 'not-sent', reason: null, text: '', refused }
    const unclear = cause.cause instanceof NotAnswered ? cause.cause : null
    const text = unclear?.message ?? '未返回有效应答'
    return { ...spent(queueMs), event: 'no-answer', reason: unclear?.reason ?? null, text }
  }
}
