/**
 * Judges a message by its plan in one pass over its bytes, without making one object of it. It says yes only to what zod
 * says yes to, and only to bytes that are what `JSON.stringify` would write of them; to everything else (whitespace,
 * escapes, numbers written otherwise, a field twice) it says nothing, and the message takes the general way.
 */
import { isUtf8 } from 'node:buffer'
import { type Field, type Learnt, learn, meet } from './field-order.ts'
import { numberEnd } from './number.ts'
import { ANYTHING, type MessagePlan, type RowsPlan, type ValuePlan } from './plan.ts'
import { createShapes, type Judgements, repeatBit, type Shapes } from './row-shape.ts'
import { fits } from './string-cache.ts'
import { SOONER, STOPS, textEnd } from './text.ts'

/** Where the values that were asked for stand in the bytes. Overwritten by the next scan. */
export interface Spans {
  /** Start of a value outside of rows, 0 where it is not there; texts without their quotes. */
  start(slot: number): number
  end(slot: number): number
  /** Rows of the array whose values were asked for. */
  rows(): number
  rowStart(row: number, slot: number): number
  rowEnd(row: number, slot: number): number
  /** Whether a value is known to be written as in the row before, or neither is there; false says nothing. */
  repeats(row: number, slot: number): boolean
  /** Whether that is so of every row; false says nothing. */
  isSteady(slot: number): boolean
}

/** How strictly values are taken that no plan names. */
export interface Strictness {
  /** Whether objects among them are left to the general way: in what is compared or sent on as it came. */
  readonly plain: boolean
  /** Whether texts with blanks around them, `null` as a text and names spelt otherwise are left to the general way. */
  readonly formed: boolean
}

