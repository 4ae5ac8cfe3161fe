/**
 * The REST door of the gateway, without sockets: its own routes are called with a request and a body that is there at
 * once. The routes are put together once for all runs; each request takes the way of the life that is alive when it comes.
 */
import type { HttpBindings } from '@hono/node-server'
import { GatewayError } from '../../src/domain/problems.ts'
import { restRoutes } from '../../src/http/rest/routes.ts'
import type { OutboundReply, Services } from '../../src/pipeline/context.ts'
import type { Database } from '../../src/store/database.ts'
import type { Sent } from './sent.ts'

const NOTHING = { ownMs: 0, queueMs: 0, commitMs: 0, counterpartMs: 0 }

/** A door over whatever way is present. */
export interface RestDoor {
  /** @returns the answer, with the status and media type judged by `told` */
  call(
    services: Services,
    ready: () => boolean,
    sent: Sent,
    patienceMs: number | null,
    told: (fault: string) => void,
  ): Promise<OutboundReply>
  /** State of a key as `GET /v1/status` tells it; null where it is not found. */
  status(services: Services, ready: () => boolean, caller: string, key: string): Promise<string | null>
}

/** What stands in for the Node request: its body comes as soon as someone listens. */
function incoming(bytes: Buffer): HttpBindings['incoming'] {
  const listeners = new Map<string, (chunk?: Buffer) => void>()
  const stream = {
    headers: { 'content-length': String(bytes.length) },
    on(event: string, listener: (chunk?: Buffer) => void) {
      listeners.set(event, listener)
      if (event === 'end')
        queueMicrotask(() => {
          listeners.get('data')?.(bytes)
          listeners.get('end')?.()
        })
      return stream
    },
    removeAllListeners: () => stream,
    resume: () => stream,
  }
  return stream as unknown as HttpBindings['incoming']
}

/** `rest-H34010290001/his` → the hospital whose system it is. */
const institutionOf = (caller: string) => caller.replace(/^rest-/, '').split('/')[0]!

/** Puts the door together. */
export function createRestDoor(
  dialect: Services['dialect'],
  codes: Services['codes'],
  database: Database,
): RestDoor {
  let present: { services: Services; ready: () => boolean } | null = null
  // The door keeps what it is given, so it is given something that looks the present way up.
  const journal = { indexed: () => Promise.resolve() }
  const lookedUp = new Proxy({ dialect, codes, journal } as Services, {
    get: (still, name) => Reflect.get(present?.services ?? still, name),
  })
  const app = restRoutes({
    get services() {
      return present?.services ?? lookedUp
    },
    ready: () => present?.ready() ?? false,
    callers: {
      identify(key) {
        if (!key) throw new GatewayError('unknown-caller', 'receive', '调用方密钥缺失或未登记')
        return { id: key, institutions: new Set([institutionOf(key)]) }
      },
    },
    strangers: { refused: () => {} },
    database,
    offload: { answer: () => Promise.reject(new Error('Nobody works here')) },
  })

  async function fetched(path: string, init: RequestInit, env: object): Promise<Response> {
    const request = new Request(`http://gateway${path}`, init)
    return app.fetch(request, env as HttpBindings)
  }

  return {
    async call(services, ready, sent, patienceMs, told) {
      present = { services, ready }
      const { path, key, caller } = sent.rest!
      const headers: Record<string, string> = { 'content-type': 'application/json', 'x-api-key': caller }
      if (key) headers['idempotency-key'] = `"${key}"`
      if (patienceMs !== null) headers.prefer = `wait=${patienceMs / 1000}`
      const response = await fetched(path, { method: 'POST', headers }, { incoming: incoming(sent.bytes) })
      const body = Buffer.from(await response.arrayBuffer())
      const document = JSON.parse(body.toString()) as { type?: string; status?: number }
      const problem = response.ok ? null : (document.type ?? '').replace('/problems/', '')
      if (!response.ok && (document.status !== response.status || !problem))
        told(`${sent.name}: status ${response.status} with ${body.toString().slice(0, 100)}`)
      const replayed = response.headers.get('idempotent-replayed') === 'true'
      const again = Number(response.headers.get('retry-after'))
      return {
        body,
        problem: problem as OutboundReply['problem'],
        replayed,
        receipt: NOTHING,
        retryAfterSeconds: again || null,
      }
    },
    async status(services, ready, caller, key) {
      present = { services, ready }
      const headers = { 'x-api-key': caller }
      const response = await fetched(`/v1/status?key=${key}`, { headers }, {})
      if (!response.ok) return null
      const { requests } = (await response.json()) as { requests: { state: string }[] }
      return requests.at(0)?.state ?? null
    },
  }
}
