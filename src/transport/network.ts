/**
 * The network port, and the real network: one undici pool per origin, every option written out. It sets no limit of
 * sockets: each channel of the transport limits its own calls, and with one limit for all of them two hung provinces could
 * take every socket of the platform that they share with the others.
 */
import type { Socket } from 'node:net'
import { buildConnector, Client, type Dispatcher, Pool } from 'undici'
import type { Heard as HowItCame } from '../extension/reply.ts'

/** A call that got no answer. `sent` is false only if it is certain that nothing left. */
export class NetworkFault extends Error {
  override readonly name = 'NetworkFault'
  readonly sent: boolean

  constructor(sent: boolean, cause: unknown) {
    super(sent ? 'no answer' : 'not sent', { cause })
    this.sent = sent
  }
}

/** How an answer came, and a way to close its connection. */
export interface Heard extends HowItCame {
  /** Closes the connection: a late second answer on it would be taken for that of the next call. */
  close(): void
}

/** The network port. */
export interface Network {
  /**
   * Posts bytes and waits for the whole answer.
   *
   * @param deadlineMs from now; after it the socket is closed
   * @param hear called with how the answer came, before the promise resolves
   * @param headers made when it leaves: names and values by turns, the type of the body among them; default JSON
   * @throws {NetworkFault}
   */
  post(
    url: string,
    body: Buffer,
    deadlineMs: number,
    hear?: (heard: Heard) => void,
    headers?: () => readonly string[],
  ): Promise<Buffer>
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 3_000
const KEEP_ALIVE_MS = 30_000
/** Longer answers are refused. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024
/** The same of a file: a national table, packed. */
const FILE_BYTES_MAX = 64 * 1024 * 1024
/** First bytes of a ZIP, which no other answer begins with. */
const ZIP = Buffer.from('PK')

const limitOf = (first: Buffer) =>
  first.subarray(0, ZIP.length).equals(ZIP) ? FILE_BYTES_MAX : ANSWER_BYTES_MAX

const JSON_TYPE: readonly string[] = ['content-type', 'application/json; charset=utf-8']
const jsonType = () => JSON_TYPE

/** What cannot be signed does not leave. */
function made(headers: () => readonly string[]): string[] {
  try {
    return headers() as string[]
  } catch (cause) {
    throw new NetworkFault(false, cause)
  }
}

/**
 * The network of this machine. A POST that has begun to leave is never sent a second time, whatever becomes of its socket.
 *
 * @param connections sockets per origin; null: no limit
 */
export function createNetwork(connections: number | null = null): Network {
  const pools = new Map<string, Pool>()
  /** Parsed addresses: there are few, and parsing one for each call is not free. */
  const addresses = new Map<string, { readonly pool: Pool; readonly path: string }>()

  function poolOf(origin: string): Pool {
    const known = pools.get(origin)
    if (known) return known
    const pool = new Pool(origin, {
      connections,
      factory: (to, options) => new Line(to, options as LineOptions),
      connect: buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false }),
      pipelining: 1,
      // One call per socket: over HTTP/2 calls that hang would share one with calls that do not.
      allowH2: false,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      // The deadline below covers the whole answer, not each part of it.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    pools.set(origin, pool)
    return pool
  }

  function addressOf(url: string) {
    const known = addresses.get(url)
    if (known) return known
    const { origin, pathname, search } = new URL(url)
    const address = { pool: poolOf(origin), path: pathname + search }
    addresses.set(url, address)
    return address
  }

  return {
    async post(url, body, deadlineMs, hear, headers = jsonType) {
      const { pool, path } = addressOf(url)
      const leaves = { method: 'POST', path, headers: made(headers), body } as const
      return new Promise<Buffer>((resolve, reject) => {
        const call = new Call(body, deadlineMs, resolve, reject, hear)
        pool.dispatch(leaves, call)
      })
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

type LineOptions = Client.Options & { connect: buildConnector.connector }

/** A client with one socket at a time to an origin; it remembers the last answer on that socket. */
class Line extends Client {
  #socket: Socket | null = null
  #last: Buffer | null = null
  /** The body that `#last` was the answer to. */
  #asked: Buffer | null = null

  constructor(origin: URL, { connect, ...options }: LineOptions) {
    super(origin, {
      ...options,
      connect: (to, told) =>
        connect(to, (...made) => {
          this.#socket = made[1]
          this.#last = null
          told(...made)
        }),
    })
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (handler instanceof Call) handler.line = this
    return super.dispatch(options, handler)
  }

  /** Remembers an answer. @returns how it came */
  heard(status: number, headers: Heard['headers'], answer: Buffer, body: Buffer): Heard {
    // The same body sent again may rightly get the same bytes.
    const isSame = this.#last?.equals(answer) ?? false
    const repeated = isSame && !this.#asked?.equals(body)
    // What was a file is not kept for the next call.
    this.#last = answer.length > ANSWER_BYTES_MAX ? null : answer
    this.#asked = body
    const socket = this.#socket
    return { status, ...(headers && { headers }), repeated, close: () => socket?.destroy() }
  }
}

/** One call: collects the answer, ends at the deadline, and knows whether anything has left. */
class Call implements Dispatcher.DispatchHandler {
  readonly #body: Buffer
  readonly #resolve: (answer: Buffer) => void
  readonly #reject: (fault: NetworkFault) => void
  readonly #hear: ((heard: Heard) => void) | undefined
  readonly #timer: NodeJS.Timeout
  readonly #chunks: Buffer[] = []
  #size = 0
  #bytesMax = ANSWER_BYTES_MAX
  #status = 0
  #headers: Heard['headers']
  /** The line on which it leaves. */
  line: Line | null = null
  /** Set when the first byte is about to leave. */
  #controller: Dispatcher.DispatchController | null = null
  #ended = false

  constructor(
    body: Buffer,
    deadlineMs: number,
    resolve: (answer: Buffer) => void,
    reject: (fault: NetworkFault) => void,
    hear?: (heard: Heard) => void,
  ) {
    this.#body = body
    this.#hear = hear
    this.#resolve = resolve
    this.#reject = reject
    const over = () => this.#fail(new Error(`no answer within ${deadlineMs} ms`))
    // After a delay of our own timers run first: read an answer that has arrived before the deadline ends the call.
    this.#timer = setTimeout(() => setImmediate(over), deadlineMs)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The deadline passed while it waited for a socket: the caller was told that nothing left, so nothing may.
    if (this.#ended) controller.abort(new Error('the deadline has passed'))
    else this.#controller = controller
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Heard['headers'],
  ): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#size === 0) this.#bytesMax = limitOf(chunk)
    this.#size += chunk.length
    if (this.#size > this.#bytesMax)
      this.#fail(new Error(`the answer is longer than ${this.#bytesMax} bytes`))
    else this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (!this.#end()) return
    const answer = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size)
    if (this.#hear && this.line) this.#hear(this.line.heard(this.#status, this.#headers, answer, this.#body))
    this.#resolve(answer)
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.#fail(cause)
  }

  /** @returns false if it had ended before */
  #end(): boolean {
    if (this.#ended) return false
    this.#ended = true
    clearTimeout(this.#timer)
    return true
  }

  #fail(cause: Error): void {
    if (!this.#end()) return
    this.#reject(new NetworkFault(this.#controller !== null, cause))
    this.#controller?.abort(cause)
  }
}
