/**
 * A client of bare sockets over connections that were opened beforehand, as many as hospitals keep; a request that finds
 * none free waits for one, and its wait counts. A connection for each request instead measures how fast connections are
 * made: thousands a second run over the queue of those that are not accepted yet, and the system tries them again after
 * seconds. A pool that looks for a free one among all takes more of a core than the gateway that it is to overload.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { layOut } from './claims.ts'
import { type Client, verdictOf } from './open-loop.ts'
import type { Running } from './processes.ts'
import { PATH } from './systems.ts'

const HEAD_END = Buffer.from('\r\n\r\n')
/** So much of an answer tells a yes. */
const START = 200

/** One connection, with the one answer that it waits for. */
class Line {
  readonly #socket: Socket
  readonly #giveBack: (line: Line) => void
  #taken: Buffer = Buffer.alloc(0)
  #end = -1
  #settle: { resolve(answer: Buffer): void; reject(cause: Error): void } | null = null

  private constructor(socket: Socket, giveBack: (line: Line) => void) {
    this.#giveBack = giveBack
    this.#socket = socket
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk))
    this.#socket.on('error', (cause) => this.#fail(cause))
    this.#socket.on('close', () => this.#fail(new Error('closed')))
  }

  /** @throws if it is not accepted */
  static async open(url: URL, giveBack: (line: Line) => void): Promise<Line> {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    await once(socket, 'connect')
    return new Line(socket, giveBack)
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
    const settle = this.#settle
    this.#settle = null
    settle?.resolve(answer)
    this.#giveBack(this)
  }

  #fail(cause: Error): void {
    const settle = this.#settle
    this.#settle = null
    if (!settle) return
    settle.reject(cause)
    this.#giveBack(this)
  }
}

/**
 * Opens a client for an open loop.
 *
 * @param connections how many are kept
 * @returns `close` ends them
 */
export async function bareSockets(server: Running, connections: number): Promise<Client & { close(): void }> {
  const url = new URL(server.url)
  const head = `POST ${PATH} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\nContent-Length: `
  const free: Line[] = []
  /** Requests that wait for a connection, the longest first; those before `next` have one. */
  const queue: ((line: Line) => void)[] = []
  let next = 0

  const giveBack = (line: Line) => {
    const waiting = queue[next]
    if (!waiting) {
      free.push(line)
      return
    }
    next += 1
    if (next === queue.length) {
      queue.length = 0
      next = 0
    }
    waiting(line)
  }
  const all = await Promise.all(Array.from({ length: connections }, () => Line.open(url, giveBack)))
  free.push(...all)

  /** One that was broken is opened anew. */
  async function line(): Promise<Line> {
    const one = free.pop() ?? (await new Promise<Line>((resolve) => queue.push(resolve)))
    if (one.isOpen) return one
    try {
      const made = await Line.open(url, giveBack)
      all.push(made)
      return made
    } catch (cause) {
      // Its place is not lost: whoever is next tries again.
      giveBack(one)
      throw cause
    }
  }

  return {
    requestOf: (body) => `${head}${layOut(body).bytes.length}\r\n\r\n${body}`,
    async ask(bytes) {
      const answer = await (await line()).ask(bytes)
      const at = answer.indexOf(HEAD_END) + HEAD_END.length
      // A yes is known by its beginning, and has no problem.
      const start = answer.toString('latin1', at, at + START)
      if (verdictOf(start) === 'yes') return { text: start, problem: null }
      const problem = /^zhijie-problem: (.+)$/im.exec(answer.toString('latin1', 0, at))?.[1] ?? null
      return { text: answer.toString('utf8', at), problem }
    },
    close() {
      for (const one of all) one.close()
    },
  }
}
