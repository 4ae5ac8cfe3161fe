/** Texts out of bytes, the short ones kept: the lines of a bill, and of the bills before it, repeat most of what they say. */
import type { TextPlan } from './plan.ts'

/** Texts kept; each has its place by its hash, and the last one of a place stays. */
const KEPT = 16_384
const KEPT_BYTES_MAX = 32
const HASHED = 8

/** What `toString` does, without looking at its arguments: a third of the price of a short text. */
interface Slicing {
  utf8Slice(start: number, end: number): string
}

/** Makes texts. Nothing personal should be asked of it, since texts stay in memory. */
export function createTexts(): (bytes: Buffer, start: number, end: number) => string {
  const kept: string[] = new Array(KEPT).fill('')

  return (bytes, start, end) => {
    const length = end - start
    if (length === 0) return ''
    if (length > KEPT_BYTES_MAX) return sliced(bytes, start, end)
    // Numbers, codes and times differ at their end; two texts of one place only cost their making.
    let hash = length ^ bytes[start]!
    for (let at = Math.max(start, end - HASHED); at < end; at += 1) {
      hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
    }
    const place = (hash ^ (hash >>> 15)) & (KEPT - 1)
    const known = kept[place]!
    if (known.length === length) {
      let at = 0
      while (at < length && known.charCodeAt(at) === bytes[start + at]) at += 1
      if (at === length) return known
    }
    const text = sliced(bytes, start, end)
    // As many units as bytes: every byte is a character of its own.
    if (text.length === length) kept[place] = text
    return text
  }
}

/** A text that nobody keeps. */
export function sliced(bytes: Buffer, start: number, end: number): string {
  return (bytes as Buffer & Slicing).utf8Slice(start, end)
}

/** Whether a text has as many UTF-16 units as its plan asks. */
export function fits(bytes: Uint8Array, start: number, end: number, { min, max }: TextPlan): boolean {
  let units = 0
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at]!
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
  }
  return units >= min && units <= max
}
