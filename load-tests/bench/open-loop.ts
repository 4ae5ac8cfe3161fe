/**
 * The open loop: requests leave when a Poisson process says so, whatever became of those before, and each is timed from
 * the moment at which it was due. So a server that stalls cannot hide it (coordinated omission). Nor may the generator
 * stall itself: its requests are laid out as bytes, and `npm run bench` gives it a small young generation and a collector
 * without helpers, which share the core with the platform.
 */
import { Pool } from 'undici'
import { type Claim, layOut, writeId } from './claims.ts'
import { freshId } from './ids.ts'
import type { Running } from './processes.ts'
import type { Sent } from './stage.ts'
import { PATH } from './systems.ts'

/** `refused`: a clear no, nothing has left. `lost`: unknown to the hospital, or no answer at all. */
export type Verdict = 'yes' | 'refused' | 'lost'

/** One request. */
export interface Shot {
  /** Milliseconds from the start of the run. */
  readonly due: number
  /** Milliseconds from the due moment to the last byte. */
  readonly took: number
  readonly verdict: Verdict
}

/** One request with what more is known of it. */
export interface Fired extends Shot {
  /** Code of the problem, where it was answered with one; `no answer` where nothing came. */
  readonly problem: string | null
  /** Milliseconds from the due moment to that at which the generator sent it. */
  readonly late: number
}

/** What an open loop gave. */
export interface OpenRun extends Sent {
  /** When it began, by `performance.now()`. */
  readonly startedAt: number
  /** In the order in which they were due. */
  readonly shots: readonly Fired[]
  /** CPU time of the server for one request, in microseconds; NaN where the system does not tell. */
  readonly cpuMicros: number
}

/** What sends the requests of an open loop. */
export interface Client {
  /** What is laid out beforehand of a body: it alone, or the whole request. */
  requestOf(body: string): string
  /** Sends what was laid out and gives the answer, with the problem that its head names. @throws if there is none */
  ask(bytes: Buffer): Promise<{ readonly text: string; readonly problem: string | null }>
}

/** Chance of the arrivals. */
export type Next = () => number

const HEADERS = { 'content-type': 'application/json' }
const CONNECTIONS_MAX = 2048
const SPIN_MS = 1.2
const YES = '"infcode":0'
/** A gateway that does not know whether money moved says so in these words; every other no left nothing behind. */
const UNKNOWN = /勿重复收费|请先查询/

/** The moments at which requests are due, in milliseconds from the start. */
export function arrivals(rate: number, seconds: number, next: Next): number[] {
  const due: number[] = []
  for (let at = 0; ; ) {
    at += (-Math.log(1 - next()) * 1000) / rate
    if (at >= seconds * 1000) return due
    due.push(at)
  }
}

/** What an answer says. */
export function verdictOf(answer: string): Verdict {
  if (answer.slice(0, 200).includes(YES)) return 'yes'
  return answer.includes('"infcode"') && !UNKNOWN.test(answer) ? 'refused' : 'lost'
}

/**
 * Sends at a rate.
 *
 * @param claims one after another, from the first again after the last
 * @param given sends them; else a pool of connections does
 */
export async function openLoop(
  server: Running,
  claims: readonly Claim[],
  due: readonly number[],
  given?: Client,
): Promise<OpenRun> {
  const pool = new Pool(server.url, { connections: CONNECTIONS_MAX, pipelining: 1, headersTimeout: 120_000 })
  const client = given ?? throughPool(pool)
  const requests = claims.map(({ body }) => layOut(client.requestOf(body)))
  const cpuBefore = server.cpuMicros() ?? Number.NaN
  const startedAt = performance.now()

  async function send(index: number): Promise<Fired> {
    let verdict: Verdict = 'lost'
    let problem: string | null = 'no answer'
    const late = performance.now() - startedAt - due[index]!
    try {
      const { bytes, places } = requests[index % requests.length]!
      const answer = await client.ask(writeId(Buffer.from(bytes), places, freshId()))
      verdict = verdictOf(answer.text)
      problem = answer.problem
    } catch {
      // No answer: lost.
    }
    return { due: due[index]!, took: performance.now() - startedAt - due[index]!, verdict, problem, late }
  }

  const open: Promise<Fired>[] = []
  await new Promise<void>((resolve) => {
    function tick(): void {
      const now = performance.now() - startedAt
      while (open.length < due.length && due[open.length]! <= now) open.push(send(open.length))
      if (open.length === due.length) {
        resolve()
        return
      }
      // A timer of a millisecond would be late; the last stretch is waited for awake.
      const wait = due[open.length]! - now
      if (wait > SPIN_MS) setTimeout(tick, wait - SPIN_MS)
      else setImmediate(tick)
    }
    tick()
  })
  const shots = await Promise.all(open)
  await pool.close()
  const count = (wanted: Verdict) => shots.filter(({ verdict }) => verdict === wanted).length
  const sent = shots.length
  const cpuMicros = ((server.cpuMicros() ?? Number.NaN) - cpuBefore) / sent
  return { startedAt, shots, cpuMicros, sent, yes: count('yes'), refused: count('refused') }
}

function throughPool(pool: Pool): Client {
  return {
    requestOf: (body) => body,
    async ask(body) {
      const answer = await pool.request({ method: 'POST', path: PATH, headers: HEADERS, body })
      const problem = (answer.headers['zhijie-problem'] as string | undefined) ?? null
      return { text: await answer.body.text(), problem }
    },
  }
}
