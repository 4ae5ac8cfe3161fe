/**
 * Reads a request's body from the Node stream itself: the web streams of `Request` cost as much as the whole rest of a
 * pass-through (measured: load-tests/RESULTS.md).
 */
import type { HttpBindings } from '@hono/node-server'
import { type CollectFault, collect, NotCollected } from '../collect.ts'
import { GatewayError } from '../domain/problems.ts'
import { unpacked } from './unpack.ts'

/** Largest body that is read. A message of 2,000 lines is well below. */
export const BODY_BYTES_MAX = 1024 * 1024

/** Largest body of an operator's request. */
const OPERATOR_BYTES_MAX = 64 * 1024

/** The most that is read and thrown away after a refusal. */
export const PASS_OVER_BYTES_MAX = 16 * 1024 * 1024

/** Longest wait for the rest of a body. */
const BODY_WAIT_MS = 15_000

/**
 * Reads what is left of a body and throws it away. An answer given before the end of the body closes a connection that is not
 * kept, and who sends everything before reading (PHP, a socket of Java) then hears a reset instead of the answer. Beyond
 * the bound nobody is heard out: `endUnread` ends the connection.
 *
 * @param incoming absent if a request came by no socket
 *
 * @returns resolves when nothing is left, more is left than is read away, or the longest wait is over; never rejects
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
 * Reads a body, and unpacks one that is packed.
 *
 * @param limit largest body that is read, in bytes, packed and unpacked
 * @throws {GatewayError} body-too-large, and unreadable-body where the sender stops in the middle or nothing unpacks it
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

/** Bodies of operators that a route before has read. */
const bodies = new WeakMap<HttpBindings['incoming'], Promise<Buffer>>()

/**
 * Reads the JSON of an operator's request, which routes one behind the other may ask for.
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
 * The bytes of a long body, piece by piece as they are taken, up to a limit.
 *
 * @param says what is thrown where there are more, and where the sender breaks off
 */
export async function* streamBody(
  incoming: HttpBindings['incoming'],
  limit: number,
  says: { tooLarge(): GatewayError; broken(): GatewayError },
): AsyncGenerator<Buffer> {
  let bytes = 0
  // A stream that is left early would be destroyed, and with it the way back for the answer.
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

/** Ends a connection with its answer where more of the request is to come than is read away. */
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

/** The bytes of an answer that another worker gave, and that is here already. */
export async function bytesOfAnswer(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer())
}

/** Refuses a body that does not say that it is JSON. @throws {GatewayError} wrong-content-type */
export function requireJson(contentType: string | undefined): void {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType ?? '')) {
    throw new GatewayError('wrong-content-type', 'receive', '内容类型须为application/json')
  }
}
