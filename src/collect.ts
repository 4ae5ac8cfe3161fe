/** The one way in which a whole body or answer is taken into memory: up to a limit, within a time. */
import type { IncomingMessage } from 'node:http'

/** Why there is no body: longer than the limit, not whole in time, or broken off. */
export type CollectFault = 'too-large' | 'late' | 'broken'

/** What was not collected. */
export class NotCollected extends Error {
  override readonly name = 'NotCollected'
  readonly why: CollectFault

  constructor(why: CollectFault) {
    super(`the body is ${why}`)
    this.why = why
  }
}

/**
 * Collects the bytes of a message. What comes after a refusal is thrown away and never held.
 *
 * @param limit in bytes; a length that is announced counts before anything is read
 * @param waitMs longest wait for the end; null leaves it to the caller
 * @throws {NotCollected}
 */
export function collect(incoming: IncomingMessage, limit: number, waitMs: number | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = []
    let size = 0
    let ended = false
    const refuse = (why: CollectFault) => {
      if (ended) return
      ended = true
      chunks = []
      clearTimeout(timer)
      reject(new NotCollected(why))
    }
    const timer = waitMs === null ? undefined : setTimeout(refuse, waitMs, 'late')
    timer?.unref()
    if (Number(incoming.headers['content-length'] ?? 0) > limit) refuse('too-large')
    incoming.on('data', (chunk: Buffer) => {
      if (ended) return
      size += chunk.length
      if (size > limit) refuse('too-large')
      else chunks.push(chunk)
    })
    incoming.on('end', () => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size))
    })
    incoming.on('error', () => refuse('broken'))
    incoming.on('aborted', () => refuse('broken'))
  })
}
