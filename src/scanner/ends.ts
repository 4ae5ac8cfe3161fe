/** Whether a text in bytes is free of what stands around texts: the same blanks as in `domain/blank.ts`, byte by byte. */
import { BLANKS, isBlank } from '../domain/blank.ts'

/**
 * Bytes with which a blank may begin or end. Bytes that continue a character stand at no beginning, so one table does for
 * both ends.
 */
export const ENDS = new Uint8Array(256)
/** Bytes of which a text must have one to have a blank at an end: what has none, as codes and ids, is asked no further. */
export const MAY_BLANK = new Uint8Array(256).fill(1, 0x80)
for (const unit of BLANKS) {
  const bytes = Buffer.from(String.fromCharCode(unit))
  for (const byte of [bytes[0]!, bytes.at(-1)!]) [ENDS[byte], MAY_BLANK[byte]] = [1, 1]
}

/** Whether neither end of a text is a blank. @param end after the text, which is not empty and valid UTF-8 */
export function isBare(bytes: Uint8Array, start: number, end: number): boolean {
  if ((ENDS[bytes[start]!]! | ENDS[bytes[end - 1]!]!) === 0) return true
  let last = end - 1
  while (last > start && (bytes[last]! & 0xc0) === 0x80) last -= 1
  return !isBlank(unitAt(bytes, start)) && !isBlank(unitAt(bytes, last))
}

/** The code unit that begins here; 0xffff, which is no blank, for characters beyond the first plane. */
function unitAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return lead
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f)
  if (lead >= 0xf0) return 0xffff
  return ((lead & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f)
}

/** Bytes of `null`, and the bits that make letters small. */
const NULL_WORD = 0x6c6c_756e
const NONE_WORD = 0x656e_6f6e
const SMALL = 0x2020_2020

/** Whether a text of four bytes says that there is none: `null`, `None`, as some serializers write an empty value. [F] */
export function saysNone(bytes: Uint8Array, start: number): boolean {
  const word =
    bytes[start]! | (bytes[start + 1]! << 8) | (bytes[start + 2]! << 16) | (bytes[start + 3]! << 24) | SMALL
  return word === NULL_WORD || word === NONE_WORD
}
