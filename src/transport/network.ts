/** The network port, and the real network: one undici pool an origin, every option written out. */
import { Pool } from 'undici'

/** A call that got no answer. `sent` is false only where it is certain that nothing left. */
export class NetworkFault extends Error {
  override readonly name = 'NetworkFault'
  readonly sent: boolean

  constructor(sent: boolean, cause: unknown) {
    super(sent ? 'no answer' : 'not sent', { cause })
    this.sent = sent
  }
}

/** The network port. */
export interface Network {
  /**
   * Posts JSON bytes and waits for the whole answer.
   *
   * @param deadlineMs from now; then the socket is closed
   * @throws {NetworkFault}
   */
  post(url: string, body: Buffer, deadlineMs: number): Promise<Buffer>
  close(): Promise<void>
}

/** Sockets to one origin. Twice the target rate times the latency is enough; unlimited would flood a slow endpoint. */
const CONNECTIONS_MAX = 128
const CONNECT_TIMEOUT_MS = 3_000
const KEEP_ALIVE_MS = 30_000
/** Longest answer that is read. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024

/** Faults of undici and the system that happen before a byte of the request has left. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function leftNothing(cause: unknown): boolean {
  const code = (cause as { code?: string } | null)?.code
  return code !== undefined && BEFORE_SENDING.has(code)
}

/** The network of this machine. */
export function createNetwork(): Network {
  const pools = new Map<string, Pool>()

  function poolOf(origin: string): Pool {
    const known = pools.get(origin)
    if (known) return known
    const pool = new Pool(origin, {
      connections: CONNECTIONS_MAX,
      pipelining: 1,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxResponseSize: ANSWER_BYTES_MAX,
      // The deadline below ends a call, so that the whole answer counts and not each of its parts.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    pools.set(origin, pool)
    return pool
  }

  return {
    async post(url, body, deadlineMs) {
      const { origin, pathname, search } = new URL(url)
      try {
        const answer = await poolOf(origin).request({
          method: 'POST',
          path: pathname + search,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body,
          signal: AbortSignal.timeout(deadlineMs),
        })
        return Buffer.from(await answer.body.arrayBuffer())
      } catch (cause) {
        throw new NetworkFault(!leftNothing(cause), cause)
      }
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}
