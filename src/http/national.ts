/** The door of hospital systems that speak a dialect: every address of the dialect leads to the one way. */
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { GatewayError } from '../domain/problems.ts'
import type { Dialect } from '../extension/dialect.ts'
import { anonymousIntent } from '../journal/journal.ts'
import type { Callers } from '../pipeline/callers.ts'
import { Elsewhere } from '../pipeline/elsewhere.ts'
import { handle } from '../pipeline/handle.ts'
import { serverTiming } from '../pipeline/receipt.ts'
import type { Answer, Way } from '../pipeline/trip.ts'
import type { Voice } from '../pipeline/voice.ts'
import type { Placing } from '../workers/placing.ts'
import { readBody, requireJson } from './body.ts'
import { patienceOf } from './prefer.ts'
import { asGatewayError } from './problem.ts'

/** What a caller's key may stand in: ours, and the header of several provinces' gateways. */
export function callerKey(header: (name: string) => string | undefined): string | null {
  const bearer = /^Bearer (.+)$/.exec(header('authorization') ?? '')?.[1]
  return header('x-api-key') ?? header('apikey') ?? bearer ?? null
}

/** What the national door needs besides the way. */
export interface DialectDoor {
  readonly dialects: readonly Dialect[]
  readonly callers: Callers
  /** False while starting or stopping: then nothing is taken in. */
  ready(): boolean
  /** Where several workers share the institutions: passes on what is at home elsewhere. */
  readonly placing?: Pick<Placing, 'pass'> | undefined
}

/**
 * Answers every POST at an address of a dialect. The HTTP status is 200 whatever the answer says: these clients decide
 * by `infcode` alone. [F]
 */
export function dialectRoutes(way: Way, door: DialectDoor): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.post('*', async (context, next) => {
    const accepted = dialectAt(door.dialects, context.req.path)
    if (!accepted) return next()
    const { dialect, transaction } = accepted
    const voice = way.voices.get(dialect.id)!
    // Read from Node's own request: the web form of it is made anew for each, and costs more than the headers are worth.
    const { headers } = context.env.incoming
    const patience = patienceOf(headers.prefer as string | undefined, way.clock.elapsed())
    try {
      if (!door.ready()) throw new GatewayError('not-ready', 'receive', '网关正在启动或停止，请稍后重发')
      requireJson(headers['content-type'])
      const caller = door.callers.identify(callerKey((name) => headers[name] as string | undefined))
      const body = await readBody(context.env)
      return answered(await handle(way, { dialect, voice, caller, body, transaction, patience }))
    } catch (cause) {
      const no = (why: unknown) => respond(turnedAway(way, voice, why), {})
      if (!(cause instanceof Elsewhere) || !door.placing) return no(cause)
      return door.placing.pass(context.env.incoming, cause).catch(no)
    }
  })
  return app
}

/** The dialect of an address, and the transaction that the address names. */
function dialectAt(dialects: readonly Dialect[], path: string) {
  for (const dialect of dialects) {
    const address = dialect.accepts(path)
    if (address) return { dialect, transaction: address.transaction }
  }
  return null
}

function answered({ body, receipt, replayed, retryAfterSeconds }: Answer): Response {
  const headers: Record<string, string> = { 'server-timing': serverTiming(receipt) }
  if (replayed) headers['idempotent-replayed'] = 'true'
  if (retryAfterSeconds) headers['retry-after'] = String(retryAfterSeconds)
  return respond(body, headers)
}

function respond(body: Buffer, headers: Readonly<Record<string, string>>): Response {
  return new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  })
}

/** Answers what did not get as far as the way; the journal says so. */
function turnedAway(way: Way, voice: Voice, cause: unknown): Buffer {
  const error = asGatewayError(cause)
  if (error.code === 'internal-fault') way.fault(cause)
  const at = way.clock.now()
  const told = { problem: error.code, hop: 'gateway', told: error.message, at }
  way.journal.note(anonymousIntent(voice.id, at), { ...told, state: 'rejected' })
  return voice.no(error, at, way.ids.answer(''))
}
