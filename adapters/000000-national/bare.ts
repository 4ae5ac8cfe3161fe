/**
 * Answers without an envelope: `{code,type,message,data}`. The text names the four fields and no values [F: T, 4261 to 4263]; that
 * 0 with type `success` is a yes is the form of the Java framework that the platforms are built with [K].
 */
import type { Operation } from '../../src/extension/dialect.ts'
import type { Told } from '../../src/extension/reply.ts'

/** Whether an operation is answered so. */
export const isBare = (operation: Operation | undefined) => operation?.answersBare === true

/** Types that say nothing, or yes. */
const YES_TYPES: readonly string[] = ['', 'success']

/** What a bare answer says: a yes, or the sentence of a no. */
export type BareAnswer = { readonly says: 'yes' } | { readonly says: 'no'; readonly sentence: string }

const wordOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''

/**
 * Reads an answer.
 *
 * @returns null where it is none of this form
 * @throws {RangeError} where it says yes in one field and no in another
 */
export function bareAnswer(body: Readonly<Record<string, unknown>>): BareAnswer | null {
  const [code, type] = [wordOf(body.code), wordOf(body.type).toLowerCase()]
  if (code === '' || body.infcode !== undefined) return null
  const isYes = /^0+$/.test(code)
  if (isYes !== YES_TYPES.includes(type) && (isYes || type !== ''))
    throw new RangeError('bare answer whose code and type disagree')
  return isYes ? { says: 'yes' } : { says: 'no', sentence: wordOf(body.message) }
}

/** Writes a yes: what was found is in this form already. */
export function bareBytes(output: unknown): Buffer {
  return Buffer.from(JSON.stringify(output))
}

/** Writes a no; the sentence has at its head what the national envelope has there. */
export function bareRefusal({ reason, code, text }: Told): Buffer {
  const message = [reason, code && `[${code}]`, text].filter((part) => part).join(' ')
  return Buffer.from(JSON.stringify({ code: '-1', type: 'error', message, data: null }))
}
