/** The gateway under test (or a replacement) as an HTTP client of it sees it. */
import { Pool } from 'undici'
import { enveloped } from '../client/answer.ts'
import { createMessageIds, ENDPOINT, type MessageSender, nationalMessage } from '../client/message.ts'
import { type Instant, shanghaiTime } from '../domain/day.ts'

/** An answer. */
export interface Heard {
  readonly yes: boolean
  readonly text: string
  readonly output: unknown
  /** As received. */
  readonly bytes: string
  /** The file, if the answer is one instead of an envelope. */
  readonly file?: Buffer
  readonly ms: number
}

/** A message that can be sent again unchanged. */
export interface Sent {
  readonly id: string
  readonly body: string
  /** Its REST path; absent: national API. */
  readonly path?: string
}

/** A target. */
export interface Target {
  /** Builds a message. @param id of a message to repeat with another input; absent: a new one */
  write(sender: MessageSender, transaction: string, input: unknown, id?: string): Sent
  /** Sends one. An answer outside the interface counts as a refusal with the reason. */
  send(message: Sent): Promise<Heard>
  close(): Promise<void>
}

/** Maximum wait for an answer, longer than the gateway's for a platform. */
export const WAIT_MS = 60_000

/**
 * Connects to it.
 *
 * @param url where it listens; a path in it replaces the usual one
 * @param key of the caller; null without authentication
 * @param connections maximum messages in flight
 */
export function openTarget(url: string, key: string | null, connections: number): Target {
  const { origin, pathname } = new URL(url)
  const path = pathname === '/' ? ENDPOINT : pathname
  const pool = new Pool(origin, { connections, headersTimeout: WAIT_MS, bodyTimeout: WAIT_MS })
  const newId = createMessageIds(Math.floor(Date.now() / 7))
  const headers = { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) }
  return {
    write(sender, transaction, input, id) {
      const now = Date.now() as Instant
      const head = { id: id ?? newId(sender.institution, now), at: shanghaiTime(now) }
      return { id: head.id, body: JSON.stringify(nationalMessage(sender, transaction, input, head)) }
    },
    async send({ body: message }) {
      const started = performance.now()
      const since = () => performance.now() - started
      try {
        const answer = await pool.request({ method: 'POST', path, headers, body: message })
        const body = Buffer.from(await answer.body.arrayBuffer())
        if (isZip(body)) return { yes: true, text: '', output: null, bytes: '', file: body, ms: since() }
        const bytes = body.toString()
        return { ...readAnswer(bytes, answer.statusCode), bytes, ms: since() }
      } catch (cause) {
        return {
          yes: false,
          text: `没有应答：${(cause as Error).message}`,
          output: null,
          bytes: '',
          ms: since(),
        }
      }
    },
    close: () => pool.close(),
  }
}

/** Recognises a ZIP file by its first bytes. */
const isZip = (body: Buffer) => body.subarray(0, 2).toString('latin1') === 'PK'

function readAnswer(bytes: string, status: number): Pick<Heard, 'yes' | 'text' | 'output'> {
  try {
    const read = JSON.parse(bytes) as Record<string, unknown>
    const { infcode, err_msg, output } = enveloped(read)
    return { yes: Number(infcode) === 0, text: String(err_msg ?? ''), output: output ?? null }
  } catch {
    return { yes: false, text: `HTTP ${status}，不是接口应答：${bytes.slice(0, 200)}`, output: null }
  }
}
