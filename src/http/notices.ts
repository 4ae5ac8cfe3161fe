/** The address to which platforms send what they tell by themselves: `POST /platform/notices`, in their own envelope. */
import { Hono } from 'hono'
import { PROBLEMS } from '../domain/problems.ts'
import { anonymousIntent } from '../journal/journal.ts'
import { MisdirectedRequest } from '../pipeline/misdirected.ts'
import { type NoticePorts, takeNotice } from '../pipeline/notice.ts'
import type { Placing } from '../workers/placing.ts'
import { readBody } from './body.ts'
import { asGatewayError } from './problem.ts'
import { callerOf, type Door } from './roles.ts'
import { inUtf8 } from './unpack.ts'

/** Dependencies of the address. */
export interface NoticesContext extends NoticePorts {
  readonly placing?: Pick<Placing, 'pass'> | undefined
  /** Called for internal faults. */
  fault(cause: unknown): void
}

/**
 * The route. Whoever has no key of a platform is refused before it. HTTP 200 throughout, as a platform reads `infcode` alone;
 * `Zhijie-Problem` says what a refusal is.
 */
export function noticeRoutes(context: NoticesContext): Hono<Door> {
  const { services, placing, fault } = context
  const { dialect, clock, ids, journal } = services
  const app = new Hono<Door>()
  app.post('/platform/notices', async (c) => {
    const caller = callerOf(c)
    const headers: Record<string, string> = { 'content-type': dialect.contentType }
    try {
      const { incoming } = c.env
      const taken = await takeNotice(context, caller, inUtf8(await readBody(c.env), incoming.headers))
      if (taken instanceof MisdirectedRequest) return await placing!.pass(incoming, taken)
      return c.body(new Uint8Array(taken), 200, headers)
    } catch (cause) {
      const error = asGatewayError(cause)
      if (error.code === 'internal-fault') fault(cause)
      const at = clock.now()
      const told = {
        state: 'rejected',
        problem: error.code,
        hop: 'gateway',
        told: error.message,
        at,
      } as const
      journal.note({ ...anonymousIntent(dialect.id, at), caller: caller.id }, told)
      const refused = services.formats.get(dialect.id)!.failure(error, at, ids.answer(''))
      Object.assign(headers, {
        'zhijie-problem': error.code,
        'zhijie-retry': PROBLEMS[error.code].retry,
      })
      return c.body(new Uint8Array(refused), 200, headers)
    }
  })
  return app
}
