/**
 * A hospital system at the gateway's door: it writes national messages, keeps one message id for one step, and sends the
 * same message again when it hears nothing or is told to.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'
import { compactTime, type Instant, shanghaiTime } from '../domain/day.ts'

/** What became of one message. */
export type Heard =
  | { readonly is: 'yes'; readonly output: Record<string, unknown>; readonly bytes: string }
  | ({ readonly is: 'no'; readonly bytes: string } & Refusal)
  | { readonly is: 'unknown'; readonly text: string }

/** What a no says. */
interface Refusal {
  /** Failure reason of the field `E101` …, empty where there is none. */
  readonly reason: string
  /** Code of the gateway's problem `outcome-unknown` …, empty where there is none: what a program decides by. */
  readonly code: string
  /** For the person at the counter; never compared. */
  readonly text: string
}

/** Who sends, and about whom. */
export interface Sender {
  readonly institution: string
  readonly name: string
  readonly treatmentArea: string
  readonly insuredArea: string
}

/** What was heard of one call. */
interface Told {
  readonly heard: Heard
  /** The header of that name: `never`, `same-key`, `inquire-first`; absent with a yes. */
  readonly retry: unknown
}

/** A hospital system. */
export interface Hospital {
  /** Sends a step until there is a clear answer or the patience of the counter ends. */
  send(sender: Sender, transaction: string, input: unknown): Promise<Heard>
  /** Sends the very same message once more. */
  again(): Promise<Heard>
  /** Posts something else, such as records for the rates. */
  post(path: string, body: string, contentType: string): Promise<{ status: number; text: string }>
  close(): Promise<void>
}

const ENDPOINT = '/hss-call-service-interface'
/** How long the counter keeps asking with the same message before it calls the outcome unknown. */
const PATIENCE_MS = 45_000
const PAUSE_MS = 250
const CALL_MS = 30_000
/** What stands in front of the sentence: the failure reason, and the problem as the header has it. */
const HEAD = /^(?:(E\d{3})\s*)?(?:\[[a-z-]+\]\s*)?/

/** Ids of one run never meet those of another: the serial counts through all windows. */
let serial = Math.floor(Date.now() / 7) % 10_000

/** Opens a hospital system that talks to a gateway. */
export function openHospital(gateway: string): Hospital {
  const pool = new Pool(gateway, { connections: 4, headersTimeout: CALL_MS, bodyTimeout: CALL_MS })
  let last = ''

  /** Null where nothing was heard, which proves nothing. `retry` is the gateway's advice: not sent, or not known. */
  async function call(body: string): Promise<Told | null> {
    try {
      const answer = await pool.request({
        method: 'POST',
        path: ENDPOINT,
        headers: { 'content-type': 'application/json' },
        body,
      })
      const code = String(answer.headers['zhijie-problem'] ?? '')
      return { heard: read(await answer.body.text(), code), retry: answer.headers['zhijie-retry'] }
    } catch {
      return null
    }
  }

  async function insist(body: string): Promise<Heard> {
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
      last = JSON.stringify(envelope(sender, transaction, input))
      return insist(last)
    },
    again: () => insist(last),
    async post(path, body, contentType) {
      const answer = await pool.request({
        method: 'POST',
        path,
        headers: { 'content-type': contentType },
        body,
      })
      return { status: answer.statusCode, text: await answer.body.text() }
    },
    close: () => pool.close(),
  }
}

/** @param code header `Zhijie-Problem` */
function read(bytes: string, code: string): Heard {
  const { infcode, err_msg, output } = JSON.parse(bytes) as Record<string, unknown>
  if (Number(infcode) === 0) return { is: 'yes', output: (output ?? {}) as Record<string, unknown>, bytes }
  const [head, reason = ''] = HEAD.exec(String(err_msg))!
  return { is: 'no', reason, code, text: String(err_msg).slice(head.length), bytes }
}

function envelope(sender: Sender, infno: string, input: unknown): Record<string, unknown> {
  const now = Date.now() as Instant
  serial = (serial + 1) % 10_000
  return {
    infno,
    msgid: sender.institution + compactTime(now) + String(serial).padStart(4, '0'),
    mdtrtarea_admvs: sender.treatmentArea,
    insuplc_admdvs: sender.insuredArea,
    recer_sys_code: 'MBS_LOCAL',
    dev_no: '',
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: 'V1.0',
    opter_type: '1',
    opter: '0001',
    opter_name: '收费员甲',
    inf_time: shanghaiTime(now),
    fixmedins_code: sender.institution,
    fixmedins_name: sender.name,
    sign_no: '',
    input,
  }
}
