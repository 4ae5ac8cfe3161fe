/**
 * The one port of several workers. The primary reads of each connection only as much as tells whose it is, and then hands
 * the socket with those bytes to that worker: from then on the connection costs the primary nothing.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { BACKLOG, boundConnections, connectionsMax } from '../http/connections.ts'
import type { Clock } from '../ports.ts'
import { type Hint, hintOf } from './first-bytes.ts'

/** Takes a connection over. */
export interface Taker {
  /** @param bytes what was read from the socket already */
  hand(socket: Socket, bytes: Buffer): void
}

/** What the door needs. */
export interface DoorPorts {
  readonly port: number
  readonly host: string
  readonly clock: Pick<Clock, 'after'>
  /** Who is to have a connection; null where nobody is ready. */
  choose(hint: Hint): Taker | null
}

/** An open door. */
export interface Door {
  readonly port: number
  close(): void
}

/** How long a connection may take to say whose it is: it may have been opened ahead of its first request. */
const SILENCE_MS = 60_000

const NOBODY =
  'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 5\r\nconnection: close\r\n\r\n'

/** Opens the port. @throws where it is taken */
export async function openDoor({ port, host, clock, choose }: DoorPorts): Promise<Door> {
  const waiting = new Set<Socket>()
  // Without room to read ahead, the socket rests after each piece until it is asked for the next: what is not read here
  // is there for the worker.
  const server = createServer({ pauseOnConnect: true, highWaterMark: 0, noDelay: true, allowHalfOpen: true })
  const bound = boundConnections(server, connectionsMax())
  server.on('connection', (socket) => {
    waiting.add(socket)
    socket.once('close', () => waiting.delete(socket))
    readFirst(socket, clock, (bytes, hint) => {
      waiting.delete(socket)
      bound.busy(socket)
      const taker = choose(hint)
      if (taker) taker.hand(socket, bytes)
      else socket.end(NOBODY)
    })
  })
  server.listen({ port, host, backlog: BACKLOG })
  await once(server, 'listening').catch((error) => {
    const inUse = (error as { code?: string }).code === 'EADDRINUSE'
    throw new Error(inUse ? `Port ${port} is in use; set ZHIJIE_PORT to a free one` : String(error))
  })
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of waiting) socket.destroy()
    },
  }
}

/**
 * Reads until it is known whose the connection is. It is decided only when a piece has just come, for then the socket
 * rests; one that says too little for too long is closed.
 */
function readFirst(
  socket: Socket,
  clock: Pick<Clock, 'after'>,
  decide: (bytes: Buffer, hint: Hint) => void,
): void {
  let bytes: Buffer = Buffer.alloc(0)
  const cancel = clock.after(SILENCE_MS, () => end(null))
  const end = (hint: Hint | null) => {
    cancel()
    socket.removeListener('readable', read)
    socket.removeListener('end', gone)
    if (hint) decide(bytes, hint)
    else socket.destroy()
  }
  const gone = () => end(null)
  const read = () => {
    const chunk = socket.read() as Buffer | null
    if (chunk === null) return
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    const hint = hintOf(bytes)
    if (hint.is === 'more') socket.read(0)
    else end(hint)
  }
  socket.on('readable', read)
  socket.once('end', gone)
  socket.on('error', () => socket.destroy())
}
