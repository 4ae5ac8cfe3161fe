/**
 * Reads a packed table: rows with all their versions, found by code. It lies in one shared buffer used by all
 * threads of the process; a query allocates only what it returns.
 */
import type { Day } from '../../domain/day.ts'
import { hashAscii, hashBytes } from '../../hash.ts'
import { ALWAYS, dayOfNumber, NEVER } from './day-number.ts'
import { HEAD_BYTES, LENGTH_AT, MARK, MARKS_AT, placeBits, TAIL_WORDS, wordsOf } from './layout.ts'
import { entrySpan } from './string-pool.ts'

/** The three sections of a packed table. */
export interface Sections {
  readonly rows: Uint8Array
  readonly slots: Uint8Array
  readonly pool: Uint8Array
}

/** Number of cached names: what many bills need of a large table, few of a small one. */
const NAMES_KEPT = { large: 1 << 13, small: 1 << 6 } as const
const LARGE_POOL_BYTES = 1 << 14

/** Like `toString` without its argument checks, which are two thirds of its cost for a short text. */
interface Slicing {
  utf8Slice(start: number, end: number): string
}

const wordsIn = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new Uint32Array(buffer, byteOffset, byteLength >>> 2)

/** Rows by code. A row is referred to by its place; 0 means none. */
export class Packed {
  readonly #rows: Uint8Array
  readonly #words: Uint32Array
  readonly #slots: Uint32Array
  readonly #pool: Uint8Array
  readonly #text: Slicing
  readonly #codes: Slicing
  /** Days decoded so far, by number: there are few, and decoding one costs as much as a whole query. */
  readonly #days: (Day | undefined)[] = []
  /** Names read last, in a direct-mapped cache: bills mostly repeat the codes of earlier ones. */
  readonly #names: (string | undefined)[]
  readonly #namePlaces: Uint32Array
  readonly #bits: number
  readonly #end: number

  /** @param sections each aligned to four bytes; the rows end with a row of zeros */
  constructor({ rows, slots, pool }: Sections) {
    this.#rows = rows
    this.#words = wordsIn(rows)
    this.#slots = wordsIn(slots)
    this.#pool = pool
    this.#text = slicing(pool)
    const kept = pool.length > LARGE_POOL_BYTES ? NAMES_KEPT.large : NAMES_KEPT.small
    this.#names = new Array(kept).fill(undefined)
    this.#namePlaces = new Uint32Array(kept)
    this.#codes = slicing(rows)
    this.#end = this.#words.length - TAIL_WORDS
    this.#bits = placeBits(this.#end)
  }

