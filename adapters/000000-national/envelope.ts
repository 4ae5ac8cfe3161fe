/** The envelope: one for every transaction, header fields and `input`; the answer is a header and `output`. [F] */
import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { compactTimeMs, type Instant } from '../../src/domain/day.ts'
import { GatewayError } from '../../src/domain/problems.ts'
import { ClaimDocument, type Json } from '../../src/extension/claim-document.ts'
import type { Envelope, Message, Operation } from '../../src/extension/dialect.ts'
import type { Told } from '../../src/extension/reply.ts'
import { inputAt } from './described/operation.ts'
import { optional, section, text, time } from './fields.ts'
import { operationOf } from './numbers.ts'
import { formerOf, parseOnce } from './one-form.ts'

/**
 * Header of a request. The signature is taken and not passed on; provincial dialects may give it, and the encryption fields,
 * another meaning.
 */
export const envelopeSchema = section({
  infno: text(6, '交易编号'),
  msgid: text(30, '发送方报文ID'),
  mdtrtarea_admvs: text(6, '就医地医保区划'),
  insuplc_admdvs: optional(text(6, '参保地医保区划')),
  recer_sys_code: text(10, '接收方系统代码'),
  dev_no: optional(text(100, '设备编号')),
  dev_safe_info: optional(text(2000, '设备安全信息')),
  cainfo: optional(text(1024, '数字签名信息')),
  signtype: optional(text(10, '签名类型')),
  infver: text(6, '接口版本号'),
  opter_type: text(3, '经办人类别'),
  opter: text(30, '经办人'),
  opter_name: text(50, '经办人姓名'),
  inf_time: time('交易时间'),
  fixmedins_code: text(12, '定点医药机构编号'),
  fixmedins_name: text(200, '定点医药机构名称'),
  sign_no: optional(text(30, '交易签到流水号')),
  input: z.looseObject({}, { error: '交易输入input须为JSON对象' }),
})

interface Issue {
  readonly code: string
  readonly message: string
  readonly path: readonly PropertyKey[]
  readonly errors?: readonly (readonly Issue[])[]
}

/** The fault nearest to what the sender meant, with its whole place: an optional field's real form stands last in its union. */
function faultOf({ errors, message, path }: Issue): {
  readonly path: readonly PropertyKey[]
  readonly text: string
} {
  const branch = errors?.at(-1)?.[0]
  if (message !== 'Invalid input' || !branch) return { path, text: message }
  const inside = faultOf(branch)
  return { path: [...path, ...inside.path], text: inside.text }
}

/** Writes the place of a fault as `feedetail[3].cnt`. */
function place(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1)
}

/** How many faults one answer names; the rest are counted. */
const FAULTS_MAX = 20

/**
 * Turns a failed check into the error for the caller: every fault with its field, in Chinese. Values are never repeated,
 * since they may be personal.
 */
export function invalidField(error: z.ZodError): GatewayError {
  const faults = error.issues.map((issue) => {
    const { path, text: told } = faultOf(issue as unknown as Issue)
    return { field: place(path), text: told }
  })
  const shown = faults.slice(0, FAULTS_MAX).map(({ field, text: told }) => `${field} ${told}`)
  const more = faults.length > FAULTS_MAX ? `；另有${faults.length - FAULTS_MAX}处` : ''
  return new GatewayError('invalid-field', 'receive', shown.join('；') + more, {
    fields: faults.slice(0, FAULTS_MAX),
  })
}

/** What stands behind a message by mistake: the end of a C string, a mark of the byte order. */
const BEHIND = /[\0\uFEFF\s]+$/

function unreadable(told: string): GatewayError {
  return new GatewayError('unreadable-body', 'receive', told)
}

function parse(body: Buffer): unknown {
  if (!isUtf8(body))
    throw unreadable('报文不是UTF-8编码，本次未办理任何业务。用GBK编码的，须在Content-Type中注明charset=GBK')
  const text = new TextDecoder().decode(body).replace(BEHIND, '')
  if (text === '') throw unreadable('报文不能为空，本次未办理任何业务')
  try {
    return parseOnce(text, '')
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    throw unreadable('报文不是合法的JSON，可能不完整或格式有误，本次未办理任何业务')
  }
}

const formHead = formerOf(envelopeSchema)

/** The envelope in its one form, with the operation that it names. */
function formed(parsed: unknown, operations: Readonly<Record<string, Operation>>) {
  try {
    const head = formHead(parsed, '')
    if (typeof head !== 'object' || head === null || Array.isArray(head)) {
      throw new GatewayError('unreadable-body', 'receive', '报文须为JSON对象')
    }
    const infno = String((head as Json).infno)
    const operation = operationOf(operations, infno)
    if (!operation) return { head, operation }
    const schema = inputAt(operation, String((head as Json).mdtrtarea_admvs ?? ''))
    const input = formerOf(schema, operation.reads)((head as Json).input, '')
    return { head: { ...head, input }, operation }
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new GatewayError('unreadable-body', 'receive', '报文嵌套过深')
  }
}

/**
 * Reads the envelope the general way, and brings it to its one form.
 *
 * @throws {GatewayError} unreadable-body, unknown-transaction, invalid-field
 */
export function openEnvelope(body: Buffer, operations: Readonly<Record<string, Operation>>): Envelope {
  const { head: given, operation } = formed(parse(body), operations)
  const checked = envelopeSchema.safeParse(given)
  if (!checked.success) throw invalidField(checked.error)
  if (!operation) {
    throw new GatewayError('unknown-transaction', 'receive', '不支持该交易编号infno')
  }
  const head = checked.data
  return {
    operation,
    id: head.msgid,
    institution: head.fixmedins_code,
    treatmentArea: head.mdtrtarea_admvs,
    insuredArea: head.insuplc_admdvs || head.mdtrtarea_admvs,
    signIn: head.sign_no ?? '',
    document: ClaimDocument.ofJson(unsigned(head)),
    inputBytes: () => Buffer.from(JSON.stringify(head.input)),
  }
}

/**
 * The head without the hospital's signature `cainfo`: it fits what the hospital wrote, not what goes on with national codes in
 * it. Until the gateway signs itself nothing is signed. Source: discovery, national algorithms [F].
 */
function unsigned<Head extends { cainfo?: unknown; signtype?: unknown }>(head: Head): Head {
  return head.cainfo ? { ...head, cainfo: '', ...(head.signtype ? { signtype: '' } : {}) } : head
}

function reply(head: Record<string, unknown>, at: Instant, id: string): Buffer {
  const time = compactTimeMs(at)
  const envelope = {
    inf_refmsgid: id,
    refmsg_time: time,
    respond_time: time,
    ...head,
    cainfo: '',
    signtype: '',
  }
  return Buffer.from(JSON.stringify(envelope))
}

/** A yes of the gateway's own, when the platform's bytes are not at hand. */
export function answerBytes(_message: Message, output: unknown, at: Instant, id: string): Buffer {
  return reply({ infcode: 0, err_msg: '', warn_msg: null, output }, at, id)
}

/**
 * A no. `infcode` −1 is the general failure [F]; so what a program needs stands at the head of the text: the failure reason
 * where there is one, then the code of the problem in brackets. `E504 [key-in-flight] …`, `[outcome-unknown] …`
 */
export function refusalBytes({ reason, code, text: sentence }: Told, at: Instant, id: string): Buffer {
  const err_msg = [reason, code && `[${code}]`, sentence].filter((part) => part).join(' ')
  return reply({ infcode: -1, err_msg, warn_msg: null, output: null }, at, id)
}
