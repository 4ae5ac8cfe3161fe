/**
 * A fault proxy between the gateway and one platform, over plain TCP. It reads whole requests and whole answers, so that
 * a test can say what goes wrong with which one, and act at the points between them.
 */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What the proxy does with a request. */
export type Behaviour =
  | { readonly is: 'pass' }
  /** Resets the connection; the platform never hears of the request. */
  | { readonly is: 'reset-before' }
  /** Forwards the request, then resets the connection; the platform works on. */
  | { readonly is: 'reset-after' }
  /** Resets the connection in the middle of the answer. */
  | { readonly is: 'reset-middle' }
  /** Forwards the request and closes its own half of the connection without an answer. */
  | { readonly is: 'half-close' }
  /** Passes the answer one byte at a time, one a second unless told otherwise. */
  | { readonly is: 'drip'; readonly paceMs?: number }
  /** Takes the request, forwards nothing and never answers. */
  | { readonly is: 'black-hole' }
  /** Holds the answer. */
  | { readonly is: 'late'; readonly ms: number }
  /** Passes the answer twice on the one connection. */
  | { readonly is: 'double' }
  /** Closes a connection that was idle just as it is used again; a fresh connection passes and leaves this in force. */
  | { readonly is: 'keep-alive-race' }

/** One request on its way through the proxy. */
export interface Passing {
  /** Transaction and message id; empty where it is no message. */
  readonly transaction: string
  readonly message: string
  /** Message that a reversal undoes; empty in others. */
  readonly original: string
  /** Number of the connection, and how many requests it had carried before this one. */
  readonly connection: number
  readonly earlier: number
  readonly behaviour: Behaviour['is']
  readonly forwarded: boolean
  /** UTC milliseconds at which the whole request was here. */
  readonly at: number
}

/** Called at the points of a request's way; what the platform sees waits for none of them. */
export interface ProxyEvents {
  /** A whole request is here; nothing was forwarded. What it returns happens to it instead of what was set. */
  onRequest?(passing: Passing): Behaviour | undefined
  /** The request has been handed to the platform's socket. */
  onForwarded?(passing: Passing): void
  /** The whole answer is here; nothing was passed on. */
  onReply?(passing: Passing): void
  /** The answer has been handed to the gateway's socket. */
  onPassed?(passing: Passing): void
}

/** Which requests a behaviour is for. */
export interface Choice {
  readonly transaction?: string
  /** How often it happens; once unless told. */
  readonly times?: number
}

/** A proxy that listens. */
export interface FaultProxy {
  readonly url: string
  /** Sets what happens to the next requests that fit. */
  request(behaviour: Behaviour, choice?: Choice): void
  /** Sets what happens to every request of the next connection. */
  connection(behaviour: Behaviour): void
  /** Takes back what was set and has not happened. */
  clear(): void
  /** Closes all connections that carry no request now, as a server does whose keep-alive time is over. */
  closeIdle(): number
  /** Every request that came with a message, in order. */
  readonly seen: readonly Passing[]
  /** How often a message came. */
  posts(message: string, transaction: string): number
  close(): Promise<void>
}

interface Rule {
  readonly behaviour: Behaviour
  readonly transaction: string | undefined
  times: number
}

const PASS: Behaviour = { is: 'pass' }
const HEAD_END = Buffer.from('\r\n\r\n')
const CHUNKS_END = Buffer.from('\r\n0\r\n\r\n')
const DRIP_MS = 1000

/** The length of the first whole HTTP message in the bytes, or null where it is not whole yet. */
function wholeLength(bytes: Buffer): number | null {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return null
  const head = bytes.subarray(0, end).toString('latin1').toLowerCase()
  const body = end + HEAD_END.length
  if (/\r\ntransfer-encoding: *chunked/.test(head)) {
    const last = bytes.indexOf(CHUNKS_END, end + 2)
    return last < 0 ? null : last + CHUNKS_END.length
  }
  const length = Number(/\r\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0)
  return bytes.length >= body + length ? body + length : null
}

function nameOf(request: Buffer): Pick<Passing, 'transaction' | 'message' | 'original'> {
  try {
    const body = request.subarray(request.indexOf(HEAD_END) + HEAD_END.length).toString()
    const { infno, msgid, input } = JSON.parse(body)
    const original = infno === '2601' ? input?.data?.omsgid : ''
    return {
      transaction: String(infno ?? ''),
      message: String(msgid ?? ''),
      original: String(original ?? ''),
    }
  } catch {
    return { transaction: '', message: '', original: '' }
  }
}

/**
 * Starts a proxy on a free port.
 *
 * @param target address of the platform
 */
