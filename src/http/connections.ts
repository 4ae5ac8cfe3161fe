/**
 * Limits open connections below the process's file descriptor limit: idle connections must not use up the descriptors
 * that the journal and calls to platforms need.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Server, Socket } from 'node:net'

/** Maximum connections, however many descriptors there are. */
const CONNECTIONS_MAX = 10_000
/**
 * Length of the accept queue (the system may allow less). Node's default of 511 overflows when some hundred counters
 * connect within one turn of a busy loop, and the system retries an overflow only after 1, 3, 7 seconds.
 */
export const BACKLOG = 4_096
/** With fewer than these the gateway cannot serve hospitals. */
const CONNECTIONS_MIN = 16

/** Assumed descriptor limit if the system reports none. */
const UNTOLD = 2 * CONNECTIONS_MAX

/** Descriptor limit of this process, and how many are open. */
export function descriptors(): { readonly limit: number; readonly open: number } {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const limit = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
    return { limit, open: readdirSync('/proc/self/fd').length }
  } catch {
    // Windows does not count sockets as descriptors.
    return { limit: UNTOLD, open: 0 }
  }
}

/**
 * Maximum connections: half of the remaining descriptors; the rest is for files and calls to platforms.
 *
 * @throws if that is too few to serve anyone
 */
export function connectionsMax({ limit, open } = descriptors()): number {
  const most = Math.min(CONNECTIONS_MAX, Math.floor((limit - open) / 2))
  if (most >= CONNECTIONS_MIN) return most
  throw new Error(
    `This process may have ${limit} files and connections open, and needs ${open} for itself: raise the limit (ulimit -n, or LimitNOFILE of the service) to 1024 or more`,
  )
}

/** Called for connections that must no longer be closed in favour of newer ones. */
export interface Bound {
  busy(socket: Socket): void
}

/**
 * Enforces the limit of a server: a connection beyond it closes the one that has been idle the longest. A connection
 * with an unanswered request is never closed; if all are like that, the new one is.
 *
 * @param yields which connections may be closed
 */
export function boundConnections(server: Server, most: number, yields = (_socket: Socket) => true): Bound {
  const open = new Set<Socket>()
  /** Idle connections, the longest idle first. */
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
