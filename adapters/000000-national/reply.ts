/** Reading a platform's answer. Success is `infcode` 0 and nothing else; it arrives as a number or as text. [F] */
import { withoutIdentity } from '../../src/domain/person.ts'
import { settlementFault } from '../../src/domain/settlement.ts'
import type { Message, Reply } from '../../src/extension/dialect.ts'

/** Failure reason at the head of `err_msg`, as the simulated platforms write it: `E101 …`. [A] */
const REASON = /^\[?(E\d{3})\]?\s*/

/** Reasons that say that a party behind the platform did not answer: E701 insured place, E703 national platform. [A] */
const UNCLEAR = new Set(['E701', 'E703'])

/** Reason that says that the insured place has stopped as announced, and nothing was passed on. [A] */
const STOPPED = 'E702'

/** Longest text that is taken from a platform's refusal. */
const TEXT_MAX = 1000

/**
 * Reads an answer.
 *
 * @throws {RangeError} where it is no answer envelope, or the money in it is missing or does not add up
 */
export function decodeReply(message: Message, body: Buffer): Reply {
  const envelope = parse(body)
  if (!isSuccess(envelope.infcode)) return refusal(String(envelope.err_msg ?? ''))
  const { operation } = message
  const output = envelope.output ?? null
  const settlement = operation.settlement?.(output) ?? null
  if (settlement && settlementFault(settlement)) throw new RangeError('amounts of the answer do not add up')
  const encounter = operation.encounter?.(output) ?? null
  return { verdict: 'yes', output, settlement, encounter }
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
