/** The door of hospital systems that speak a dialect: every address of the dialect leads to the one way. */
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { GatewayError } from '../domain/problems.ts'
import type { Dialect } from '../extension/dialect.ts'
import { anonymousIntent } from '../journal/journal.ts'
import type { Callers } from '../pipeline/callers.ts'
import { handle } from '../pipeline/handle.ts'
import { serverTiming } from '../pipeline/receipt.ts'
import type { Way } from '../pipeline/trip.ts'
import type { Voice } from '../pipeline/voice.ts'
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
}

/**
 * Answers every POST at an address of a dialect. The HTTP status is 200 whatever the answer says: these clients decide
 * by `infcode` alone. [F]
 */
export function dialectRoutes(way: Way, door: DialectDoor): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.post('*', async (context, next) => {
    const accepted = door.dialects
      .map((dialect) => ({ dialect, address: dialect.accepts(context.req.path) }))
      .find(({ address }) => address !== null)
    if (!accepted?.address) return next()
    const { dialect, address } = accepted
    const voice = way.voices.get(dialect.id)!
    context.header('content-type', 'application/json; charset=utf-8')
    const patience = patienceOf(context.req.header('prefer'), way.clock.elapsed())
    try {
      if (!door.ready()) throw new GatewayError('not-ready', 'receive', '网关正在启动或停止，请稍后重发')
      requireJson(context.req.header('content-type'))
      const caller = door.callers.identify(callerKey((name) => context.req.header(name)))
      const body = await readBody(context.env)
      const answer = await handle(way, {
        dialect,
        voice,
        caller,
        body,
        transaction: address.transaction,
        patience,
      })
      context.header('server-timing', serverTiming(answer.receipt))
      if (answer.replayed) context.header('idempotent-replayed', 'true')
      if (answer.retryAfterSeconds) context.header('retry-after', String(answer.retryAfterSeconds))
      return context.body(bytesOf(answer.body))
    } catch (cause) {
      return context.body(bytesOf(turnedAway(way, voice, cause)))
    }
  })
  return app
}

function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return buffer as Uint8Array<ArrayBuffer>
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
