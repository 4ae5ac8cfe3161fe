/**
 * Protects all endpoints against requests that a foreign web page makes a user's browser send. Such a page uses
 * either its own name resolving to this machine (DNS rebinding), which `Host` reveals, or our name, which
 * `Sec-Fetch-Site` and `Origin` reveal. Browsers set these headers and pages cannot change them. Forwarded headers
 * are never read, since anyone may send them.
 */
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../config.ts'
import { Unidentified } from '../pipeline/callers.ts'

/** Host names of the gateway. */
export interface OwnNames {
  /** Address it listens on. */
  readonly host: string
  /** Further names configured by a deployment. */
  readonly hosts: readonly string[]
  readonly publicUrl: string | null
}

/** Judges a request by its headers. @throws {Unidentified} foreign-host, cross-site */
export type Gate = (incoming: IncomingMessage) => void

/** Cached spellings of `Host`: a browser may put any port behind a name. */
const KNOWN_MAX = 1000
const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Values for own pages, and for an address typed by the user. */
const OWN_SITES = new Set(['same-origin', 'none'])

/** Creates the gate. */
export function openGate({ host, hosts, publicUrl }: OwnNames): Gate {
  const listed = new Set([...hosts, ...(publicUrl === null ? [] : [new URL(publicUrl).hostname])].map(plain))
  const own = new Set([plain(host), ...listed])
  const known = new Set<string>()

  function isOwnHost(given: string, { socket }: IncomingMessage): boolean {
    if (known.has(given)) return true
    const name = plain(given.replace(/:\d+$/, ''))
    if (!own.has(name) && !isLoopback(name) && name !== plain(socket.localAddress ?? '')) return false
    if (known.size < KNOWN_MAX) known.add(given)
    return true
  }

  function isOwnPage(site: string | undefined, origin: string | undefined, given: string | undefined) {
    if (site !== undefined && OWN_SITES.has(site)) return true
    if (site === undefined && origin === undefined) return true
    const from = URL.parse(origin ?? '')
    if (from === null) return false
    return listed.has(plain(from.hostname)) || (site === undefined && from.host === given?.toLowerCase())
  }

  return (incoming) => {
    const { host: given, origin, 'sec-fetch-site': site } = incoming.headers
    // Only HTTP/1.0 has no host, and no browser speaks it.
    if (given !== undefined && !isOwnHost(given, incoming)) {
      const told = given.replaceAll(/[^\w.:[\]-]/g, '').slice(0, 100)
      throw new Unidentified(
        'foreign-host',
        'receive',
        `请求所用的主机名“${told}”未登记为本网关的名称，本次未办理任何业务。确需经此名称访问的，请网关管理员在ZHIJIE_HOSTS中登记`,
      )
    }
    if (site === undefined && origin === undefined) return
    if (CHANGES_NOTHING.has(incoming.method!) || isOwnPage(site as string | undefined, origin, given)) return
    throw new Unidentified('cross-site', 'receive', '不接受其他网站的页面发来的请求，本次未办理任何业务')
  }
}

/** Puts a gate before the routes of an app. */
export function before(gate: Gate): MiddlewareHandler<{ Bindings: HttpBindings }> {
  return (context, next) => {
    gate(context.env.incoming)
    return next()
  }
}

/** A name normalised for comparison: without brackets, IPv4-mapped addresses as IPv4. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/\.$/, '')
}
