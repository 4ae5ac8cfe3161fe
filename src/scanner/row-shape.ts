/**
 * Rows of one shape. The rows of a bill name the same fields in the same order, so after some rows that were judged field
 * by field a function is made that knows each name at its place, for half the price. It says yes to a row or nothing.
 */
import { ENDS, isBare, saysNone } from './ends.ts'
import { type Field, NAMED_MAX, UNNAMED_MAX } from './field-order.ts'
import type { TextPlan } from './plan.ts'

/**
 * Judges one row.
 *
 * @param words of the same bytes
 * @param spans gets where the values stand that are asked for, from `from` on, and in its last place but one the bits of those
 *   that repeat the row before, be it that neither has them; all places are written where it says yes
 * @returns the position after the row; −1 where it has another shape, or is not valid beyond doubt
 */
export type RowOfShape = (
  bytes: Uint8Array,
  words: DataView,
  at: number,
  spans: Int32Array,
  from: number,
) => number

/** What the scanner lends to the functions: the same judgements as field by field. */
export interface Judgements {
  /** Bytes at which a text ends or stops being plain. */
  readonly stops: Uint8Array
  /** The same, and bytes that a blank at an end has; null where blanks around a text do not matter. */
  readonly sooner: Uint8Array | null
  /** Whether a text fits by its units; asked where its length in bytes does not tell. */
  fits(bytes: Uint8Array, start: number, end: number, plan: TextPlan): boolean
  /** The position after a value that is no text, −1 where it is not valid beyond doubt. */
  value(bytes: Uint8Array, words: DataView, at: number, field: Field): number
}

/** Shapes of one kind of message: each sender has one, and a second one for rows that name their original. */
const SHAPES_MAX = 16
/** As many as `learnt.ts` tells apart. */
const FIELDS_MAX = NAMED_MAX + UNNAMED_MAX
/** A shape that comes seldom is not worth a function. */
const SEEN = 8

/** The shapes of the rows of one plan. */
export interface Shapes {
  /** The function for rows like the last one that was judged field by field; null where there is none. */
  row: RowOfShape | null
  /** Forgets the row before: the next one is the first of its message, or the one before was judged another way. */
  begin(): void
  /** Told of the fields of a row that was judged field by field and found valid. */
  met(fields: readonly (Field | undefined)[], count: number): void
}

interface Shape {
  readonly fields: readonly Field[]
  seen: number
  /** Null where none can be made; absent before it was tried. */
  row?: RowOfShape | null
}

/** Makes an empty collection. @param stride spans that a row keeps */
export function createShapes(stride: number, judgements: Judgements): Shapes {
  const known: Shape[] = []
  /** Start and length of the texts of the row before, by the place of their field; length 0 where there is none. */
  const before = new Int32Array(FIELDS_MAX * 2)
  const shapes: Shapes = {
    row: null,
    begin: () => void before.fill(0),
    met(fields, count) {
      let shape = known.find((one) => isSame(one.fields, fields, count))
      if (!shape) {
        if (known.length === SHAPES_MAX) return
        shape = { fields: fields.slice(0, count) as Field[], seen: 0 }
        known.push(shape)
      }
      shape.seen += 1
      if (shape.seen >= SEEN && shape.row === undefined) {
        shape.row = rowOfShape(shape.fields, stride * 2, before, judgements)
      }
      if (shape.row) shapes.row = shape.row
    },
  }
  return shapes
}

function isSame(fields: readonly Field[], others: readonly (Field | undefined)[], count: number): boolean {
  return fields.length === count && fields.every((field, place) => field === others[place])
}

/**
 * Makes the function; null where the process allows none: then every row is judged field by field. The fields are those of
 * a valid row, so whatever is required is among them, and none is there twice. Nothing of a message goes into its text but
 * the bytes of names, and these as numbers.
 */
function rowOfShape(
  fields: readonly Field[],
  width: number,
  before: Int32Array,
  { stops, sooner, fits, value }: Judgements,
): RowOfShape | null {
  const steps = fields.map((field, index) => stepOf(field, index, sooner !== null))
  const slots = Array.from({ length: width / 2 - 1 }, (_, slot) => slot)
  const absent = slots.filter((slot) => !fields.some(({ place }) => place === slot * 2))
  const make = functionOf(
    ...['fields', 'stops', 'fits', 'value', 'same', 'sooner', 'ends', 'isBare', 'saysNone', 'before'],
    `return function row(bytes, words, at, spans, from) {
      const end = bytes.length
      let start = 0, length = 0, repeats = ${absent.reduce((bits, slot) => bits | repeatBit(slot), 0)}
      ${steps.join('')}
      ${absent.map((slot) => `spans[from + ${slot * 2}] = spans[from + ${slot * 2 + 1}] = 0`).join('\n')}
      spans[from + ${width - 2}] = repeats
      return bytes[at] === ${CLOSE} ? at + 1 : -1
    }`,
  )
  return make?.(fields, stops, fits, value, same, sooner, ENDS, isBare, saysNone, before) ?? null
}

