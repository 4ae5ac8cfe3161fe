/**
 * Refuses requests that a web page makes a user's browser send, on any path. The simulator listens on loopback
 * only, so it has no other name; browsers set `Sec-Fetch-Site` and `Origin` themselves.
 */
import type { MiddlewareHandler } from 'hono'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i
const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS']

/** Refuses other names than loopback with 421, and pages of other sites that would change something with 403. */
export const guard: MiddlewareHandler = async (context, next) => {
  const { req } = context
  const host = req.header('host')
  if (host !== undefined && !LOOPBACK.test(host)) {
    return context.json({ error: 'A simulated platform is reached as 127.0.0.1 or localhost only' }, 421)
  }
  const site = req.header('sec-fetch-site')
  const origin = req.header('origin')
  const isOwn =
    site === undefined
      ? origin === undefined || URL.parse(origin)?.host === host
      : ['same-origin', 'none'].includes(site)
  if (!isOwn && !CHANGES_NOTHING.includes(req.method)) {
    return context.json({ error: 'Requests of other web sites are refused' }, 403)
  }
  return next()
}
