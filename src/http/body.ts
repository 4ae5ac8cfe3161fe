/**
 * Reads request bodies from the Node stream: the web streams of `Request` cost as much as the rest of a pass-through
 * (measured: load-tests/RESULTS.md).
 */
import type { HttpBindings } from '@hono/node-server'
import { type CollectFault, collect, NotCollected } from '../collect.ts'
import { GatewayError } from '../domain/problems.ts'
import { unpacked } from './unpack.ts'

/** Maximum body. A message of 2,000 lines is well below it. */
export const BODY_BYTES_MAX = 1024 * 1024

/** Maximum body of an operator's request. */
const OPERATOR_BYTES_MAX = 64 * 1024

/** Maximum drained after a refusal. */
export const PASS_OVER_BYTES_MAX = 16 * 1024 * 1024

/** Maximum wait for the rest of a body. */
const BODY_WAIT_MS = 15_000

/**
 * Drains the rest of a body. Answering before the end of the body closes a connection that is not kept alive, and
 * clients that send everything before reading (PHP, Java sockets) then see a reset instead of the answer. Beyond the
 * limit, `endUnread` closes the connection.
 *
 * @param incoming absent if a request came by no socket
 *
 * @returns resolves when the body is drained, exceeds the limit or times out; never rejects
 */
export function passOver(incoming: HttpBindings['incoming'] | undefined): Promise<void> {
  if (!incoming || incoming.readableEnded || incoming.destroyed) return Promise.resolve()
  if (Number(incoming.headers['content-length'] ?? 0) > PASS_OVER_BYTES_MAX) return Promise.resolve()
  return new Promise((resolve) => {
    let size = 0
    const over = () => {
      clearTimeout(timer)
      resolve()
    }
    const stop = () => {
      incoming.pause()
      over()
    }
    const timer = setTimeout(stop, BODY_WAIT_MS)
    timer.unref()
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > PASS_OVER_BYTES_MAX) stop()
    })
    incoming.on('end', over).on('close', over).on('error', over).resume()
  })
}

/**
 * Reads a body and decompresses it if necessary.
 *
 * @param limit maximum size in bytes, compressed and decompressed
 * @throws {GatewayError} body-too-large, or unreadable-body if the sender stops midway or the body cannot be
 *   decompressed
 */
export async function readBody(
  { incoming }: Pick<HttpBindings, 'incoming'>,
  limit: number = BODY_BYTES_MAX,
): Promise<Buffer> {
  const bytes = await collect(incoming, limit, BODY_WAIT_MS).catch((cause) => {
    throw cause instanceof NotCollected ? SAYS[cause.why](limit) : cause
  })
  return unpacked(bytes, incoming.headers['content-encoding'], limit)
}

/** Operators' bodies that an earlier route has read. */
const bodies = new WeakMap<HttpBindings['incoming'], Promise<Buffer>>()

/**
 * Reads the JSON of an operator's request; several routes may read it in turn.
 *
 * @returns null if it is no JSON
 * @throws {GatewayError} wrong-content-type, and as `readBody`
 */
export async function readOperatorJson(env: Pick<HttpBindings, 'incoming'>): Promise<unknown> {
  const { incoming } = env
  requireJson(incoming.headers['content-type'])
  const body = bodies.get(incoming) ?? readBody(env, OPERATOR_BYTES_MAX)
  bodies.set(incoming, body)
  try {
    return JSON.parse((await body).toString())
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    return null
  }
}

/**
 * Streams a long body in chunks, up to a limit.
 *
 * @param says errors to throw if the limit is exceeded or the sender breaks off
 */
export async function* streamBody(
  incoming: HttpBindings['incoming'],
  limit: number,
  says: { tooLarge(): GatewayError; broken(): GatewayError },
): AsyncGenerator<Buffer> {
  let bytes = 0
  // Leaving the iterator early would destroy the stream, and with it the connection for the answer.
  const chunks = (incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)[
    Symbol.asyncIterator
  ]()
  try {
    for (;;) {
      const { value, done } = await chunks.next().catch(() => {
        throw says.broken()
      })
      if (done) return
      bytes += value.length
      if (bytes > limit) throw says.tooLarge()
      yield value
    }
  } finally {
    await chunks.return?.()
  }
}

/** Closes a connection with its answer if more of the request remains than is drained. */
export function endUnread(incoming: HttpBindings['incoming'], outgoing: HttpBindings['outgoing']): void {
  if (incoming.complete || incoming.destroyed) return
  const end = () => incoming.socket.destroySoon()
  if (outgoing.writableFinished) end()
  else outgoing.once('finish', end)
}

const SAYS: Readonly<Record<CollectFault, (limit: number) => GatewayError>> = {
  'too-large': (limit) =>
    new GatewayError('body-too-large', 'receive', `报文超过${limit / 1024}KB，本次未办理任何业务`),
  late: () =>
    new GatewayError('unreadable-body', 'receive', '报文不完整，未在时限内发完，本次未办理任何业务'),
  broken: () => new GatewayError('unreadable-body', 'receive', '报文不完整，中途断开，本次未办理任何业务'),
}

/** The bytes of another worker's answer, which has arrived completely. */
export async function bytesOfAnswer(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer())
}

/** Refuses a body not declared as JSON. @throws {GatewayError} wrong-content-type */
export function requireJson(contentType: string | undefined): void {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType ?? '')) {
    throw new GatewayError('wrong-content-type', 'receive', '内容类型须为application/json')
  }
}
