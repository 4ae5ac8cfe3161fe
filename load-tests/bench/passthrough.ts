/**
 * The reference: the fastest pass-through that the gateway's own libraries allow. A Hono route reads the body from the
 * Node stream, undici carries it to the platform, the answer's bytes go back. Nothing is checked, kept or counted. It is
 * what every ratio is taken against: nobody may slow it down. Told by its first argument: `{"upstream":"http://…"}`.
 */
import { type HttpBindings, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { Pool } from 'undici'

const { upstream } = JSON.parse(process.argv[2]!) as { upstream: string }
const pool = new Pool(upstream, { connections: 128, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
const HEADERS = ['content-type', 'application/json; charset=utf-8']

function bodyOf({ incoming }: HttpBindings): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    incoming.on('error', reject)
  })
}

function passed(path: string, body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
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

const app = new Hono<{ Bindings: HttpBindings }>()
app.post('*', async (context) => {
  const answer = await passed(context.req.path, await bodyOf(context.env))
  return context.body(answer as Uint8Array<ArrayBuffer>, 200, {
    'content-type': 'application/json; charset=utf-8',
  })
})
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.send?.({ url: `http://127.0.0.1:${port}` })
})
process.once('disconnect', () => {
  server.close()
  process.exit()
})