export async function startProxy(target: string, events: ProxyEvents = {}): Promise<FaultProxy> {
  const { hostname, port } = new URL(target)
  const seen: Passing[] = []
  const sockets = new Set<Socket>()
  const busy = new Set<Socket>()
  let rules: Rule[] = []
  let connections: Behaviour[] = []
  let numbers = 0

  function behaviourOf(own: Behaviour, transaction: string, earlier: number): Behaviour {
    const fits = (rule: Rule) =>
      (rule.transaction ?? transaction) === transaction &&
      (rule.behaviour.is !== 'keep-alive-race' || earlier > 0)
    const rule = rules.find(fits)
    if (!rule) return own
    rule.times -= 1
    rules = rules.filter(({ times }) => times > 0)
    return rule.behaviour
  }

  /** Asks the platform on a connection of its own; null where it gives no whole answer. */
  async function ask(request: Buffer, forwarded: () => void): Promise<Buffer | null> {
    const upstream = connect(Number(port), hostname)
    sockets.add(upstream)
    upstream.on('close', () => sockets.delete(upstream))
    upstream.on('error', () => {})
    upstream.write(request, (fault) => fault ?? forwarded())
    let answer: Buffer = Buffer.alloc(0)
    return new Promise((resolve) => {
      upstream.on('close', () => resolve(null))
      upstream.on('data', (bytes) => {
        answer = Buffer.concat([answer, bytes])
        const length = wholeLength(answer)
        if (length === null) return
        resolve(answer.subarray(0, length))
        upstream.destroy()
      })
    })
  }

  async function drip(client: Socket, answer: Buffer, paceMs: number): Promise<void> {
    for (const byte of answer) {
      if (client.destroyed) return
      client.write(Buffer.of(byte))
      await pause(paceMs)
    }
  }

  async function answerWith(behaviour: Behaviour, client: Socket, answer: Buffer): Promise<void> {
    switch (behaviour.is) {
      case 'reset-middle':
        await new Promise((resolve) => client.write(answer.subarray(0, answer.length - 20), resolve))
        // Time for the bytes to be read: a reset throws away what the other side has not read.
        await pause(20)
        client.resetAndDestroy()
        return
      case 'drip':
        return drip(client, answer, behaviour.paceMs ?? DRIP_MS)
      case 'double':
        client.write(Buffer.concat([answer, answer]))
        return
      case 'late':
        await pause(behaviour.ms)
        client.write(answer)
        return
      default:
        client.write(answer)
    }
  }

  async function carry(client: Socket, request: Buffer, set: Behaviour, passing: Passing) {
    const behaviour = events.onRequest?.(passing) ?? set
    Object.assign(passing, { behaviour: behaviour.is })
    if (behaviour.is === 'reset-before') return void client.resetAndDestroy()
    if (behaviour.is === 'keep-alive-race') return void client.end()
    if (behaviour.is === 'black-hole') return
    const answer = await ask(request, () => {
      Object.assign(passing, { forwarded: true })
      events.onForwarded?.(passing)
      if (behaviour.is === 'reset-after') client.resetAndDestroy()
      if (behaviour.is === 'half-close') client.end()
    })
    if (!answer) return void client.destroy()
    events.onReply?.(passing)
    if (client.destroyed || client.writableEnded) return
    await answerWith(behaviour, client, answer)
    events.onPassed?.(passing)
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    numbers += 1
    const number = numbers
    const own = connections.shift() ?? PASS
    let waiting: Buffer = Buffer.alloc(0)
    let earlier = 0
    let turn = Promise.resolve()
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    client.on('error', () => {})
    client.on('end', () => client.end())
    client.on('data', (bytes) => {
      waiting = Buffer.concat([waiting, bytes])
      for (let length = wholeLength(waiting); length !== null; length = wholeLength(waiting)) {
        const request = waiting.subarray(0, length)
        waiting = waiting.subarray(length)
        const named = nameOf(request)
        const behaviour = behaviourOf(own, named.transaction, earlier)
        const [is, at] = [behaviour.is, Date.now()]
        const passing = { ...named, connection: number, earlier, behaviour: is, forwarded: false, at }
        earlier += 1
        if (named.message) seen.push(passing)
        busy.add(client)
        turn = turn.then(() => carry(client, request, behaviour, passing)).finally(() => busy.delete(client))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as { port: number }

  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    request(behaviour, { transaction, times = 1 } = {}) {
      rules.push({ behaviour, transaction, times })
    },
    connection(behaviour) {
      connections.push(behaviour)
    },
    clear() {
      rules = []
      connections = []
    },
    closeIdle() {
      const idle = [...sockets].filter((socket) => socket.localPort === address.port && !busy.has(socket))
      for (const socket of idle) socket.end()
      return idle.length
    },
    posts: (message, transaction) =>
      seen.filter((passing) => passing.message === message && passing.transaction === transaction).length,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
