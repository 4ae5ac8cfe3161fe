/**
 * Packs one edition, row by row, on top of an existing packed table if there is one. Rows that the edition lacks
 * are kept and end with its first day; a row that differs becomes a further version of its code.
 */
import { hashBytes } from '../../hash.ts'
import { CODE_BYTES_MAX, HEAD_BYTES, LENGTH_AT } from './layout.ts'
import { merge, type Repacked } from './merge.ts'
import type { Packed } from './packed.ts'
import { createRowWriter } from './row-writer.ts'
import { RowRefused, RowTwice } from './rows.ts'
import { createStringPool } from './string-pool.ts'

/** A row in the form of the store, without its code. */
export interface PackedRow {
  readonly name: string
  /** Further fields of a table or map, encoded by it. */
  readonly details: Uint8Array
  /** Day numbers. */
  readonly from: number
  readonly until: number
  readonly marks: number
}

/** An edition being packed. */
export interface Packer {
  /**
   * Adds a row. A code may have several rows for consecutive periods.
   *
   * @throws {RowRefused} if the code is empty or too long, or a text is too long
   * @throws {RowTwice} if the code already has a row for some of these days
   */
  add(code: string, row: PackedRow): void
  readonly rows: number
  finish(): Repacked
}

/**
 * Begins an edition.
 *
 * @param base the table so far
 * @param edition index of the new edition among those of the base, by first day
 */
export function createPacker(base: Packed | null, edition: number): Packer {
  const pool = createStringPool()
  const writer = createRowWriter()
  const code = Buffer.alloc(CODE_BYTES_MAX)
  let rows = 0
  let places = new Uint32Array(1 << 6)
  let hashes = new Uint32Array(places.length)
  /** Further rows of a code by the place of its first. */
  const further = new Map<number, number[]>()

  /** The slot of a code, or the free slot for it. */
  function slotOf(hash: number, length: number): number {
    const bytes = writer.bytes()
    const mask = places.length - 1
    let slot = hash & mask
    for (; places[slot] !== 0; slot = (slot + 1) & mask) {
      const at = places[slot]! * 4
      if (hashes[slot] !== hash || bytes[at + LENGTH_AT] !== length) continue
      if (code.compare(bytes, at + HEAD_BYTES, at + HEAD_BYTES + length, 0, length) === 0) return slot
    }
    return slot
  }

  function widen(): void {
    const [oldPlaces, oldHashes] = [places, hashes]
    places = new Uint32Array(oldPlaces.length * 2)
    hashes = new Uint32Array(places.length)
    const mask = places.length - 1
    for (let old = 0; old < oldPlaces.length; old += 1) {
      if (oldPlaces[old] === 0) continue
      let slot = oldHashes[old]! & mask
      while (places[slot] !== 0) slot = (slot + 1) & mask
      places[slot] = oldPlaces[old]!
      hashes[slot] = oldHashes[old]!
    }
  }

  /** Whether the days of a row overlap a span. */
  function meets(place: number, from: number, until: number): boolean {
    const span = writer.words()[place + 2]!
    return from < span >>> 16 && (span & 0xffff) < until
  }

  return {
    add(text, { name, details, from, until, marks }) {
      const length = text.length > CODE_BYTES_MAX ? CODE_BYTES_MAX + 1 : Buffer.byteLength(text)
      if (length === 0) throw new RowRefused('The code is empty')
      if (length > CODE_BYTES_MAX) throw new RowRefused(`The code is longer than ${CODE_BYTES_MAX} bytes`)
      code.write(text)
      const hash = hashBytes(code, 0, length)
      const slot = slotOf(hash, length)
      const first = places[slot]!
      const others = first === 0 ? [] : [first, ...(further.get(first) ?? [])]
      if (others.some((place) => meets(place, from, until))) {
        throw new RowTwice(`"${text}" stands twice in this edition`)
      }
      const place = writer.append(code, 0, length, {
        name: pool.text(name),
        details: pool.bytes(details),
        from,
        until,
        marks,
        firstEdition: edition,
        endEdition: edition + 1,
      })
      if (first === 0) places[slot] = place
      else further.set(first, [...(further.get(first) ?? []), place])
      hashes[slot] = hash
      rows += 1
      if (rows * 2 > places.length) widen()
    },
    get rows() {
      return rows
    },
    finish: () => merge(base, edition, writer, pool),
  }
}
