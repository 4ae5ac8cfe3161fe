/** What the reference does and everything that is built on it: a body from the Node stream, undici, the answer's bytes. */
import type { HttpBindings } from '@hono/node-server'
import { Pool } from 'undici'

const HEADERS = ['content-type', 'application/json; charset=utf-8']

/** The bytes of a request. */
export function bodyOf({ incoming }: HttpBindings): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    incoming.on('error', reject)
  })
}

/** Makes the way to a platform and back. */
export function createRelay(upstream: string): (path: string, body: Buffer) => Promise<Buffer> {
  const pool = new Pool(upstream, { connections: 128, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  return (path, body) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      pool.dispatch(
        { method: 'POST', path, headers: HEADERS, body },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData(_controller, chunk) {
            chunks.push(chunk)
          },
          onResponseEnd() {
            resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
          },
          onResponseError(_controller, cause) {
            reject(cause)
          },
        },
      )
    })
}
