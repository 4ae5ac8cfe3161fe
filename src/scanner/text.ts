/** Texts as their bytes stand in a message. */
import { isBare, MAY_BLANK, saysNone } from './ends.ts'
import type { ValuePlan } from './plan.ts'
import { fits } from './string-cache.ts'

const QUOTE = 0x22

/** Bytes at which a text ends or stops being plain. */
export const STOPS = new Uint8Array(256)
for (let byte = 0; byte < 32; byte += 1) STOPS[byte] = 1
STOPS[QUOTE] = 1
STOPS[0x5c] = 1
/** The same, and bytes that a blank at an end has. */
export const SOONER = STOPS.map((stop, byte) => stop | MAY_BLANK[byte]!)

/**
 * A text from its opening quote.
 *
 * @param formed whether it must be in its one form: no blanks around it, no `null` where it may be empty
 * @returns the position after its closing quote; −1 where it is not valid beyond doubt
 */
export function textEnd(bytes: Uint8Array, at: number, plan: ValuePlan, formed: boolean): number {
  const start = at + 1
  let end = start
  while (SOONER[bytes[end]!] === 0) end += 1
  if (bytes[end] !== QUOTE) {
    while (STOPS[bytes[end]!] === 0) end += 1
    if (bytes[end] !== QUOTE || (formed && !isBare(bytes, start, end))) return -1
  }
  const length = end - start
  if (length === 0 && plan.empty) return end + 1
  const { text } = plan
  if (!text || length < text.min) return -1
  // As many bytes as units at least, so only a text that is long in bytes is counted.
  if ((length > text.max || text.min > 1) && !fits(bytes, start, end, text)) return -1
  if (text.matches !== null && !text.matches(bytes, start, end)) return -1
  // A field that says `null` may be empty: the general way knows.
  return formed && length === 4 && saysNone(bytes, start) ? -1 : end + 1
}
