/** The door of hospital systems that speak a dialect: every address of the dialect leads to the one way. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError, PROBLEMS, type ProblemCode } from '../domain/problems.ts'
import type { Dialect } from '../extension/dialect.ts'
import { anonymousIntent } from '../journal/journal.ts'
import { type AnswerFormat, counterText } from '../pipeline/answer-format.ts'
import { type Callers, notReady, requireRole, Unidentified } from '../pipeline/callers.ts'
import type { OutboundReply, Services } from '../pipeline/context.ts'
import { handle } from '../pipeline/handle.ts'
import { MisdirectedRequest } from '../pipeline/misdirected.ts'
import { serverTiming } from '../pipeline/receipt.ts'
import { retryAfterOf } from '../pipeline/refusals.ts'
import type { Placing } from '../workers/placing.ts'
import type { Admission } from './admission.ts'
import { bytesOfAnswer, passOver, readBody } from './body.ts'
import { answerUnread, gatewayBusy } from './busy.ts'
import type { Gate } from './gate.ts'
import { patienceOf } from './prefer.ts'
import { asGatewayError } from './problem.ts'
import { DIALECT_ROLES } from './roles.ts'
import type { Strangers } from './strangers.ts'
import { inUtf8 } from './unpack.ts'
import { warningHeader } from './warning-header.ts'

/** Node writes a text with its head up to 16 KB at once, from the stack. */
const ONE_PIECE_BYTES = 12 * 1024

/** What a caller's key may stand in: ours, and the header of several provinces' gateways. */
export function callerKey(header: (name: string) => string | undefined): string | null {
  const bearer = /^Bearer (.+)$/.exec(header('authorization') ?? '')?.[1]
  return header('x-api-key') ?? header('apikey') ?? bearer ?? null
}

/** What the national door needs besides the way. */
export interface DoorNeeds {
  readonly dialects: readonly Dialect[]
  readonly callers: Callers
  /** False while starting or stopping: then nothing is taken in. */
  ready(): boolean
  /** Judges a request before anything is read of it. */
  readonly gate: Gate
  readonly strangers: Strangers
  /** Says whether there is time for one more; absent: there always is. */
  readonly admission?: Admission
  /** Where several workers share the institutions: passes on what is at home elsewhere. */
  readonly placing?: Pick<Placing, 'pass'> | undefined
}

/**
 * The door, as a Node server asks it. Resolves when the request is answered; null if it is not for the door, which
 * takes what comes to an address of a dialect. The HTTP status of a POST is 200 whatever the answer says: these clients
 * decide by `infcode` alone. [F] Answers are never packed: some read the answer's coding as a charset. [F]
 */
export type DialectDoor = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> | null

/**
 * Opens the door. It stands before the router and works on Node's own request and answer: the web forms of both are made
 * anew for each message, and cost more than the headers are worth.
 */
export function openDialectDoor(services: Services, needs: DoorNeeds): DialectDoor {
  async function answer(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    { dialect, transaction }: Addressed,
  ) {
    const format = services.formats.get(dialect.id)!
    const { headers } = incoming
    const patience = patienceOf(headers.prefer as string | undefined, services.clock.elapsed())
    try {
      needs.gate(incoming)
      if (!needs.ready()) throw notReady()
      const caller = needs.callers.identify(callerKey((name) => headers[name] as string | undefined))
      requireRole(caller, DIALECT_ROLES)
      const body = inUtf8(await readBody({ incoming }), headers)
      const reply = await handle(services, { dialect, format, caller, body, transaction, patience })
      if (!(reply instanceof MisdirectedRequest)) respond(outgoing, dialect, reply.body, reply)
      else await passOn(await needs.placing!.pass(incoming, reply), outgoing)
    } catch (cause) {
      const error = asGatewayError(cause)
      await passOver(incoming)
      const about = { problem: error.code, retryAfterSeconds: retryAfterOf(error) }
      respond(outgoing, dialect, turnedAway(services, needs.strangers, format, error), about)
    }
  }

  return (incoming, outgoing) => {
    const addressed = addressedTo(needs.dialects, incoming.url!)
    if (!addressed) return null
    if (incoming.method === 'POST') {
      const { admission } = needs
      if (admission && !admission.admits(incoming))
        return admission.turnAway(() => answerBusy(services, incoming, outgoing, addressed))
      return answer(incoming, outgoing, addressed)
    }
    return answerMethod(services, incoming, outgoing, addressed)
  }
}

