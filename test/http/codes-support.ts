/** A door alone on a free port. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type HttpBindings, serve } from '@hono/node-server'
import type { Hono } from 'hono'

/** Serves an app until it is closed. */
export async function served(app: Pick<Hono<{ Bindings: HttpBindings }>, 'fetch'>) {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const read = async (response: Response) => {
    const text = await response.text()
    // biome-ignore lint/suspicious/noExplicitAny: what is answered is what the test looks at
    return { status: response.status, headers: response.headers, text, json: JSON.parse(text) as any }
  }
  return {
    ask: async (path: string, init?: RequestInit) => read(await fetch(url + path, init)),
    post: async (path: string, body: unknown, headers: Record<string, string> = {}) =>
      read(
        await fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
    close() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    },
  }
}
