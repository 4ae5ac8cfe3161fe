/**
 * Reading a platform's answer. Success is `infcode` 0 and nothing else; it arrives as a number or as text. [F] A status 5xx
 * is no answer of the platform, whatever stands below it; 401 is a gateway's refusal before anything was done.
 * Source: interface-2025, ways into the provinces [F: T; A].
 */
import { z } from 'zod'
import { withoutIdentity } from '../../src/domain/masking.ts'
import { settlementFault } from '../../src/domain/settlement.ts'
import type { Message, Operation } from '../../src/extension/dialect.ts'
import { parseExact } from '../../src/extension/json.ts'
import type { Heard, Reply } from '../../src/extension/reply.ts'
import { Unproven } from '../../src/extension/unproven.ts'
import { createReader, type Reader } from '../../src/scanner/reader.ts'
import { bareAnswer } from './bare.ts'
import { foreignIn, otherBill } from './belongs.ts'
import { isDescribed } from './described/operation.ts'
import { section } from './fields.ts'
import { namesTwice } from './names-twice.ts'
import { NO_TEXT } from './refusals.ts'
import { warningOf } from './warning.ts'

/** Failure reason at the head of `err_msg`, as the simulated platforms write it: `E101 …`. [A] */
const REASON = /^\[?(E\d{3})\]?\s*/

/** Reasons that say that a party behind the platform did not answer: E701 insured place, E703 national platform. [A] */
const UNCLEAR = new Set(['E701', 'E703'])

/** Reason that says that the insured place has stopped as announced, and nothing was passed on. [A] */
const STOPPED = 'E702'

/** Longest text that is taken from a platform's refusal. */
const TEXT_MAX = 1000

/** Reads answers of the operations of a dialect. */
export type Decode = (message: Message, body: Buffer, heard?: Heard) => Reply

/** What an operation without a second level says on it. */
const YES = { says: 'yes' } as const

/** How an answer comes as a rule. */
const AS_USUAL: Heard = { status: 200, repeated: false }

/** A gateway before the platform: signature missing, wrong or late. Hunan says it in the body alone. [F: T] */
const UNAUTHORIZED = 401

/** A receiver's own id of an answer `inf_refmsgid`, never given twice: area (6), time (14), serial (10). [F] */
const ANSWER_ID = /^\d{30}$/

/** The envelope of an answer, as far as it is looked at. */
export const answerSchema = section({ infcode: z.union([z.number(), z.string()]) })

/**
 * Makes the reading of answers. A plain one is read by its bytes, any other as JSON; both give the same.
 *
 * @returns a reading that throws {RangeError} where it is no answer envelope, or the money in it is missing; {Unproven} where
 *   it is one and proves nothing about the message
 */
export function createDecode(): Decode {
  const readers = new Map<Operation, Reader | null>()

  function readerOf(operation: Operation): Reader | null {
    const known = readers.get(operation)
    if (known !== undefined) return known
    const { output, readsAnswer } = operation
    const reader =
      output && readsAnswer
        ? createReader(
            answerSchema.extend({ output }),
            ['infcode', ...readsAnswer.map((field) => `output.${field}`)],
            { plain: false, formed: false },
          )
        : null
    readers.set(operation, reader)
    return reader
  }

  return (message, body, { status, repeated } = AS_USUAL) => {
    if (status >= 500) throw new RangeError(`answer with status ${status}`)
    if (status === UNAUTHORIZED) return unauthorized(body)
    if (message.operation.answersFile && isZip(body)) return fileIn(message, body, status)
    if (repeated) refuseRepeated(body)
    const fields = readerOf(message.operation)?.read(body)
    if (fields && isSuccess(fields.infcode)) {
      refuseContradiction(status)
      return { ...told(message, fields.output), output: outputOf(body), warning: () => warningOf(body) }
    }
    const envelope = parse(body)
    if (envelope.infcode === undefined && Number(envelope.code) === UNAUTHORIZED) return unauthorized(body)
    const bare = message.operation.answersBare ? bareAnswer(envelope) : null
    if (bare?.says === 'no') return refusal(bare.sentence)
    if (bare) {
      refuseContradiction(status)
      return { ...told(message, envelope), output: () => envelope, warning: () => null }
    }
    if (!isSuccess(envelope.infcode)) return refusal(String(envelope.err_msg ?? ''))
    refuseContradiction(status)
    const output = envelope.output ?? null
    refuseClosed(message, envelope)
    const level = isDescribed(message.operation) ? message.operation.secondLevel(message, output) : YES
    if (level.says === 'no')
      return { verdict: 'no', reason: null, text: level.text, ...(level.final && { final: true }) }
    if (level.says === 'half') throw new Unproven('half', 'one leg was done and another not')
    if (level.says === 'pending') throw new Unproven('pending', 'it was taken and has not ended')
    const refused = level.says === 'rows' ? { refused: level.refused } : {}
    return { ...told(message, output), ...refused, output: () => output, warning: () => warningOf(body) }
  }
}

/** A ZIP by its first bytes: no JSON begins like it. Clients look at the first byte, too. [F: messages, 9102] */
const isZip = (body: Buffer) => body.subarray(0, 2).toString('latin1') === 'PK'

