/**
 * The closed loop: so many connections, each sends its next request when it has its answer. Over bare sockets with the
 * request laid out beforehand and only its ids written anew, and not by autocannon: on the second core that is at its
 * limit before the reference on the first is. `npm run bench -- --only generator` shows both; its figures are in
 * RESULTS.md.
 */
import { connect, type Socket } from 'node:net'
import { quantile } from '../statistics.ts'
import { type Claim, type LaidOut, layOut, writeId } from './claims.ts'
import { freshId } from './ids.ts'
import type { Running } from './processes.ts'
import type { Sent } from './stage.ts'
import { PATH } from './systems.ts'

/** What a closed loop gave. */
export interface ClosedRun extends Sent {
  readonly rate: number
  /** CPU time of the server for one request, in microseconds; NaN where the system does not tell. */
  readonly cpuMicros: number
  /** Share of one core that the server used: well below 1, and something else was the limit. */
  readonly busy: number
  readonly p50: number
  readonly p99: number
}

/** When a closed loop ends: by the clock, or after so many requests. */
export type Until = { readonly seconds: number } | { readonly requests: number }

const YES = Buffer.from('"infcode":0')
const HEAD_END = Buffer.from('\r\n\r\n')
const HEAD_BYTES = 400

/** A request as bytes. */
function requestOf(url: URL, body: string): LaidOut {
  const head = [
    `POST ${PATH} HTTP/1.1`,
    `Host: ${url.host}`,
    'Content-Type: application/json',
    `Content-Length: ${layOut(body).bytes.length}`,
    '\r\n',
  ].join('\r\n')
  return layOut(head + body)
}

/** One connection at work. */
class Connection {
  readonly times: number[] = []
  yes = 0
  readonly #socket: Socket
  readonly #bytes: Buffer
  readonly #places: readonly number[]
  readonly #more: () => boolean
  #sentAt = 0
  #missing = -1
  #head: Buffer = Buffer.alloc(0)
  readonly done: Promise<void>

  constructor(url: URL, { bytes, places }: LaidOut, more: () => boolean) {
    this.#bytes = bytes
    this.#places = places
    this.#more = more
    this.#socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    this.done = new Promise((resolve, reject) => {
      this.#socket.once('connect', () => this.#send())
      this.#socket.on('data', (chunk: Buffer) => this.#take(chunk))
      this.#socket.once('error', reject)
      this.#socket.once('close', () => resolve())
    })
  }

  #send(): void {
    if (!this.#more()) {
      this.#socket.end()
      return
    }
    writeId(this.#bytes, this.#places, freshId())
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

/**
 * Runs it. Every `[<id>]` of a body becomes an id of its own, the same in one request.
 *
 * @param claims one a connection, from the first again where there are more connections
 * @param sentSoFar told with every request
 */
export async function closedLoop(
  server: Running,
  claims: readonly Claim[],
  connections: number,
  until: Until,
  sentSoFar: (requests: number) => void = () => {},
): Promise<ClosedRun> {
  const url = new URL(server.url)
  const before = server.cpuMicros() ?? Number.NaN
  const started = performance.now()
  let sent = 0
  function more(): boolean {
    const going =
      'seconds' in until ? performance.now() < started + until.seconds * 1000 : sent < until.requests
    if (going) {
      sent += 1
      sentSoFar(sent)
    }
    return going
  }
  const all = Array.from(
    { length: connections },
    (_, index) => new Connection(url, requestOf(url, claims[index % claims.length]!.body), more),
  )
  await Promise.all(all.map(({ done }) => done))
  const cpu = (server.cpuMicros() ?? Number.NaN) - before
  const elapsedMs = performance.now() - started
  const times = all.flatMap((one) => one.times)
  const yes = all.reduce((total, one) => total + one.yes, 0)
  return {
    sent,
    yes,
    refused: 0,
    rate: (sent * 1000) / elapsedMs,
    cpuMicros: cpu / sent,
    busy: cpu / (elapsedMs * 1000),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  }
}
