/** The string pool of a packer: texts and bytes by offset, each stored once. */
import { hashBytes } from '../../hash.ts'
import { SECTION_BYTES_MAX, TEXT_BYTES_MAX } from './layout.ts'
import { RowRefused } from './rows.ts'

const LONG = 255
const START = 4

/** Range of an entry in a pool. */
export function entrySpan(pool: Uint8Array, place: number): { start: number; end: number } {
  const length = pool[place]!
  if (length < LONG) return { start: place + 1, end: place + 1 + length }
  const long =
    pool[place + 1]! | (pool[place + 2]! << 8) | (pool[place + 3]! << 16) | (pool[place + 4]! << 24)
  return { start: place + 5, end: place + 5 + (long >>> 0) }
}

/** A growing pool. */
export interface StringPool {
  /** Offset of a text; 0 for the empty one. @throws {RowRefused} if it is too long */
  text(text: string): number
  /** Offset of the bytes `from` up to `to` of a buffer; 0 if there are none. */
  bytes(source: Uint8Array, from?: number, to?: number): number
  /** All entries so far. */
  view(): Uint8Array<ArrayBuffer>
}

/** Doubles the capacity, up to what an offset can address. */
function grown(bytes: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  if (least > SECTION_BYTES_MAX) throw new RangeError('The table is too large for one packed file')
  const larger = new Uint8Array(Math.min(Math.max(bytes.length * 2, least), SECTION_BYTES_MAX))
  larger.set(bytes)
  return larger
}

/** Creates an empty pool. */
export function createStringPool(): StringPool {
  let memory = new Uint8Array(1 << 10)
  let end = START
  let slots = new Uint32Array(1 << 6)
  let entries = 0
  let scratch = Buffer.alloc(1 << 8)

  function sameAt(place: number, source: Uint8Array, from: number, to: number): boolean {
    const { start, end: stop } = entrySpan(memory, place)
    if (stop - start !== to - from) return false
    for (let at = start, other = from; at < stop; at += 1, other += 1) {
      if (memory[at] !== source[other]) return false
    }
    return true
  }

  /** The slot of an entry, or the free slot for it. */
  function slotOf(source: Uint8Array, from: number, to: number): number {
    const mask = slots.length - 1
    let slot = hashBytes(source, from, to) & mask
    while (slots[slot] !== 0 && !sameAt(slots[slot]!, source, from, to)) slot = (slot + 1) & mask
    return slot
  }

  function widen(): void {
    const before = slots
    slots = new Uint32Array(before.length * 2)
    const mask = slots.length - 1
    for (const place of before) {
      if (place === 0) continue
      const { start, end: stop } = entrySpan(memory, place)
      let slot = hashBytes(memory, start, stop) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = place
    }
  }

  function append(source: Uint8Array, from: number, to: number): number {
    const length = to - from
    if (end + length + 5 > memory.length) memory = grown(memory, end + length + 5)
    const place = end
    memory[end] = Math.min(length, LONG)
    end += 1
    if (length >= LONG) {
      for (let shift = 0; shift < 32; shift += 8, end += 1) memory[end] = length >>> shift
    }
    memory.set(source.subarray(from, to), end)
    end += length
    return place
  }

  function bytes(source: Uint8Array, from = 0, to = source.length): number {
    if (from === to) return 0
    const slot = slotOf(source, from, to)
    if (slots[slot] !== 0) return slots[slot]!
    const place = append(source, from, to)
    slots[slot] = place
    entries += 1
    if (entries * 2 > slots.length) widen()
    return place
  }

  return {
    text(text) {
      const length = text.length > TEXT_BYTES_MAX ? text.length : Buffer.byteLength(text)
      if (length > TEXT_BYTES_MAX) {
        throw new RowRefused(`A text of ${text.length} characters is too long`)
      }
      if (length > scratch.length) scratch = Buffer.alloc(length * 2)
      return bytes(scratch, 0, scratch.write(text))
    },
    bytes,
    view: () => memory.subarray(0, end),
  }
}
