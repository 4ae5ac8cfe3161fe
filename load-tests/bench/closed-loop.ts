/**
 * The closed loop: so many connections, each sends its next request when it has its answer. Over bare sockets with the
 * request laid out beforehand and only its ids written anew: autocannon on the second core is at its limit before the
 * reference on the first is (it used 0.6 of its core), and its ids are longer than a message id may be.
 */
import { connect, type Socket } from 'node:net'
import { quantile } from '../statistics.ts'
import { ID } from './claims.ts'
import type { Running } from './processes.ts'

/** What a closed loop gave. */
export interface ClosedRun {
  /** Sent, each under an id of its own. */
  readonly requests: number
  readonly yes: number
  readonly rate: number
  /** CPU time of the server for one request, in microseconds; NaN where the system does not tell. */
  readonly cpuMicros: number
  /** Share of one core that the server used: well below 1, and something else was the limit. */
  readonly busy: number
  readonly p50: number
  readonly p99: number
}

/** Length of an id: that of a national message id. */
const ID_LENGTH = 30
const YES = Buffer.from('"infcode":0')
const HEAD_END = Buffer.from('\r\n\r\n')
const HEAD_BYTES = 400

let serial = 0
const run = Date.now().toString(36).toUpperCase()

/** An id that nobody has used: thirty characters, as a message id has. */
export function freshId(): string {
  serial += 1
  return (
    run +
    serial
      .toString(36)
      .toUpperCase()
      .padStart(ID_LENGTH - run.length, '0')
  )
}

/** A request as bytes, and where its ids stand. */
function requestOf(url: URL, path: string, body: string): { bytes: Buffer; places: number[] } {
  const filled = body.replaceAll(ID, 'x'.repeat(ID_LENGTH))
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${url.host}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(filled)}`,
    '\r\n',
  ].join('\r\n')
  const bytes = Buffer.from(head + filled)
  const places: number[] = []
  const mark = 'x'.repeat(ID_LENGTH)
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + ID_LENGTH)) places.push(at)
  return { bytes, places }
}

/** One connection at work. */
class Connection {
  readonly times: number[] = []
  requests = 0
  yes = 0
  readonly #socket: Socket
  readonly #bytes: Buffer
  readonly #places: readonly number[]
  readonly #until: number
  #sentAt = 0
  #missing = -1
  #head: Buffer = Buffer.alloc(0)
  readonly done: Promise<void>

  constructor(url: URL, { bytes, places }: ReturnType<typeof requestOf>, until: number) {
    this.#bytes = Buffer.from(bytes)
    this.#places = places
    this.#until = until
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    this.done = new Promise((resolve, reject) => {
      this.#socket.once('connect', () => this.#send())
      this.#socket.on('data', (chunk: Buffer) => this.#take(chunk))
      this.#socket.once('error', reject)
      this.#socket.once('close', () => resolve())
    })
  }

  #send(): void {
    if (performance.now() >= this.#until) {
      this.#socket.end()
      return
    }
    const id = freshId()
    for (const place of this.#places) this.#bytes.write(id, place, 'latin1')
    this.requests += 1
    this.#sentAt = performance.now()
    this.#socket.write(this.#bytes)
  }

  #take(chunk: Buffer): void {
    if (this.#missing < 0) {
      const start = this.#head.length > 0 ? Buffer.concat([this.#head, chunk]) : chunk
      const end = start.indexOf(HEAD_END)
      if (end < 0) {
        this.#head = start
        return
      }
      const length = Number(/content-length: (\d+)/i.exec(start.toString('latin1', 0, end))?.[1])
      if (start.subarray(end, end + HEAD_BYTES).includes(YES)) this.yes += 1
      this.#missing = length - (start.length - end - HEAD_END.length)
      this.#head = Buffer.alloc(0)
    } else this.#missing -= chunk.length
    if (this.#missing > 0) return
    this.#missing = -1
    this.times.push(performance.now() - this.#sentAt)
    this.#send()
  }
}

/** Runs it. Every `[<id>]` of a body becomes an id of its own, the same in one request. */
export async function closedLoop(
  server: Running,
  path: string,
  body: string,
  connections: number,
  seconds: number,
): Promise<ClosedRun> {
  const url = new URL(server.url)
  const request = requestOf(url, path, body)
  const before = server.cpuMicros() ?? Number.NaN
  const started = performance.now()
  const until = started + seconds * 1000
  const all = Array.from({ length: connections }, () => new Connection(url, request, until))
  await Promise.all(all.map(({ done }) => done))
  const cpu = (server.cpuMicros() ?? Number.NaN) - before
  const elapsedMs = performance.now() - started
  const times = all.flatMap((one) => one.times)
  const sum = (key: 'requests' | 'yes') => all.reduce((total, one) => total + one[key], 0)
  return {
    requests: sum('requests'),
    yes: sum('yes'),
    rate: (sum('requests') * 1000) / elapsedMs,
    cpuMicros: cpu / sum('requests'),
    busy: cpu / (elapsedMs * 1000),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  }
}
