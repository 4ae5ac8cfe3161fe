/** The way from the national platform to an insured province: one deadline, one breaker, no repeats. */
import { Agent, request } from 'undici'
import { z } from 'zod'
import type { Instant } from '../domain/day.ts'
import { Breaker } from './breaker.ts'
import type { Node } from './envelope.ts'
import { isNode, nodesIn } from './fields.ts'

const answer = z.object({
  infcode: z.union([z.number(), z.string()]),
  output: z.unknown(),
})

/**
 * What came of forwarding: `answered`; `unsent` — nothing left, so nothing is booked there; `silent` — no readable
 * answer, so nobody knows.
 */
export type Forwarded =
  | {
      readonly kind: 'answered'
      readonly success: boolean
      readonly output: Node
      readonly rows: readonly Node[]
      readonly body: string
    }
  | { readonly kind: 'unsent' }
  | { readonly kind: 'silent' }

/** Largest answer that is read. */
const ANSWER_BYTES_MAX = 4_000_000

function readAnswer(body: string): Forwarded {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return { kind: 'silent' }
  }
  const read = answer.safeParse(enveloped(json))
  if (!read.success) return { kind: 'silent' }
  const { infcode, output } = read.data
  const node = isNode(output) ? output : {}
  const rows = nodesIn(output)
  return { kind: 'answered', success: String(infcode) === '0', output: node, rows, body }
}

/** An answer without an envelope (`{code,type,message,data}`), as if it had one. */
function enveloped(json: unknown): unknown {
  const isBare = typeof json === 'object' && json !== null && 'code' in json && !('infcode' in json)
  return isBare ? { infcode: String(json.code), output: json } : json
}

/** The route to one province. */
export class Route {
  readonly #url: string
  readonly #deadlineMs: number
  readonly #breaker: Breaker
  readonly #agent = new Agent({ connections: 128, pipelining: 1, maxResponseSize: ANSWER_BYTES_MAX })

  constructor(url: string, deadlineMs: number, now: () => Instant) {
    this.#url = url
    this.#deadlineMs = deadlineMs
    this.#breaker = new Breaker(now)
  }

  /** Sends a message on, as it came, once. */
  async forward(body: string): Promise<Forwarded> {
    if (!this.#breaker.allows()) return { kind: 'unsent' }
    const forwarded = await this.#sent(body)
    if (forwarded.kind === 'answered') this.#breaker.succeeded()
    else this.#breaker.failed()
    return forwarded
  }

  async #sent(body: string): Promise<Forwarded> {
    try {
      const response = await request(this.#url, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body,
        signal: AbortSignal.timeout(this.#deadlineMs),
        headersTimeout: this.#deadlineMs,
        bodyTimeout: this.#deadlineMs,
      })
      if (response.statusCode !== 200 || Number(response.headers['content-length'] ?? 0) > ANSWER_BYTES_MAX) {
        await response.body.dump()
        return { kind: 'silent' }
      }
      return readAnswer(await response.body.text())
    } catch (error) {
      const code = (error as { code?: unknown }).code
      return { kind: code === 'ECONNREFUSED' || code === 'UND_ERR_CONNECT_TIMEOUT' ? 'unsent' : 'silent' }
    }
  }

  async close(): Promise<void> {
    this.#breaker.close()
    await this.#agent.destroy()
  }
}
