/** A hospital system that speaks national messages, as the bills of the demonstration play it. */
import type { Hospital, Sender } from '../../../src/demo/hospital.ts'
import { compactTime, type Instant, shanghaiTime } from '../../../src/domain/day.ts'
import { insist, type Line } from './caller.ts'
import type { Request } from './request.ts'

type Node = Readonly<Record<string, unknown>>

/** The serial counts through all counters of a run. */
let serial = Math.floor(Date.now() / 7) % 10_000

/** Opens a system at the national door. */
export function nationalClient(line: Line): Hospital {
  const nothing = () => Promise.reject(new Error('Nothing else is sent'))
  return {
    send: (sender, transaction, input) => heard(line, requestOf(sender, transaction, input as Node)),
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

function requestOf(sender: Sender, transaction: string, input: Node): Request {
  const now = Date.now() as Instant
  serial = (serial + 1) % 10_000
  const key = sender.institution + compactTime(now) + String(serial).padStart(4, '0')
  const envelope = {
    infno: transaction,
    msgid: key,
    mdtrtarea_admvs: sender.treatmentArea,
    insuplc_admdvs: sender.insuredArea,
    recer_sys_code: 'MBS_LOCAL',
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
  const data = (input.data ?? {}) as Node
  const other = { ...envelope, input: { ...input, data: { ...data, invono: 'OTHER', exp_content: '{}' } } }
  return {
    door: 'national',
    path: '/hss-call-service-interface',
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
