/** A hospital system that speaks national messages, as the bills of the demonstration play it. */
import type { Hospital } from '../../../src/client/hospital.ts'
import {
  createMessageIds,
  ENDPOINT,
  type Fields,
  type MessageSender,
  nationalMessage,
} from '../../../src/client/message.ts'
import { type Instant, shanghaiTime } from '../../../src/domain/day.ts'
import { insist, type Line } from './caller.ts'
import type { Request } from './request.ts'

/** The serial counts through all counters of a run. */
const newId = createMessageIds(Math.floor(Date.now() / 7))

/** Opens a system at the national door. */
export function nationalClient(line: Line): Hospital {
  const nothing = () => Promise.reject(new Error('Nothing else is sent'))
  return {
    send: (sender, transaction, input) => heard(line, requestOf(sender, transaction, input as Fields)),
    again: nothing,
    post: nothing,
    close: async () => {},
  }
}

async function heard(line: Line, request: Request): ReturnType<Hospital['send']> {
  const reply = await insist(line, request)
  if (!reply) return { is: 'unknown', text: 'no clear answer' }
  if (reply.is === 'yes') return { ...reply, output: { ...reply.output } }
  return { is: 'no', reason: reply.reason, code: reply.code, text: reply.text, bytes: '' }
}

function requestOf(sender: MessageSender, transaction: string, input: Fields): Request {
  const now = Date.now() as Instant
  const key = newId(sender.institution, now)
  const envelope = nationalMessage(sender, transaction, input, { id: key, at: shanghaiTime(now) })
  const data = (input.data ?? {}) as Fields
  const other = { ...envelope, input: { ...input, data: { ...data, invono: 'OTHER', exp_content: '{}' } } }
  return {
    door: 'national',
    path: ENDPOINT,
    headers: {},
    body: JSON.stringify(envelope),
    contrary: JSON.stringify(other),
    transaction,
    institution: sender.institution,
    key,
    encounter: String(data.mdtrt_id ?? ''),
    undoes: String(data.setl_id ?? data.omsgid ?? ''),
  }
}
