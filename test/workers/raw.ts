/** One connection, byte by byte as a test wants it. */
import { connect, type Socket } from 'node:net'

/** A request as bytes. */
export function requestOf(
  body: string,
  path = '/hss-call-service-interface',
  head: readonly string[] = [],
): Buffer {
  const lines = [`POST ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Content-Type: application/json', ...head]
  return Buffer.from([...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'))
}

/** An open connection. */
export interface Connection {
  /** Writes pieces, each in a packet of its own, and resolves with the body of the next answer. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the gateway says
  say(...pieces: readonly Buffer[]): Promise<any>
  close(): void
}

const HEAD_END = '\r\n\r\n'

/** Opens a connection. */
export function open(url: string): Connection {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true })
  return {
    async say(...pieces) {
      const heard = answerOf(socket)
      for (const piece of pieces) {
        await new Promise<void>((resolve) => socket.write(piece, () => resolve()))
        await new Promise((resolve) => setImmediate(resolve))
      }
      return JSON.parse(await heard)
    },
    close: () => socket.destroy(),
  }
}

function answerOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0)
    const done = (act: () => void) => {
      socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error')
      act()
    }
    socket.on('error', (cause) => done(() => reject(cause)))
    socket.on('close', () => done(() => reject(new Error(`closed after ${bytes.length} bytes`))))
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      const end = bytes.indexOf(HEAD_END)
      if (end < 0) return
      const body = bytes.subarray(end + HEAD_END.length)
      const length = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1])
      if (body.length >= length) done(() => resolve(body.toString()))
    })
  })
}