/** A scanner of one kind of message. */
export interface Scanner {
  /** @returns whether the message is valid beyond doubt; the spans are those of this scan */
  scan(bytes: Uint8Array): boolean
  readonly spans: Spans
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN = 0x7b
const CLOSE = 0x7d
const OPEN_ROWS = 0x5b
const CLOSE_ROWS = 0x5d
const FAIL = -1
/** Nesting of values that no plan names. */
const DEPTH_MAX = 16

/**
 * Makes the scanner of a plan. It keeps state between its calls: one is used by one thread, one scan at a time.
 *
 * @returns null where the plan has an object of too many fields
 */
export function createScanner(
  { root, fixed }: MessagePlan,
  strictness: Strictness = { plain: true, formed: true },
): Scanner | null {
  const known = learn(root, strictness.formed)
  return known && scannerOf(known, fixed, strictness)
}

function scannerOf(known: Learnt, fixed: number, { plain, formed }: Strictness): Scanner {
  const places = new Int32Array(fixed * 2)
  let rowPlaces = new Int32Array(1024)
  let rowCount = 0
  let stride = 0
  let depth = 0
  /** How many fields the object had that was judged last. */
  let fieldCount = 0
  const judgements: Judgements = {
    ...{ stops: STOPS, sooner: formed ? SOONER : null, fits },
    value: (bytes, words, at, field) => value(bytes, words, at, field.value, null, -1),
  }
  /** Whether the row before was judged by the function that judges the next one. */
  let follows = false
  /** Bits of what repeats in every row. */
  let steady = 0
  /** Of the rows whose values are asked for. */
  let shapes: Shapes | null = null

  function value(
    bytes: Uint8Array,
    words: DataView,
    at: number,
    plan: ValuePlan,
    inside: Learnt | null,
    row: number,
  ): number {
    switch (bytes[at]) {
      case QUOTE:
        return textEnd(bytes, at, plan, formed)
      case OPEN:
        if (plan.object) return object(bytes, words, at, inside!, row)
        return plan.any && !plain ? nested(bytes, words, at, CLOSE) : FAIL
      case OPEN_ROWS:
        if (plan.any) return nested(bytes, words, at, CLOSE_ROWS)
        return plan.rows ? rows(bytes, words, at, plan.rows, inside!) : FAIL
      case 0x6e:
        return plan.nil || plan.any ? literal(bytes, at, 'null') : FAIL
      case 0x74:
        return plan.any ? literal(bytes, at, 'true') : FAIL
      case 0x66:
        return plan.any ? literal(bytes, at, 'false') : FAIL
      default:
        return plan.number || plan.any ? numberEnd(bytes, at, plan.number === 'whole') : FAIL
    }
  }

  /** An object of the plan. Spans that it keeps go to its row, or, where `row` is negative, to the message's own. */
  function object(bytes: Uint8Array, words: DataView, at: number, learnt: Learnt, row: number): number {
    const { order } = learnt
    const { required } = learnt.plan
    let position = at + 1
    let seen = 0
    let seenLater = 0
    let seenUnnamed = 0
    if (bytes[position] === CLOSE) return required === 0 ? position + 1 : FAIL
    for (let place = 0; ; place += 1) {
      let field: Field | null | undefined = order[place]
      if (field === undefined || !stands(words, position, field)) {
        field = fieldAt(bytes, position, learnt, place)
        if (!field) return FAIL
      }
      position += field.length
      // A name that comes twice: JSON takes the last, so the general way decides.
      const before = field.set === 0 ? seen : field.set === 1 ? seenLater : seenUnnamed
      if ((before & field.bit) !== 0) return FAIL
      if (field.set === 0) seen |= field.bit
      else if (field.set === 1) seenLater |= field.bit
      else seenUnnamed |= field.bit
      const start = position
      position =
        bytes[position] === QUOTE
          ? textEnd(bytes, position, field.value, formed)
          : value(bytes, words, position, field.value, field.inside, row)
      if (position === FAIL) return FAIL
      if (field.place >= 0) {
        const quoted = bytes[start] === QUOTE ? 1 : 0
        const target = row < 0 ? places : rowPlaces
        const from = row < 0 ? field.place : row * stride * 2 + field.place
        target[from] = start + quoted
        target[from + 1] = position - quoted
      }
      const next = bytes[position]
      position += 1
      if (next === CLOSE) {
        fieldCount = place + 1
        return (seen & required) === required ? position : FAIL
      }
      if (next !== COMMA) return FAIL
    }
  }

  function rows(bytes: Uint8Array, words: DataView, at: number, plan: RowsPlan, item: Learnt): number {
    let position = at + 1
    let count = 0
    if (plan.stride > 0) stride = plan.stride
    for (;;) {
      if (bytes[position] !== OPEN || count >= plan.max) return FAIL
      position =
        plan.stride > 0
          ? row(bytes, words, position, item, count)
          : object(bytes, words, position, item, count)
      if (position === FAIL) return FAIL
      count += 1
      const next = bytes[position]
      position += 1
      if (next === CLOSE_ROWS) break
      if (next !== COMMA) return FAIL
    }
    if (plan.stride > 0) rowCount = count
    return count >= plan.min ? position : FAIL
  }

  /** A row whose spans are kept: by the shape of the rows before it, else field by field. */
  function row(bytes: Uint8Array, words: DataView, at: number, item: Learnt, count: number): number {
    room(count)
    if (!item.flat) return fieldByField(bytes, words, at, item, count)
    shapes ??= createShapes(stride, judgements)
    const after = shapes.row === null ? FAIL : shapes.row(bytes, words, at, rowPlaces, count * stride * 2)
    if (after !== FAIL) {
      const bits = (count * stride + stride - 1) * 2
      if (!follows) rowPlaces[bits] = 0
      if (count > 0) steady &= rowPlaces[bits]!
      follows = true
      return after
    }
    // What it has kept before it gave up stands in the same bytes, and is kept again.
    const end = fieldByField(bytes, words, at, item, count)
    begin()
    if (count > 0) steady = 0
    if (end !== FAIL) shapes.met(item.order, fieldCount)
    return end
  }

  function fieldByField(bytes: Uint8Array, words: DataView, at: number, item: Learnt, row: number): number {
    rowPlaces.fill(0, row * stride * 2, (row + 1) * stride * 2)
    return object(bytes, words, at, item, row)
  }

  /** The next row is the first one, or comes after one that was judged field by field. */
  function begin(): void {
    follows = false
    shapes?.begin()
  }

  /** Makes room for the spans of one more row. */
  function room(row: number): void {
    if ((row + 1) * stride * 2 <= rowPlaces.length) return
    const wider = new Int32Array(rowPlaces.length * 2)
    wider.set(rowPlaces)
    rowPlaces = wider
  }

  /** A list or an object of which the plan says nothing. @param close the byte that ends it */
  function nested(bytes: Uint8Array, words: DataView, at: number, close: number): number {
    let position = at + 1
    if (bytes[position] === close) return position + 1
    depth += 1
    if (depth > DEPTH_MAX) return FAIL
    for (;;) {
      if (close === CLOSE) {
        position = bytes[position] === QUOTE ? textEnd(bytes, position, ANYTHING, false) : FAIL
        if (position === FAIL || bytes[position] !== COLON) return FAIL
        position += 1
      }
      position = value(bytes, words, position, ANYTHING, null, -1)
      if (position === FAIL) return FAIL
      const next = bytes[position]
      position += 1
      if (next === close) {
        depth -= 1
        return position
      }
      if (next !== COMMA) return FAIL
    }
  }

  return {
    scan(given) {
      places.fill(0)
      rowCount = 0
      depth = 0
      begin()
      steady = -1
      if (given[0] !== OPEN || !isUtf8(given)) return false
      const words = new DataView(given.buffer, given.byteOffset, given.byteLength)
      return object(given, words, 0, known, -1) === given.length
    },
    spans: {
      start: (slot) => places[slot * 2]!,
      end: (slot) => places[slot * 2 + 1]!,
      rows: () => rowCount,
      rowStart: (row, slot) => rowPlaces[(row * stride + slot) * 2]!,
      rowEnd: (row, slot) => rowPlaces[(row * stride + slot) * 2 + 1]!,
      repeats: (row, slot) => (rowPlaces[(row * stride + stride - 1) * 2]! & repeatBit(slot)) !== 0,
      isSteady: (slot) => (steady & repeatBit(slot)) !== 0,
    },
  }
}

/** Whether the name of a field, its quotes and the colon stand here. */
export function stands(
  view: DataView,
  at: number,
  { words, length }: Pick<Field, 'words' | 'length'>,
): boolean {
  if (at + length > view.byteLength) return false
  const last = words.length - 1
  for (let word = 0; word < last; word += 1) {
    if (view.getInt32(at + word * 4, true) !== words[word]) return false
  }
  return view.getInt32(at + length - 4, true) === words[last]
}

/** The field whose name stands here, where another one was expected; null where none can be told. */
function fieldAt(bytes: Uint8Array, at: number, learnt: Learnt, place: number): Field | null {
  if (bytes[at] !== QUOTE) return null
  let end = at + 1
  while (STOPS[bytes[end]!] === 0) end += 1
  if (bytes[end] !== QUOTE || bytes[end + 1] !== COLON) return null
  const name = Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, end - at - 1).toString()
  return meet(learnt, name, place)
}

/** The position after a word; −1 where another one stands here. */
export function literal(bytes: Uint8Array, at: number, word: string): number {
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[at + index] !== word.charCodeAt(index)) return FAIL
  }
  return at + word.length
}
