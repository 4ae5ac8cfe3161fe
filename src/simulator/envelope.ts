/** The national envelope: reading a request, writing an answer, refusing. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { compactTime, compactTimeMs, type Instant } from '../domain/day.ts'

const envelope = z.looseObject({
  infno: z.string().regex(/^[A-Z]?\d{3,6}[A-Z]?$/),
  msgid: z.string().min(1).max(64),
  mdtrtarea_admvs: z.string().default(''),
  insuplc_admdvs: z.string().nullish(),
  fixmedins_code: z.string().default(''),
  fixmedins_name: z.string().default(''),
  opter: z.string().default(''),
  opter_name: z.string().default(''),
  input: z.record(z.string(), z.unknown()).default({}),
})

/** One node of an input or output. */
export type Node = Readonly<Record<string, unknown>>

/** A request, read. */
export interface Message {
  /** Transaction `infno`. */
  readonly transaction: string
  /** Message id `msgid`. */
  readonly id: string
  /** Place of treatment `mdtrtarea_admvs`. */
  readonly treatment: string
  /** Insured place `insuplc_admdvs`; empty if the sender does not know it. */
  readonly insured: string
  readonly institution: string
  readonly institutionName: string
  readonly operator: string
  readonly operatorName: string
  readonly input: Node
}

/** A clear no. The text of the answer begins with the reason code and never holds an identity number. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly reason: string

  /**
   * @param reason E-code of the rules, section 12; `E000` where it has none
   * @param text Chinese sentence for the counter
   */
  constructor(reason: string, text: string) {
    super(text)
    this.reason = reason
  }
}

/** A platform's answer: an output, or a refusal. */
export type Outcome = { readonly output: unknown } | { readonly refusal: Refusal }

/**
 * Reads a request.
 *
 * @throws {Refusal} if it is no national envelope
 */
export function readMessage(body: string): Message {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    throw new Refusal('E000', '报文不是可读的JSON')
  }
  const read = envelope.safeParse(json)
  if (!read.success) {
    const field = read.error.issues[0]?.path.join('.') ?? ''
    throw new Refusal('E000', `报文头不符合规范：${field}`)
  }
  const { data } = read
  return {
    transaction: data.infno,
    id: data.msgid,
    treatment: data.mdtrtarea_admvs,
    insured: data.insuplc_admdvs ?? '',
    institution: data.fixmedins_code,
    institutionName: data.fixmedins_name,
    operator: data.opter,
    operatorName: data.opter_name,
    input: data.input,
  }
}

/** Fields of an answer envelope besides the outcome. */
export interface AnswerHead {
  /** Area of the platform that answers. */
  readonly area: string
  readonly serial: number
  readonly receivedAt: Instant
  readonly respondedAt: Instant
}

/** Writes the answer envelope; `inf_refmsgid` is area (6), time (14), serial (10). */
export function writeAnswer(head: AnswerHead, outcome: Outcome): string {
  const refusal = 'refusal' in outcome ? outcome.refusal : null
  const serial = String(head.serial % 10_000_000_000).padStart(10, '0')
  return JSON.stringify({
    infcode: refusal ? -1 : 0,
    inf_refmsgid: `${head.area}${compactTime(head.respondedAt)}${serial}`,
    refmsg_time: compactTimeMs(head.receivedAt),
    respond_time: compactTimeMs(head.respondedAt),
    err_msg: refusal ? `${refusal.reason} ${refusal.message}`.slice(0, 200) : '',
    warn_msg: null,
    output: 'output' in outcome ? outcome.output : null,
    cainfo: '',
    signtype: '',
  })
}

/** Writes an answer that has no envelope: `{code,type,message,data}`, which the output of a yes is already. */
export function writeBareAnswer(outcome: Outcome): string {
  if ('output' in outcome) return JSON.stringify(outcome.output)
  const { reason, message } = outcome.refusal
  return JSON.stringify({ code: '-1', type: 'error', message: `${reason} ${message}`, data: null })
}

/** Digest of the input: the same message again has the same. */
export function digestOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message.input)).digest('base64')
}
