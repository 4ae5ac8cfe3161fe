/** Requests from one worker to another, over loopback: passed on whole, and answered whole. */
import { timingSafeEqual } from 'node:crypto'
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { collect } from '../collect.ts'

/** Header that holds the secret of this run. */
const SECRET = 'x-zhijie-worker'

/** Longest answer of another worker that is taken in: its share of what is open, for instance. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024
const SOCKETS_MAX = 256
/** Idle sockets are given up before the other side does (5 s), so that none is closed under a request. */
const IDLE_MS = 2000

/** Headers that are of a connection, not of a message; and how it was packed, since it is passed on unpacked. */
const OF_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'content-length',
  'content-encoding',
  'date',
  SECRET,
])

/** What is passed on. */
export interface Passed {
  readonly method: string
  /** Path with its query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer | null
}

/** What came back. */
export interface Heard {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

/** No answer. `sent` is false only where it is certain that nothing has reached the other worker. */
export class HopFault extends Error {
  override readonly name = 'HopFault'
  readonly sent: boolean

  constructor(sent: boolean, cause: unknown) {
    super(sent ? 'no answer' : 'not sent', { cause })
    this.sent = sent
  }
}

/** The way to the other workers. */
export interface Hop {
  /** @throws {HopFault} */
  ask(port: number, passed: Passed, waitMs: number): Promise<Heard>
  close(): void
}

/** Opens the way. */
export function createHop(secret: string): Hop {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS })
  return {
    ask: (port, passed, waitMs) =>
      new Promise((resolve, reject) => {
        const { method, path, body } = passed
        let sent = false
        const headers = { ...kept(passed.headers), 'content-length': body?.length ?? 0, [SECRET]: secret }
        const asked = request({ agent, host: '127.0.0.1', port, method, path, headers })
        const over = () => asked.destroy(new Error(`no answer within ${waitMs} ms`))
        // What has arrived while this process stood still is read first.
        const timer = setTimeout(() => setImmediate(over), waitMs)
        const fail = (cause: unknown) => {
          clearTimeout(timer)
          reject(new HopFault(sent, cause))
        }
        asked.on('socket', (socket) => {
          if (!socket.connecting) sent = true
          else socket.once('connect', () => (sent = true))
        })
        asked.on('error', fail)
        asked.on('response', (answer) => {
          collect(answer, ANSWER_BYTES_MAX, null).then(
            (body) => {
              clearTimeout(timer)
              resolve({ status: answer.statusCode!, headers: listed(answer), body })
            },
            (cause) => {
              fail(cause)
              asked.destroy()
            },
          )
        })
        asked.end(body)
      }),
    close: () => agent.destroy(),
  }
}

function kept(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name)))
}

function listed({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = []
  for (let at = 0; at < rawHeaders.length; at += 2) pairs.push([rawHeaders[at]!, rawHeaders[at + 1]!])
  return pairs.filter(([name]) => !OF_CONNECTION.has(name.toLowerCase()))
}

/** Whether a request comes from another worker of this run. */
export function isFromWorker(headers: IncomingHttpHeaders, secret: string): boolean {
  const given = headers[SECRET]
  if (typeof given !== 'string' || given.length !== secret.length) return false
  return timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(secret, 'latin1'))
}