/** A file is answered as it came; who asked in another dialect gets it as text in Base64, as 9101 hands files in. [A] */
function fileIn({ document }: Message, body: Buffer, status: number): Reply {
  refuseContradiction(status)
  const { fsDownloadIn } = (document.json().input ?? {}) as { fsDownloadIn?: { filename?: unknown } }
  return {
    ...{ verdict: 'yes', settlement: null, encounter: null, fileType: 'application/zip' },
    output: () => ({ filename: fsDownloadIn?.filename ?? '', in: body.toString('base64') }),
    warning: () => null,
  }
}

/**
 * A refusal before anything was done: the credentials of the gateway itself were not taken (RFC 9110, 15.5.2: the request
 * has not been applied).
 */
function unauthorized(body: Buffer): Reply {
  let said: Record<string, unknown> = {}
  try {
    said = parse(body)
  } catch {
    // A page of a proxy: the status says it all.
  }
  const words = [said.err_msg, said.message].find((text) => typeof text === 'string' && text !== '')
  const told = words ? `（${cleaned(String(words))}）` : ''
  return {
    verdict: 'no',
    reason: null,
    text: `平台接口网关未通过身份校验${told}，本笔未办理，请联系网关运维人员核对签名和账号`,
    final: true,
  }
}

/** @throws {Unproven} if these bytes, with their own answer id, were the answer to what was asked before */
function refuseRepeated(body: Buffer): void {
  const { inf_refmsgid } = parse(body)
  if (typeof inf_refmsgid === 'string' && ANSWER_ID.test(inf_refmsgid)) {
    throw new Unproven('twice', 'the answer to another message came once more')
  }
}

/** Names of what is encrypted, in the output or in its stead: `encData` [F]; other spellings [A]. */
const ENCRYPTED = /^enc_?data$/i

function isEncrypted(node: unknown): boolean {
  return typeof node === 'object' && node !== null && Object.keys(node).some((name) => ENCRYPTED.test(name))
}

/** @throws {Unproven} if a yes is encrypted, which this dialect is not, or a person is missing in the answer to 1101 */
function refuseClosed({ operation }: Message, envelope: Record<string, unknown>): void {
  const { output } = envelope
  const node = (output ?? {}) as { baseinfo?: { psn_no?: unknown } | null }
  const isText = typeof output === 'string' && output !== ''
  if (isText || isEncrypted(output) || isEncrypted(envelope))
    throw new Unproven('closed', 'output is encrypted')
  if (operation.transaction === '1101' && !node.baseinfo) throw new Unproven('closed', 'baseinfo is missing')
}

/** The output of an answer, read where someone asks for it. */
function outputOf(body: Buffer): () => unknown {
  let output: unknown
  return () => {
    output ??= parse(body).output ?? null
    return output
  }
}

function told(message: Message, output: unknown) {
  const { operation } = message
  const foreign = foreignIn(message, output)
  if (foreign) throw new Unproven('foreign', `${foreign} of the answer is another's`)
  const settlement = operation.settlement?.(output, message) ?? null
  if (settlement && settlementFault(settlement)) throw unbalanced()
  const other = settlement && otherBill(message, settlement)
  if (other) throw new Unproven('foreign', `${other} of the answer is that of another bill`)
  const encounter = operation.encounter?.(output) || null
  const order = operation.order?.(output) || null
  return { verdict: 'yes', settlement, encounter, ...(order !== null && { order }) } as const
}

function unbalanced(): Unproven {
  return new Unproven('amounts', 'amounts of the answer do not add up')
}

/** A yes under a status that says no (404, 403, 429) says two things, and so nothing. @throws {RangeError} */
function refuseContradiction(status: number): void {
  if (status >= 300) throw new RangeError(`success with status ${status}`)
}

/** Only 0 is success, as a number or as text. @throws {RangeError} if it is no status code at all */
function isSuccess(infcode: unknown): boolean {
  const text = typeof infcode === 'number' || typeof infcode === 'string' ? String(infcode).trim() : ''
  if (!/^-?\d{1,6}$/.test(text)) throw new RangeError('answer without a readable infcode')
  return Number(text) === 0
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(body)
    const envelope: unknown = parseExact(json)
    if (envelope && typeof envelope === 'object' && !Array.isArray(envelope) && !namesTwice(json)) {
      return envelope as Record<string, unknown>
    }
  } catch {
    // Told below: what was answered is not repeated, it may hold anything.
  }
  throw new RangeError('answer is not a JSON object')
}

/** A platform's sentence without its reason and without identity numbers. */
function cleaned(sentence: string): string {
  return withoutIdentity(sentence.replace(REASON, '')).slice(0, TEXT_MAX)
}

function refusal(sentence: string): Reply {
  const reason = REASON.exec(sentence)?.[1] ?? null
  const text = cleaned(sentence) || NO_TEXT
  if (reason === STOPPED) return { verdict: 'later', reason, text }
  if (reason && UNCLEAR.has(reason)) return { verdict: 'unclear', reason, text }
  return { verdict: 'no', reason, text }
}
