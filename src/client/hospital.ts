/**
 * A hospital system as a client of the gateway: it sends national messages, keeps one message id per step, and
 * repeats a message if there is no answer or it is told to.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'
import { type Instant, shanghaiTime } from '../domain/day.ts'
import { type HospitalAnswer, readAnswer } from './answer.ts'
import { createMessageIds, ENDPOINT, type MessageSender, nationalMessage } from './message.ts'

/** The answer to one call. */
interface Told {
  readonly heard: HospitalAnswer
  /** The header `Zhijie-Retry`: `never`, `same-key`, `inquire-first`; absent on success. */
  readonly retry: unknown
}

/** A hospital system. */
export interface Hospital {
  /** Sends a step until there is a clear answer or the cashier's patience ends. */
  send(sender: MessageSender, transaction: string, input: unknown): Promise<HospitalAnswer>
  /** Sends exactly the same message again. */
  again(): Promise<HospitalAnswer>
  /**
   * Posts something else, such as records for the rates. An interrupted post is repeated, so it must be idempotent.
   */
  post(path: string, body: string, contentType: string): Promise<{ status: number; text: string }>
  close(): Promise<void>
}

/** How long a message is repeated before its outcome counts as unknown. */
const PATIENCE_MS = 45_000
const PAUSE_MS = 250
const CALL_MS = 30_000

/** Optional header fields. */
const EMPTY = { dev_no: '', dev_safe_info: '', cainfo: '', signtype: '' } as const

/** Message ids of all systems in this process share one serial. */
const newId = createMessageIds(Math.floor(Date.now() / 7))

/** Creates a hospital system as a client of a gateway. */
export function openHospital(gateway: string): Hospital {
  const pool = new Pool(gateway, { connections: 4, headersTimeout: CALL_MS, bodyTimeout: CALL_MS })
  let last = ''

  /** Null if there was no answer, which proves nothing. `retry` is the gateway's advice. */
  async function call(body: string): Promise<Told | null> {
    try {
      const answer = await pool.request({
        method: 'POST',
        path: ENDPOINT,
        headers: { 'content-type': 'application/json' },
        body,
      })
      const code = String(answer.headers['zhijie-problem'] ?? '')
      return { heard: readAnswer(await answer.body.text(), code), retry: answer.headers['zhijie-retry'] }
    } catch {
      return null
    }
  }

  async function insist(body: string): Promise<HospitalAnswer> {
    const end = Date.now() + PATIENCE_MS
    for (;;) {
      const told = await call(body)
      const heard = told?.heard
      if (heard && told.retry !== 'same-key' && told.retry !== 'inquire-first') return heard
      if (Date.now() > end) return { is: 'unknown', text: heard?.is === 'no' ? heard.text : 'no answer' }
      await pause(PAUSE_MS)
    }
  }

  return {
    send(sender, transaction, input) {
      const now = Date.now() as Instant
      const head = { id: newId(sender.institution, now), at: shanghaiTime(now) }
      last = JSON.stringify(nationalMessage(sender, transaction, input, head, EMPTY))
      return insist(last)
    },
    again: () => insist(last),
    async post(path, body, contentType) {
      const end = Date.now() + PATIENCE_MS
      const headers = { 'content-type': contentType }
      for (;;) {
        try {
          const answer = await pool.request({ method: 'POST', path, headers, body })
          return { status: answer.statusCode, text: await answer.body.text() }
        } catch (cause) {
          if (Date.now() > end) throw cause
          await pause(PAUSE_MS)
        }
      }
    },
    close: () => pool.close(),
  }
}
