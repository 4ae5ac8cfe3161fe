/**
 * The reference: the fastest pass-through that the gateway's own libraries allow. A Hono route reads the body from the
 * Node stream, undici carries it to the platform, the answer's bytes go back. Nothing is checked, kept or counted. It is
 * what every ratio is taken against: nobody may slow it down. Told by its first argument: `{"upstream":"http://…"}`.
 */
import { type HttpBindings, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyOf, createRelay } from './relay.ts'

const { upstream } = JSON.parse(process.argv[2]!) as { upstream: string }
const relay = createRelay(upstream)
const app = new Hono<{ Bindings: HttpBindings }>()
app.post('*', async (context) => {
  const answer = await relay(context.req.path, await bodyOf(context.env))
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
