/** Appends rows in the layout of the store, and finds them by code while they are being added. */
import { hashBytes } from '../../hash.ts'
import {
  HEAD_BYTES,
  LENGTH_AT,
  LOAD,
  MARK,
  MARKS_AT,
  placeBits,
  SECTION_BYTES_MAX,
  TAIL_WORDS,
  wordsOf,
} from './layout.ts'

/** A row without its code; offsets refer to the pool that belongs to the rows. */
export interface Version {
  readonly name: number
  readonly details: number
  readonly from: number
  readonly until: number
  readonly firstEdition: number
  readonly endEdition: number
  readonly marks: number
}

/** A growing list of rows. */
export interface RowWriter {
  /** Appends a row and returns its place. */
  append(code: Uint8Array, start: number, end: number, version: Version): number
  bytes(): Uint8Array<ArrayBuffer>
  words(): Uint32Array<ArrayBuffer>
  /** Words in use. */
  readonly end: number
}

/** Starts empty; place 0 stays free. */
export function createRowWriter(): RowWriter {
  let bytes = new Uint8Array(1 << 10)
  let words = new Uint32Array(bytes.buffer)
  let end = 1

  function grow(least: number): void {
    if (least * 4 > SECTION_BYTES_MAX) throw new RangeError('The table is too large for one packed file')
    const larger = new Uint8Array(Math.min(Math.max(bytes.length * 2, least * 4), SECTION_BYTES_MAX))
    larger.set(bytes)
    bytes = larger
    words = new Uint32Array(bytes.buffer)
  }

  return {
    append(code, start, stop, version) {
      const length = stop - start
      const place = end
      // A row of zeros ends the rows, so that reading past the last one finds nothing.
      if ((end + wordsOf(length)) * 4 + TAIL_WORDS * 4 > bytes.length) {
        grow(end + wordsOf(length) + TAIL_WORDS)
      }
      words[place] = version.name
      words[place + 1] = version.details
      words[place + 2] = version.from | (version.until << 16)
      words[place + 3] = version.firstEdition | (version.endEdition << 16)
      const at = place * 4
      bytes[at + MARKS_AT] = version.marks
      bytes[at + LENGTH_AT] = length
      for (let index = 0; index < length; index += 1) bytes[at + HEAD_BYTES + index] = code[start + index]!
      end += wordsOf(length)
      return place
    },
    bytes: () => bytes,
    words: () => words,
    get end() {
      return end
    },
  }
}

/** Places of the first versions of all codes, in storage order. */
export function* headsOf(bytes: Uint8Array, end: number): Generator<number> {
  for (let place = 1; place < end; place += wordsOf(bytes[place * 4 + LENGTH_AT]!)) {
    if ((bytes[place * 4 + MARKS_AT]! & MARK.further) === 0) yield place
  }
}

/**
 * The hash table over rows: each slot holds a place and, in its upper bits, as much of the hash as fits.
 *
 * @param size number of slots
 */
export function slotsOver(bytes: Uint8Array, end: number, size: number): Uint32Array<ArrayBuffer> {
  const slots = new Uint32Array(size)
  const bits = placeBits(end)
  for (const place of headsOf(bytes, end)) enter(slots, bits, place, hashOf(bytes, place))
  return slots
}

/** Inserts a place that is not in the table yet. */
export function enter(slots: Uint32Array, bits: number, place: number, hash: number): void {
  let slot = hash % slots.length
  while (slots[slot] !== 0) slot = slot + 1 === slots.length ? 0 : slot + 1
  slots[slot] = ((hash >>> bits) << bits) | place
}

/** Hash of the code of a row. */
export function hashOf(bytes: Uint8Array, place: number): number {
  const at = place * 4 + HEAD_BYTES
  return hashBytes(bytes, at, at + bytes[place * 4 + LENGTH_AT]!)
}

/** Number of slots for that many codes. */
export function slotsFor(codes: number): number {
  return Math.max(4, Math.ceil(codes / LOAD))
}
