/** The endpoint for hospital systems that speak a dialect: all addresses of the dialect lead to the same pipeline. */
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

/** Node writes a text with its head in one piece up to 16 KB. */
const ONE_PIECE_BYTES = 12 * 1024

/** Headers that may carry a caller's key: ours, and that of several provinces' gateways. */
export function callerKey(header: (name: string) => string | undefined): string | null {
  const bearer = /^Bearer (.+)$/.exec(header('authorization') ?? '')?.[1]
  return header('x-api-key') ?? header('apikey') ?? bearer ?? null
}

/** Dependencies of the national endpoint besides the services. */
export interface DoorNeeds {
  readonly dialects: readonly Dialect[]
  readonly callers: Callers
  /** False while starting or stopping: nothing is accepted then. */
  ready(): boolean
  /** Judges a request by its headers. */
  readonly gate: Gate
  readonly strangers: Strangers
  /** Decides whether there is time for a request; absent: always. */
  readonly admission?: Admission
  /** If several workers share the institutions: forwards requests that belong to another worker. */
  readonly placing?: Pick<Placing, 'pass'> | undefined
}

/**
 * Handles a request of a Node server. Resolves when it is answered; null if the address belongs to no dialect. The
 * HTTP status of a POST is always 200, because these clients look only at `infcode`. [F] Answers are never
 * compressed: some clients take the content coding for a charset. [F]
 */
export type DialectDoor = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> | null

/**
 * Creates the endpoint. It runs before the router, on Node's own request and response: building their web
 * counterparts for each message would cost more than the headers are worth.
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

/** Answers methods other than POST. Not recorded as messages, so that probing the endpoint fills no journal. */
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

/** Precomputed, since there is no time to build it under overload. */
const BUSY_TEXT = counterText(gatewayBusy())

/** Refuses a request under overload, before its body is read. Counted, not journalled: nothing was accepted. */
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
  /** The transaction named by the address; null if only the message names it. */
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

/** Facts about an answer that its headers state. Only an answer from the full pipeline has a receipt. */
type About = Pick<OutboundReply, 'problem' | 'retryAfterSeconds'> &
  Partial<Pick<OutboundReply, 'contentType' | 'replayed' | 'receipt' | 'warnings'>>

/**
 * `infcode` does not distinguish refused, unknown and not sent, so headers do: `Zhijie-Problem` is the problem code,
 * `Zhijie-Retry` what a program may do next, one word per meaning (`Retry`). `Zhijie-Warning` names codes passed on
 * although invalid in their standard: a successful answer is passed on byte for byte.
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
  // A short answer as a Latin-1 text leaves in one piece with its head.
  if (body.length <= ONE_PIECE_BYTES) outgoing.end(body.toString('latin1'), 'latin1')
  else outgoing.end(body)
}

function advice(problem: ProblemCode): Record<string, string> {
  return { 'zhijie-problem': problem, 'zhijie-retry': PROBLEMS[problem].retry }
}

/** Relays the answer of another worker. */
async function passOn(passed: Response, outgoing: ServerResponse): Promise<void> {
  const body = await bytesOfAnswer(passed)
  const headers = { ...Object.fromEntries(passed.headers), 'content-length': body.length }
  outgoing.writeHead(passed.status, headers).end(body)
}

/** Answers a request that did not reach the pipeline; journalled if the caller is known. */
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