  /**
   * The first version of a code.
   *
   * @param hash `hashAscii(code)`, if already known
   */
  find(code: string, hash: number = hashAscii(code)): number {
    if (hash < 0) return this.findBytes(Buffer.from(code))
    const slots = this.#slots
    const bits = this.#bits
    const tag = hash >>> bits
    let slot = hash % slots.length
    for (;;) {
      const value = slots[slot]!
      if (value === 0) return 0
      if (value >>> bits === tag) {
        const place = value & ((1 << bits) - 1)
        if (this.#isText(place, code)) return place
      }
      slot = slot + 1 === slots.length ? 0 : slot + 1
    }
  }

  /** The first version of a code given as bytes. */
  findBytes(code: Uint8Array): number {
    const slots = this.#slots
    const hash = hashBytes(code, 0, code.length)
    const tag = hash >>> this.#bits
    let slot = hash % slots.length
    for (;;) {
      const value = slots[slot]!
      if (value === 0) return 0
      const place = value & ((1 << this.#bits) - 1)
      if (value >>> this.#bits === tag && this.#isBytes(place, code)) return place
      slot = slot + 1 === slots.length ? 0 : slot + 1
    }
  }

  /**
   * The version that an edition has, starting from the first version of the code; any of them if it has several
   * spans.
   */
  inEdition(first: number, edition: number): number {
    for (let place = first; place !== 0; place = this.next(place)) {
      const span = this.#words[place + 3]!
      if (edition < (span & 0xffff)) return 0
      if (edition < span >>> 16) return place
    }
    return 0
  }

  /**
   * The version that an edition has for a day, starting from the first version of the code: the one whose span
   * contains the day; else the last that had ended by then, else the first to come.
   *
   * @param day number of the day
   */
  inForce(first: number, edition: number, day: number): number {
    let past = 0
    let coming = 0
    for (let place = first; place !== 0; place = this.next(place)) {
      const span = this.#words[place + 3]!
      if (edition < (span & 0xffff)) break
      if (edition >= span >>> 16) continue
      const days = this.#words[place + 2]!
      if (day >= (days & 0xffff) && day < days >>> 16) return place
      if (day < (days & 0xffff)) coming = coming === 0 || this.#isBefore(place, coming) ? place : coming
      else past = past === 0 || this.#isBefore(past, place) ? place : past
    }
    return past || coming
  }

  /** All versions that an edition has, starting from the first version of the code: one per span. */
  allIn(first: number, edition: number): readonly number[] {
    const places: number[] = []
    for (let place = first; place !== 0; place = this.next(place)) {
      if (edition >= this.firstEdition(place) && edition < this.endEdition(place)) places.push(place)
    }
    return places.sort((one, other) => this.fromNumber(one) - this.fromNumber(other))
  }

  /** Whether the span of one version begins before that of another. */
  #isBefore(one: number, other: number): boolean {
    return this.fromNumber(one) < this.fromNumber(other)
  }

  /** The next version of the same code. */
  next(place: number): number {
    const after = place + wordsOf(this.#rows[place * 4 + LENGTH_AT]!)
    return (this.#rows[after * 4 + MARKS_AT]! & MARK.further) === 0 ? 0 : after
  }

  /** First versions of all codes, in byte order of the codes. @param start place of a version to begin with */
  *heads(start = 1): Generator<number> {
    for (let place = start; place < this.#end; place += wordsOf(this.#rows[place * 4 + LENGTH_AT]!)) {
      if ((this.marks(place) & MARK.further) === 0) yield place
    }
  }

  code(place: number): string {
    const at = place * 4
    return this.#codes.utf8Slice(at + HEAD_BYTES, at + HEAD_BYTES + this.#rows[at + LENGTH_AT]!)
  }

  codeBytes(place: number): Uint8Array {
    const at = place * 4
    return this.#rows.subarray(at + HEAD_BYTES, at + HEAD_BYTES + this.#rows[at + LENGTH_AT]!)
  }

  name(place: number): string {
    const entry = this.#words[place]!
    if (entry === 0) return ''
    const kept = (Math.imul(entry, 0x9e3779b1) >>> 15) & (this.#namePlaces.length - 1)
    if (this.#namePlaces[kept] === entry) return this.#names[kept]!
    const { start, end } = entrySpan(this.#pool, entry)
    const name = this.#text.utf8Slice(start, end)
    this.#names[kept] = name
    this.#namePlaces[kept] = entry
    return name
  }

  nameBytes(place: number): Uint8Array {
    return this.#entry(this.#words[place]!)
  }

  /** Whether the row has more than a name and a span. */
  hasDetails(place: number): boolean {
    return this.#words[place + 1] !== 0
  }

  details(place: number): Uint8Array {
    return this.#entry(this.#words[place + 1]!)
  }

  /** Range of a row's details in the pool. */
  detailsSpan(place: number): { readonly start: number; readonly end: number } {
    return entrySpan(this.#pool, this.#words[place + 1]!)
  }

  /** The pool itself, to read details in place. */
  get pool(): Uint8Array {
    return this.#pool
  }

  /** A text of the pool. */
  textAt(start: number, end: number): string {
    return this.#text.utf8Slice(start, end)
  }

  marks(place: number): number {
    return this.#rows[place * 4 + MARKS_AT]!
  }

  /** Number of the first day, `ALWAYS` if there is none. */
  fromNumber(place: number): number {
    return this.#words[place + 2]! & 0xffff
  }

  /** Number of the first day after the last, `NEVER` if there is none. */
  untilNumber(place: number): number {
    return this.#words[place + 2]! >>> 16
  }

  from(place: number): Day | undefined {
    const number = this.fromNumber(place)
    return number === ALWAYS ? undefined : this.#day(number)
  }

  until(place: number): Day | undefined {
    const number = this.untilNumber(place)
    return number === NEVER ? undefined : this.#day(number)
  }

  firstEdition(place: number): number {
    return this.#words[place + 3]! & 0xffff
  }

  /** Index of the first edition that no longer has the version. */
  endEdition(place: number): number {
    return this.#words[place + 3]! >>> 16
  }

  #day(number: number): Day {
    const known = this.#days[number]
    if (known) return known
    const day = dayOfNumber(number)
    this.#days[number] = day
    return day
  }

  #entry(place: number): Uint8Array {
    if (place === 0) return NOTHING
    const { start, end } = entrySpan(this.#pool, place)
    return this.#pool.subarray(start, end)
  }

  #isText(place: number, code: string): boolean {
    const rows = this.#rows
    const at = place * 4
    if (rows[at + LENGTH_AT] !== code.length) return false
    for (let index = 0; index < code.length; index += 1) {
      if (rows[at + HEAD_BYTES + index] !== code.charCodeAt(index)) return false
    }
    return true
  }

  #isBytes(place: number, code: Uint8Array): boolean {
    const rows = this.#rows
    const at = place * 4
    if (rows[at + LENGTH_AT] !== code.length) return false
    for (let index = 0; index < code.length; index += 1) {
      if (rows[at + HEAD_BYTES + index] !== code[index]) return false
    }
    return true
  }
}

function slicing(bytes: Uint8Array): Slicing {
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength) as Buffer & Slicing
}

const NOTHING = new Uint8Array(0)
