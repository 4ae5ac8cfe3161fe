/**
 * Judges a message by its plan in one pass over its bytes, without making one object of it. It says yes only to what zod
 * says yes to, and only to bytes that are what `JSON.stringify` would write of them; to everything else (whitespace,
 * escapes, numbers written otherwise, a field twice) it says nothing, and the message takes the general way.
 */
import { isUtf8 } from 'node:buffer'
import { numberEnd } from './number.ts'
import type { FieldPlan, MessagePlan, ObjectPlan, RowsPlan, TextPlan, ValuePlan } from './plan.ts'

/** Where the values that were asked for stand in the bytes. Overwritten by the next scan. */
export interface Spans {
  /** Start of a value outside of rows, 0 where it is not there; texts without their quotes. */
  start(slot: number): number
  end(slot: number): number
  /** Rows of the array whose values were asked for. */
  rows(): number
  rowStart(row: number, slot: number): number
  rowEnd(row: number, slot: number): number
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
/** Names of fields that no plan names, in one object: beyond it the message takes the general way. */
const UNNAMED_MAX = 30
/** Names that `JSON.parse` and `JSON.stringify` do not leave in their place. */
const OUT_OF_PLACE = /^(?:\d+|__proto__)$/

/** Bytes at which a text ends or stops being plain. */
const STOPS = new Uint8Array(256)
for (let byte = 0; byte < 32; byte += 1) STOPS[byte] = 1
STOPS[QUOTE] = 1
STOPS[0x5c] = 1

/** What an object of a plan has learnt: fields tend to come in the same order. */
interface Learnt {
  readonly plan: ObjectPlan
  readonly byName: ReadonlyMap<string, number>
  /** Names that the plan does not name, after those that it does. */
  readonly names: Uint8Array[]
  readonly values: (Learnt | null)[]
  /** The field that came last time at each place. */
  readonly order: number[]
}

function learn(plan: ObjectPlan): Learnt {
  const { fields } = plan
  return {
    plan,
    byName: new Map(fields.map(({ name }, index) => [name, index])),
    names: fields.map(({ bytes }) => bytes),
    values: fields.map(({ value }) => {
      const inside = value.object ?? value.rows?.item
      return inside ? learn(inside) : null
    }),
    order: fields.map((_, index) => index),
  }
}

/** Makes the scanner of a plan. It keeps state between its calls: one is used by one thread, one scan at a time. */
export function createScanner({ root, fixed }: MessagePlan): Scanner {
  const known = learn(root)
  const places = new Int32Array(fixed * 2)
  let rowPlaces = new Int32Array(1024)
  let rowBase = 0
  let rowCount = 0
  let stride = 0
  let bytes: Uint8Array = new Uint8Array(0)

  /** A text from its opening quote. @returns the position after its closing one */
  function text(at: number, plan: TextPlan | null, emptyAllowed: boolean): number {
    const start = at + 1
    let end = start
    while (STOPS[bytes[end]!] === 0) end += 1
    if (bytes[end] !== QUOTE) return FAIL
    const length = end - start
    if (length === 0 && emptyAllowed) return end + 1
    if (!plan || length < plan.min) return FAIL
    // As many bytes as units at least, so only a text that is long in bytes is counted.
    if ((length > plan.max || plan.min > 1) && !fits(start, end, plan)) return FAIL
    if (plan.matches && !plan.matches(bytes, start, end)) return FAIL
    return end + 1
  }

  function fits(start: number, end: number, { min, max }: TextPlan): boolean {
    let units = 0
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at]!
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1
    }
    return units >= min && units <= max
  }

  function literal(at: number, word: string): number {
    for (let index = 0; index < word.length; index += 1) {
      if (bytes[at + index] !== word.charCodeAt(index)) return FAIL
    }
    return at + word.length
  }

  function value(at: number, plan: ValuePlan, inside: Learnt | null, base: Int32Array, from: number): number {
    switch (bytes[at]) {
      case QUOTE:
        if (plan.any) return text(at, ANY_TEXT, true)
        return plan.text || plan.empty ? text(at, plan.text, plan.empty) : FAIL
      case OPEN:
        if (plan.any) return unnamed(at, 0)
        return plan.object ? object(at, inside!, base, from) : FAIL
      case OPEN_ROWS:
        if (plan.any) return unnamed(at, 0)
        return plan.rows ? rows(at, plan.rows, inside!) : FAIL
      case 0x6e:
        return plan.nil || plan.any ? literal(at, 'null') : FAIL
      case 0x74:
        return plan.any ? literal(at, 'true') : FAIL
      case 0x66:
        return plan.any ? literal(at, 'false') : FAIL
      default:
        return plan.number || plan.any ? numberEnd(bytes, at, plan.number === 'whole') : FAIL
    }
  }

  /** The field whose name, in quotes, stands here; FAIL where none can be told. */
  function fieldAt(at: number, object_: Learnt, place: number): number {
    const expected = object_.order[place]
    if (expected !== undefined && isName(at, object_.names[expected]!)) return expected
    let end = at + 1
    while (STOPS[bytes[end]!] === 0) end += 1
    if (bytes[at] !== QUOTE || bytes[end] !== QUOTE) return FAIL
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + at + 1, end - at - 1).toString()
    let index = object_.byName.get(name) ?? FAIL
    if (index === FAIL) {
      if (OUT_OF_PLACE.test(name)) return FAIL
      index = object_.names.findIndex((each) => isName(at, each))
    }
    if (index === FAIL) {
      if (object_.names.length >= object_.plan.fields.length + UNNAMED_MAX) return FAIL
      index = object_.names.push(Buffer.from(name)) - 1
    }
    if (place < object_.names.length) object_.order[place] = index
    return index
  }

  function isName(at: number, name: Uint8Array): boolean {
    if (bytes[at] !== QUOTE || bytes[at + name.length + 1] !== QUOTE) return false
    for (let index = 0; index < name.length; index += 1) {
      if (bytes[at + 1 + index] !== name[index]) return false
    }
    return true
  }

  /** An object of the plan. Spans that it keeps go to `base`, from `from` on. */
  function object(at: number, object_: Learnt, base: Int32Array, from: number): number {
    const { fields, required } = object_.plan
    let position = at + 1
    let seen = 0
    let seenLater = 0
    let seenUnnamed = 0
    if (bytes[position] === CLOSE) return required === 0 ? position + 1 : FAIL
    for (let place = 0; ; place += 1) {
      const index = fieldAt(position, object_, place)
      if (index === FAIL) return FAIL
      position += object_.names[index]!.length + 2
      if (bytes[position] !== COLON) return FAIL
      position += 1
      // A name that comes twice: JSON takes the last, so the general way decides.
      if (index < 31) {
        if (seen & (1 << index)) return FAIL
        seen |= 1 << index
      } else if (index < fields.length) {
        const bit = 1 << (index - 31)
        if (index >= 62 || seenLater & bit) return FAIL
        seenLater |= bit
      } else {
        const bit = 1 << (index - fields.length)
        if (seenUnnamed & bit) return FAIL
        seenUnnamed |= bit
      }
      const start = position
      const field: FieldPlan | undefined = fields[index]
      position = field
        ? value(position, field.value, object_.values[index]!, base, from)
        : value(position, ANYTHING, null, base, from)
      if (position === FAIL) return FAIL
      if (field && field.slot >= 0) keep(base, from + field.slot * 2, start, position)
      const next = bytes[position]
      position += 1
      if (next === CLOSE) return (seen & required) === required ? position : FAIL
      if (next !== COMMA) return FAIL
    }
  }

  function keep(base: Int32Array, place: number, start: number, end: number): void {
    const quoted = bytes[start] === QUOTE ? 1 : 0
    const target = base === places ? places : rowPlaces
    target[place] = start + quoted
    target[place + 1] = end - quoted
  }

  function rows(at: number, plan: RowsPlan, item: Learnt): number {
    let position = at + 1
    let count = 0
    if (plan.stride > 0) stride = plan.stride
    for (;;) {
      if (bytes[position] !== OPEN || count >= plan.max) return FAIL
      if (plan.stride > 0) room(count)
      position = object(position, item, rowPlaces, rowBase + count * plan.stride * 2)
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

  /** Makes room for the spans of one more row, and empties it. */
  function room(row: number): void {
    const from = rowBase + row * stride * 2
    if (from + stride * 2 > rowPlaces.length) {
      const wider = new Int32Array(rowPlaces.length * 2)
      wider.set(rowPlaces)
      rowPlaces = wider
    }
    rowPlaces.fill(0, from, from + stride * 2)
  }

  /** A value of which the plan says nothing: any JSON, written plainly. Objects in it are left to the general way. */
  function unnamed(at: number, depth: number): number {
    if (depth > DEPTH_MAX || bytes[at] !== OPEN_ROWS) return FAIL
    let position = at + 1
    if (bytes[position] === CLOSE_ROWS) return position + 1
    for (;;) {
      position =
        bytes[position] === OPEN_ROWS
          ? unnamed(position, depth + 1)
          : value(position, ANYTHING, null, places, 0)
      if (position === FAIL) return FAIL
      const next = bytes[position]
      position += 1
      if (next === CLOSE_ROWS) return position
      if (next !== COMMA) return FAIL
    }
  }

  return {
    scan(given) {
      bytes = given
      places.fill(0)
      rowBase = 0
      rowCount = 0
      if (given[0] !== OPEN || !isUtf8(given)) return false
      return object(0, known, places, 0) === given.length
    },
    spans: {
      start: (slot) => places[slot * 2]!,
      end: (slot) => places[slot * 2 + 1]!,
      rows: () => rowCount,
      rowStart: (row, slot) => rowPlaces[(row * stride + slot) * 2]!,
      rowEnd: (row, slot) => rowPlaces[(row * stride + slot) * 2 + 1]!,
    },
  }
}

const ANY_TEXT: TextPlan = { min: 0, max: Number.MAX_SAFE_INTEGER, matches: null }
const ANYTHING: ValuePlan = {
  ...{ text: ANY_TEXT, empty: true, number: 'any', nil: true, object: null, rows: null, any: true },
}
