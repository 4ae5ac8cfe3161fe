/** Reading a platform's answer. Success is `infcode` 0 and nothing else; it arrives as a number or as text. [F] */
import { z } from 'zod'
import { withoutIdentity } from '../../src/domain/person.ts'
import { settlementFault } from '../../src/domain/settlement.ts'
import type { Message, Operation, Reply } from '../../src/extension/dialect.ts'
import { createReader, type Reader } from '../../src/extension/scanner/reader.ts'
import { section } from './fields.ts'

/** Failure reason at the head of `err_msg`, as the simulated platforms write it: `E101 …`. [A] */
const REASON = /^\[?(E\d{3})\]?\s*/

/** Reasons that say that a party behind the platform did not answer: E701 insured place, E703 national platform. [A] */
const UNCLEAR = new Set(['E701', 'E703'])

/** Reason that says that the insured place has stopped as announced, and nothing was passed on. [A] */
const STOPPED = 'E702'

/** Longest text that is taken from a platform's refusal. */
const TEXT_MAX = 1000

/** Reads answers of the operations of a dialect. */
export type Decode = (message: Message, body: Buffer) => Reply

/** The envelope of an answer, as far as it is looked at. */
export const answerSchema = section({ infcode: z.union([z.number(), z.string()]) })

/**
 * Makes the reading of answers. A plain one is read by its bytes, any other as JSON; both give the same.
 *
 * @returns a reading that throws {RangeError} where it is no answer envelope, or the money in it is missing or does not
 *   add up
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
            { plain: false },
          )
        : null
    readers.set(operation, reader)
    return reader
  }

  return ({ operation }, body) => {
    const fields = readerOf(operation)?.read(body)
    if (fields && isSuccess(fields.infcode)) {
      return { ...told(operation, fields.output), output: outputOf(body) }
    }
    const envelope = parse(body)
    if (!isSuccess(envelope.infcode)) return refusal(String(envelope.err_msg ?? ''))
    const output = envelope.output ?? null
    return { ...told(operation, output), output: () => output }
  }
}

/** The output of an answer, read where someone asks for it. */
function outputOf(body: Buffer): () => unknown {
  let output: unknown
  return () => {
    output ??= parse(body).output ?? null
    return output
  }
}

function told(operation: Operation, output: unknown) {
  const settlement = operation.settlement?.(output) ?? null
  if (settlement && settlementFault(settlement)) throw new RangeError('amounts of the answer do not add up')
  const encounter = operation.encounter?.(output) ?? null
  return { verdict: 'yes', settlement, encounter } as const
}

/** Only 0 is success, as a number or as text. @throws {RangeError} where it is no status code at all */
function isSuccess(infcode: unknown): boolean {
  const text = typeof infcode === 'number' || typeof infcode === 'string' ? String(infcode).trim() : ''
  if (!/^-?\d{1,6}$/.test(text)) throw new RangeError('answer without a readable infcode')
  return Number(text) === 0
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const envelope: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (envelope && typeof envelope === 'object' && !Array.isArray(envelope)) {
      return envelope as Record<string, unknown>
    }
  } catch {
    // Told below: what was answered is not repeated, it may hold anything.
  }
  throw new RangeError('answer is not a JSON object')
}

function refusal(sentence: string): Reply {
  const reason = REASON.exec(sentence)?.[1] ?? null
  const text = withoutIdentity(sentence.replace(REASON, '')).slice(0, TEXT_MAX) || '平台未说明原因'
  if (reason === STOPPED) return { verdict: 'later', reason, text }
  return { verdict: reason && UNCLEAR.has(reason) ? 'unclear' : 'no', reason, text }
}
