/**
 * Packs one edition, row by row, on top of a packed table that may be there already. Rows of the table that the edition
 * lacks are closed with its first day and stay; a row that reads otherwise becomes a further version of its code.
 */
import { hashBytes } from './hash.ts'
import { createHeap } from './heap.ts'
import { CODE_BYTES_MAX, HEAD_BYTES, LENGTH_AT } from './layout.ts'
import { merge, type Repacked } from './merge.ts'
import type { Packed } from './packed.ts'
import { createRowWriter, enter, hashOf, headsOf } from './row-writer.ts'
import { RowRefused } from './rows.ts'

/** A row as the store keeps it: what it says besides its code. */
export interface PackedRow {
  readonly name: string
  /** What a table or map says more, in its own form. */
  readonly details: Uint8Array
  /** Day numbers. */
  readonly from: number
  readonly until: number
  readonly marks: number
}

/** An edition on its way. */
export interface Packer {
  /** @throws {RowRefused} where the code stands already, is empty or too long, or a text is too long */
  add(code: string, row: PackedRow): void
  readonly rows: number
  finish(): Repacked
}

/** Bits of a place while rows still come; the rest of a slot is too little to tell codes apart, but free. */
const PLACE_BITS = 30
const PLACE_MASK = 2 ** PLACE_BITS - 1

/**
 * Begins an edition.
 *
 * @param base the table so far
 * @param edition where the edition will stand among those of the base, in order of their first day
 */
export function createPacker(base: Packed | null, edition: number): Packer {
  const heap = createHeap()
  const writer = createRowWriter()
  const code = Buffer.alloc(CODE_BYTES_MAX)
  let rows = 0
  let slots = new Uint32Array(1 << 12)

  function isKnown(hash: number, length: number): boolean {
    const bytes = writer.bytes()
    let slot = hash % slots.length
    while (slots[slot] !== 0) {
      const at = (slots[slot]! & PLACE_MASK) * 4
      if (
        bytes[at + LENGTH_AT] === length &&
        code.compare(bytes, at + HEAD_BYTES, at + HEAD_BYTES + length, 0, length) === 0
      ) {
        return true
      }
      slot = slot + 1 === slots.length ? 0 : slot + 1
    }
    return false
  }

  function widen(): void {
    slots = new Uint32Array(slots.length * 2)
    for (const place of headsOf(writer.bytes(), writer.end)) {
      enter(slots, PLACE_BITS, place, hashOf(writer.bytes(), place))
    }
  }

  return {
    add(text, { name, details, from, until, marks }) {
      const length = text.length > CODE_BYTES_MAX ? CODE_BYTES_MAX + 1 : Buffer.byteLength(text)
      if (length === 0) throw new RowRefused('The code is empty')
      if (length > CODE_BYTES_MAX) throw new RowRefused(`The code is longer than ${CODE_BYTES_MAX} bytes`)
      code.write(text)
      const hash = hashBytes(code, 0, length)
      if (isKnown(hash, length)) throw new RowRefused(`"${text}" stands twice in this edition`)
      const place = writer.append(code, 0, length, {
        name: heap.text(name),
        details: heap.bytes(details),
        from,
        until,
        marks,
        firstEdition: edition,
        endEdition: edition + 1,
      })
      enter(slots, PLACE_BITS, place, hash)
      rows += 1
      if (rows * 2 > slots.length) widen()
    },
    get rows() {
      return rows
    },
    finish: () => merge(base, edition, writer, heap),
  }
}
