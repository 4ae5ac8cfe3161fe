/**
 * The open loop: requests leave when a Poisson process says so, whatever became of those before, and each is timed from
 * the moment at which it was due. So a server that stalls cannot hide it (coordinated omission).
 */
import { Pool } from 'undici'
import { ID } from './claims.ts'

/** What an open loop gave. Times in milliseconds, from the due moment to the last byte. */
export interface OpenRun {
  readonly sent: number
  readonly yes: number
  readonly failed: number
  readonly times: readonly number[]
}

/** Chance of the arrivals. */
export type Next = () => number

const HEADERS = { 'content-type': 'application/json' }
const CONNECTIONS_MAX = 512
const SPIN_MS = 1.2

/** The moments at which requests are due, in milliseconds from the start. */
export function arrivals(rate: number, seconds: number, next: Next): number[] {
  const due: number[] = []
  for (let at = 0; ; ) {
    at += (-Math.log(1 - next()) * 1000) / rate
    if (at >= seconds * 1000) return due
    due.push(at)
  }
}

/**
 * Sends at a rate.
 *
 * @param body with `ID` where each request has an id of its own
 * @param idOf a fresh id
 */
export async function openLoop(
  url: string,
  path: string,
  body: string,
  idOf: () => string,
  due: readonly number[],
): Promise<OpenRun> {
  const pool = new Pool(url, { connections: CONNECTIONS_MAX, pipelining: 1 })
  const parts = body.split(ID)
  const times: number[] = []
  let yes = 0
  let failed = 0
  const start = performance.now()

  async function send(at: number): Promise<void> {
    try {
      const answer = await pool.request({ method: 'POST', path, headers: HEADERS, body: parts.join(idOf()) })
      const bytes = Buffer.from(await answer.body.arrayBuffer())
      if (bytes.subarray(0, 200).includes('"infcode":0')) yes += 1
      else failed += 1
    } catch {
      failed += 1
    }
    times.push(performance.now() - start - at)
  }

  const open: Promise<void>[] = []
  let index = 0
  await new Promise<void>((resolve) => {
    function tick(): void {
      const now = performance.now() - start
      while (index < due.length && due[index]! <= now) {
        open.push(send(due[index]!))
        index += 1
      }
      if (index === due.length) {
        resolve()
        return
      }
      // A timer of a millisecond would be late; the last stretch is waited for awake.
      const wait = due[index]! - now
      if (wait > SPIN_MS) setTimeout(tick, wait - SPIN_MS)
      else setImmediate(tick)
    }
    tick()
  })
  await Promise.all(open)
  await pool.close()
  return { sent: due.length, yes, failed, times }
}
