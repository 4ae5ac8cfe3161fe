/**
 * Reads a request's body from the Node stream itself: the web streams of `Request` cost as much as the whole rest of a
 * pass-through (measured in the performance baselines).
 */
import type { HttpBindings } from '@hono/node-server'
import { GatewayError } from '../domain/problems.ts'
import { unpacked } from './unpack.ts'

/** Largest body that is read. A message of 2,000 lines is well below. */
export const BODY_BYTES_MAX = 1024 * 1024

/** Longest wait for the rest of a body. */
const BODY_WAIT_MS = 15_000

/**
 * Reads what is left of a body and throws it away. An answer given before the end of the body closes a connection that is not
 * kept, and who sends everything before reading (PHP, a socket of Java) then hears a reset instead of the answer.
 *
 * @returns resolves when nothing is left, or the longest wait is over; never rejects
 */
export function passOver(incoming: HttpBindings['incoming']): Promise<void> {
  if (incoming.readableEnded || incoming.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, BODY_WAIT_MS)
    timer.unref()
    const over = () => {
      clearTimeout(timer)
      resolve()
    }
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
  return unpacked(await bytesOf(incoming, limit), incoming.headers['content-encoding'], limit)
}

function bytesOf(incoming: HttpBindings['incoming'], limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let ended = false
    const refuse = (error: GatewayError) => {
      ended = true
      clearTimeout(timer)
      reject(error)
    }
    const broken = (text: string) => {
      if (!ended) refuse(new GatewayError('unreadable-body', 'receive', text))
    }
    const timer = setTimeout(broken, BODY_WAIT_MS, '报文不完整，未在时限内发完，本次未办理任何业务')
    timer.unref()
    const tooLarge = () =>
      refuse(new GatewayError('body-too-large', 'receive', `报文超过${limit / 1024}KB，本次未办理任何业务`))
    if (Number(incoming.headers['content-length'] ?? 0) > limit) tooLarge()
    incoming.on('data', (chunk: Buffer) => {
      if (ended) return
      size += chunk.length
      if (size > limit) tooLarge()
      else chunks.push(chunk)
    })
    incoming.on('end', () => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size))
    })
    incoming.on('error', () => broken('报文不完整，中途断开，本次未办理任何业务'))
    incoming.on('aborted', () => broken('报文不完整，中途断开，本次未办理任何业务'))
  })
}

/** Refuses a body that does not say that it is JSON. @throws {GatewayError} wrong-content-type */
export function requireJson(contentType: string | undefined): void {
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType ?? '')) {
    throw new GatewayError('wrong-content-type', 'receive', '内容类型须为application/json')
  }
}
