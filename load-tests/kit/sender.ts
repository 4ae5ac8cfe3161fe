/** Sends the messages of a run, each once, and times them from the moment at which they should have left. */
import { Pool } from 'undici'
import { ENDPOINT, type Fields } from '../../src/client/message.ts'
import { envelope, MONEY } from '../messages.ts'
import { LOST, type Outcome, type ProblemRow, serverTimes, type Understood, understand } from './answers.ts'
import type { PlannedVisit } from './plan.ts'

/** One message as it went. Moments in milliseconds from the start of the run. */
export interface Sample {
  readonly transaction: string
  readonly destination: string
  /** When it should have left. */
  readonly dueMs: number
  /** When the last byte of its answer was there. */
  readonly endMs: number
  readonly outcome: Outcome
  readonly understood: Understood
  /** By `own`, `queue`, `commit`, `counterpart`, as the gateway told. */
  readonly times: Readonly<Record<string, number>>
}

/** Where samples go. */
export interface Observer {
  /** A message leaves; `lateMs` is how far behind its moment the kit was. */
  sent(transaction: string, dueMs: number, lateMs: number): void
  answered(sample: Sample): void
}

/** Sends one message of a visit. @returns the output of a yes, null for everything else */
export type Send = (
  visit: PlannedVisit,
  infno: string,
  input: Fields,
  dueMs: number,
) => Promise<{ output: Fields | null; outcome: Outcome }>

/** Enough for 100 visits a second that all hang for 30 seconds; a kit that waits for a socket measures itself. */
const CONNECTIONS_MAX = 4096
/** What clients of hospitals wait at most. [F: R3] */
const PATIENCE_MS = 60_000

/** What the hospitals of the run have sent and heard of messages of money. */
export interface MoneyHeard {
  sent: number
  yes: number
}

/**
 * Opens the way to the gateway.
 *
 * @param elapsed milliseconds from the start of the run
 */
export function openSender(
  gateway: string,
  problems: readonly ProblemRow[],
  observer: Observer,
  elapsed: () => number,
): { readonly send: Send; readonly heard: MoneyHeard; close(): Promise<void> } {
  const pool = new Pool(gateway, {
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
  })
  const heard = { sent: 0, yes: 0 }
  const headers = { 'content-type': 'application/json' }

  async function post(body: string) {
    try {
      const answer = await pool.request({ method: 'POST', path: ENDPOINT, headers, body })
      const json = (await answer.body.json()) as Fields
      const times = serverTimes(answer.headers['server-timing'])
      return { output: (json.output ?? {}) as Fields, understood: understand(json, problems), times }
    } catch {
      return { output: {}, understood: LOST, times: {} }
    }
  }

  const send: Send = async (visit, infno, input, dueMs) => {
    const { hospital, person, destination } = visit
    const home = person.insurance[0]!.insuplc_admdvs
    const body = JSON.stringify(envelope(hospital, home, infno, input))
    observer.sent(infno, dueMs, elapsed() - dueMs)
    const { output, understood, times } = await post(body)
    const { outcome } = understood
    if (MONEY.has(infno)) heard.sent += 1
    if (MONEY.has(infno) && outcome === 'yes') heard.yes += 1
    observer.answered({
      transaction: infno,
      destination,
      dueMs,
      endMs: elapsed(),
      outcome,
      understood,
      times,
    })
    return { output: outcome === 'yes' ? output : null, outcome }
  }
  return { send, heard, close: () => pool.close() }
}
