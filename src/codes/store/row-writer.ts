/** Rows of a packer: appended in the layout of the store, and found again by code while they are being added. */
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

/** What a row says besides its code; places are of the heap that belongs to the rows. */
export interface Version {
  readonly name: number
  readonly details: number
  readonly from: number
  readonly until: number
  readonly firstEdition: number
  readonly endEdition: number
  readonly marks: number
}

/** Rows that grow. */
export interface RowWriter {
  /** Appends a row and returns its place. */
  append(code: Uint8Array, start: number, end: number, version: Version): number
  bytes(): Uint8Array<ArrayBuffer>
  words(): Uint32Array<ArrayBuffer>
  /** Words in use. */
  readonly end: number
}

/** Empty rows; place 0 is left free. */
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
      // A row of zeros ends the rows, so that looking at the one after the last finds nothing.
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

/** Places of the first versions of all codes, in the order in which they lie. */
export function* headsOf(bytes: Uint8Array, end: number): Generator<number> {
  for (let place = 1; place < end; place += wordsOf(bytes[place * 4 + LENGTH_AT]!)) {
    if ((bytes[place * 4 + MARKS_AT]! & MARK.further) === 0) yield place
  }
}

/**
 * The hash table over rows: each slot holds a place and, above it, as much of the hash as there is room for.
 *
 * @param size how many slots
 */
export function slotsOver(bytes: Uint8Array, end: number, size: number): Uint32Array<ArrayBuffer> {
  const slots = new Uint32Array(size)
  const bits = placeBits(end)
  for (const place of headsOf(bytes, end)) enter(slots, bits, place, hashOf(bytes, place))
  return slots
}

/** Enters a place that is not in the table yet. */
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

/** How many slots so many codes take. */
export function slotsFor(codes: number): number {
  return Math.max(4, Math.ceil(codes / LOAD))
}
