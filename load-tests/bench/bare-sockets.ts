/**
 * A client of bare sockets: each request on a connection that is free, or on a new one. Where thousands wait for their
 * answer, a pool that looks for a free connection among all of them takes more of a core than the gateway that it is to
 * overload.
 */
import { connect, type Socket } from 'node:net'
import type { Ask } from './open-loop.ts'
import type { Running } from './processes.ts'
import { PATH } from './systems.ts'

const HEAD_END = Buffer.from('\r\n\r\n')

/** One connection, with the one answer that it waits for. */
class Line {
  readonly #socket: Socket
  readonly #free: Line[]
  #taken: Buffer = Buffer.alloc(0)
  #end = -1
  #settle: { resolve(answer: Buffer): void; reject(cause: Error): void } | null = null

  constructor(url: URL, free: Line[]) {
    this.#free = free
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#socket.on('error', (cause) => this.#fail(cause))
    this.#socket.on('close', () => this.#fail(new Error('closed')))
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  ask(bytes: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#socket.write(bytes)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#taken = this.#taken.length > 0 ? Buffer.concat([this.#taken, chunk]) : chunk
    if (this.#end < 0) {
      const head = this.#taken.indexOf(HEAD_END)
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(this.#taken.toString('latin1', 0, head))?.[1])
      this.#end = head + HEAD_END.length + length
    }
    if (this.#taken.length < this.#end) return
    const answer = this.#taken
    this.#taken = Buffer.alloc(0)
    this.#end = -1
    this.#free.push(this)
    this.#settle?.resolve(answer)
    this.#settle = null
  }

  #fail(cause: Error): void {
    this.#settle?.reject(cause)
    this.#settle = null
  }
}

/** Opens a client for an open loop. @returns `close` ends its connections */
export function bareSockets(server: Running): Ask & { close(): void } {
  const url = new URL(server.url)
  const free: Line[] = []
  const all: Line[] = []
  const head = `POST ${PATH} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nContent-Length: `

  function line(): Line {
    for (let one = free.pop(); one; one = free.pop()) if (one.isOpen) return one
    const made = new Line(url, free)
    all.push(made)
    return made
  }

  async function ask(body: Buffer) {
    const answer = await line().ask(Buffer.concat([Buffer.from(`${head}${body.length}\r\n\r\n`), body]))
    const at = answer.indexOf(HEAD_END)
    const problem = /^zhijie-problem: (.+)$/im.exec(answer.toString('latin1', 0, at))?.[1] ?? null
    return { text: answer.toString('utf8', at + HEAD_END.length), problem }
  }
  return Object.assign(ask, {
    close() {
      for (const one of all) one.close()
    },
  })
}