/** Answers another method than POST. Nobody's message: whoever looks whether the door is there fills no journal. */
async function answerMethod(
  services: Services,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { dialect }: Addressed,
): Promise<void> {
  await passOver(incoming)
  const told = new GatewayError('method-not-allowed', 'receive', '该地址只接受POST，本次未办理任何业务')
  const body = services.formats.get(dialect.id)!.failure(told, services.clock.now(), services.ids.answer(''))
  const own = { 'content-type': dialect.contentType, 'content-length': body.length }
  const headers = { ...own, ...dialect.answerHeaders?.(body) }
  outgoing.writeHead(told.row.status, { ...headers, ...advice(told.code), allow: 'POST' }).end(body)
}

/** The same words each time: there is no time now to put them together. */
const BUSY_TEXT = counterText(gatewayBusy())

/** Turns away what there is no time for, before its body is read. Counted, not written down: nothing was taken in. */
function answerBusy(
  services: Services,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { dialect }: Addressed,
): Promise<void> {
  const problem = 'gateway-busy'
  const told = { reason: null, code: problem, text: BUSY_TEXT } as const
  const body = dialect.refuse(told, services.clock.now(), services.ids.answer(''))
  const retryAfterSeconds = gatewayBusy().extra.retryAfterSeconds as number
  return answerUnread(incoming, outgoing, () =>
    respond(outgoing, dialect, body, { problem, retryAfterSeconds }),
  )
}

interface Addressed {
  readonly dialect: Dialect
  /** The transaction that the address names; null if the message alone does. */
  readonly transaction: string | null
}

/** The dialect of an address. */
function addressedTo(dialects: readonly Dialect[], url: string): Addressed | null {
  const path = url.startsWith('/') ? url.split('?', 1)[0]! : (URL.parse(url)?.pathname ?? '')
  for (const dialect of dialects) {
    const address = dialect.accepts(path)
    if (address) return { dialect, transaction: address.transaction }
  }
  return null
}

/** What the headers say of an answer. The receipt is of one that came the whole way. */
type About = Pick<OutboundReply, 'problem' | 'retryAfterSeconds'> &
  Partial<Pick<OutboundReply, 'contentType' | 'replayed' | 'receipt' | 'warnings'>>

/**
 * `infcode` says the same of no, unknown and not sent, so the advice travels beside it: `Zhijie-Problem` is the code of the
 * problem, `Zhijie-Retry` what a program may do next, one word a meaning (`Retry`). `Zhijie-Warning` names the codes that
 * went on though they are none of their standard: the bytes of a yes are the platform's.
 */
function respond(outgoing: ServerResponse, dialect: Dialect, body: Buffer, about: About): void {
  const headers: Record<string, string | number> = {
    'content-type': about.contentType ?? dialect.contentType,
    'content-length': body.length,
    ...dialect.answerHeaders?.(body),
  }
  const { receipt, replayed, problem, retryAfterSeconds, warnings } = about
  if (receipt) headers['server-timing'] = serverTiming(receipt)
  if (replayed) headers['idempotent-replayed'] = 'true'
  if (problem) Object.assign(headers, advice(problem))
  if (warnings) headers['zhijie-warning'] = warningHeader(warnings)
  if (retryAfterSeconds) headers['retry-after'] = retryAfterSeconds
  outgoing.writeHead(200, headers)
  // A short answer as a text of one byte a character goes out with its head as one piece.
  if (body.length <= ONE_PIECE_BYTES) outgoing.end(body.toString('latin1'), 'latin1')
  else outgoing.end(body)
}

function advice(problem: ProblemCode): Record<string, string> {
  return { 'zhijie-problem': problem, 'zhijie-retry': PROBLEMS[problem].retry }
}

/** Answers as another worker did. */
async function passOn(passed: Response, outgoing: ServerResponse): Promise<void> {
  const body = await bytesOfAnswer(passed)
  const headers = { ...Object.fromEntries(passed.headers), 'content-length': body.length }
  outgoing.writeHead(passed.status, headers).end(body)
}

/** Answers what did not get as far as the way; of a known caller the journal says so. */
function turnedAway(
  services: Services,
  strangers: Strangers,
  format: AnswerFormat,
  error: GatewayError,
): Buffer {
  if (error.code === 'internal-fault') services.reportFault(error.cause ?? error)
  const at = services.clock.now()
  const told = { problem: error.code, hop: 'gateway', told: error.message, at }
  if (error instanceof Unidentified) strangers.refused(error.code)
  else services.journal.note(anonymousIntent(format.id, at), { ...told, state: 'rejected' })
  return format.failure(error, at, services.ids.answer(''))
}
