/**
 * A bound on open connections, below what the process may have open: whoever opens connections and says nothing must not
 * take the descriptors that the journal and the calls to the platforms need.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server, Socket } from 'node:net'

/** The most connections, however many descriptors there are. */
const CONNECTIONS_MAX = 10_000
/**
 * How many connections may wait to be accepted (the system may allow fewer): Node's own 511 run over where some hundred
 * counters connect in one turn of a busy loop, and the system tries what ran over again after 1, 3, 7 seconds.
 */
export const BACKLOG = 4_096
/** With fewer than these no hospital is served. */
const CONNECTIONS_MIN = 16

/** What a process may have open where its system tells nothing of a limit. */
const UNTOLD = 2 * CONNECTIONS_MAX

/** Descriptors that this process may have open, and has. */
export function descriptors(): { readonly limit: number; readonly open: number } {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
    return { limit, open: readdirSync('/proc/self/fd').length }
  } catch {
    // Windows counts no sockets among them.
    return { limit: UNTOLD, open: 0 }
  }
}

/**
 * How many connections there may be: half of what is left, so that as many stay for files and calls to the platforms.
 *
 * @throws if that is too few to serve anybody
 */
export function connectionsMax({ limit, open } = descriptors()): number {
  const most = Math.min(CONNECTIONS_MAX, Math.floor((limit - open) / 2))
  if (most >= CONNECTIONS_MIN) return most
  throw new Error(
    `This process may have ${limit} files and connections open, and needs ${open} for itself: raise the limit (ulimit -n, or LimitNOFILE of the service) to 1024 or more`,
  )
}

/** Told of connections that are no longer to be closed for a newer one. */
export interface Bound {
  busy(socket: Socket): void
}

/**
 * Keeps a server within its bound: one connection more closes the one on which nothing has been asked for the longest. One
 * whose request is not answered yet is never closed; where all are like that the new one is.
 *
 * @param yields which connections count as such that may be closed
 */
export function boundConnections(server: Server, most: number, yields = (_socket: Socket) => true): Bound {
  const open = new Set<Socket>()
  /** On which nothing is under way, the one that has waited longest first. */
  const waiting = new Set<Socket>()

  server.on('connection', (socket: Socket) => {
    const forget = (one: Socket) => {
      open.delete(one)
      waiting.delete(one)
    }
    open.add(socket)
    if (yields(socket)) waiting.add(socket)
    socket.once('close', () => forget(socket))
    if (open.size <= most) return
    const [oldest = socket] = waiting
    forget(oldest)
    oldest.destroy()
  })

  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (!waiting.delete(socket)) return
    response.once('close', () => {
      if (!socket.destroyed) waiting.add(socket)
    })
  })
  return { busy: (socket) => void waiting.delete(socket) }
}