/** A function out of its text; null where the process forbids that (`--disallow-code-generation-from-strings`). */
function functionOf(...text: string[]): ((...lent: unknown[]) => RowOfShape) | null {
  try {
    return new Function(...text) as (...lent: unknown[]) => RowOfShape
  } catch (cause) {
    if (cause instanceof EvalError) return null
    throw cause
  }
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN = 0x7b
const CLOSE = 0x7d

/** Goes to the closing quote. */
const PLAIN = `while (stops[bytes[at]] === 0) at += 1
        if (bytes[at] !== ${QUOTE}) return -1`
/** The same, and no blank stands at either end. What matches a pattern needs no such look. */
const BARE = `while (sooner[bytes[at]] === 0) at += 1
        if (bytes[at] !== ${QUOTE}) {
          ${PLAIN}
          if ((ends[bytes[start]] | ends[bytes[at - 1]]) !== 0 && !isBare(bytes, start, at)) return -1
        }`

/**
 * One field: what stands before it, its name, its value, and where that stands. The same text as in the row before, like
 * the visit and the time of most lines, is not judged again.
 *
 * @param formed whether texts must be in their one form: no blanks around them, no `null` where they may be empty
 */
function stepOf({ words, length, place, value }: Field, index: number, formed: boolean): string {
  const names = [...words].map((word, at) => {
    const offset = at === words.length - 1 ? length - 4 : at * 4
    return `words.getInt32(at + ${offset}, true) !== ${word}`
  })
  const kept = place < 0 ? '' : `spans[from + ${place}] = start; spans[from + ${place + 1}] = at`
  return `
    if (bytes[at] !== ${index === 0 ? OPEN : COMMA} || at + ${length + 1} > end) return -1
    at += 1
    if (${names.join(' || ')}) return -1
    at += ${length}
    if (bytes[at] === ${QUOTE}) {
      at += 1
      start = at
      length = before[${index * 2 + 1}]
      if (length >= 4 && same(words, before[${index * 2}], at, length)) {
        at += length
        ${place < 0 ? '' : `repeats |= ${repeatBit(place >> 1)}`}
      } else {
        ${formed && !value.text?.matches ? BARE : PLAIN}
        ${textStep(value.text, value.empty, index)}
        ${formed ? 'if (at - start === 4 && saysNone(bytes, start)) return -1' : ''}
        before[${index * 2 + 1}] = at - start
      }
      before[${index * 2}] = start
      ${kept}
      at += 1
    } else {
      start = at
      at = value(bytes, words, at, fields[${index}])
      if (at < 0) return -1
      before[${index * 2 + 1}] = 0
      ${kept}
    }`
}

/** Slots of which is told whether they repeat. */
const BITS = 31

/** The bit of a slot among those that repeat the row before; none for slots beyond them. */
export function repeatBit(slot: number): number {
  return slot < BITS ? 1 << slot : 0
}

/** What is asked of a text between `start` and `at`: as `textEnd` asks. */
function textStep(text: TextPlan | null, empty: boolean, index: number): string {
  if (!text) return empty ? 'if (at !== start) return -1' : 'return -1'
  const { min, max, matches } = text
  const asked = `fits(bytes, start, at, fields[${index}].value.text)`
  const refused = [
    `at - start < ${min}`,
    min > 1 ? `!${asked}` : `(at - start > ${max} && !${asked})`,
    ...(matches ? [`!fields[${index}].value.text.matches(bytes, start, at)`] : []),
  ].join(' || ')
  return `if (${empty ? `at !== start && (${refused})` : refused}) return -1`
}

/** Whether a text stands at another place too, with the quote behind it. @param length at least four */
export function same(words: DataView, one: number, other: number, length: number): boolean {
  if (other + length >= words.byteLength || words.getUint8(other + length) !== QUOTE) return false
  for (let at = 0; at < length - 4; at += 4) {
    if (words.getInt32(one + at, true) !== words.getInt32(other + at, true)) return false
  }
  return words.getInt32(one + length - 4, true) === words.getInt32(other + length - 4, true)
}
