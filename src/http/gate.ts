/**
 * What stands before every door: a request that a web page of somebody else makes its reader's browser send. Such a page
 * gets in by a name of its own that leads to this machine (DNS rebinding), which `Host` shows, or by a request to our name,
 * which `Sec-Fetch-Site` and `Origin` show. Browsers write these and no page can change them. Forwarded headers are never
 * read, since anyone may send them.
 */
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { isLoopback } from '../config.ts'
import { Unidentified } from '../pipeline/callers.ts'

/** Names that the gateway goes by. */
export interface OwnNames {
  /** Where it listens. */
  readonly host: string
  /** Further names, as a deployment lists them. */
  readonly hosts: readonly string[]
  readonly publicUrl: string | null
}

/** Judges a request before anything is read of it. @throws {Unidentified} foreign-host, cross-site */
export type Gate = (incoming: IncomingMessage) => void

/** Spellings of `Host` that are remembered: a browser may put any port behind a name. */
const KNOWN_MAX = 1000
const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS'])
/** What a browser says of its own pages, and of an address that its user has typed. */
const OWN_SITES = new Set(['same-origin', 'none'])

/** Opens the gate. */
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
    // Without a host it is HTTP/1.0, which no browser speaks.
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

/** A name as it is compared: without brackets, and an IPv4 address as such. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/\.$/, '')
}
