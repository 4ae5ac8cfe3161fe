/**
 * From a zod schema to a plan that bytes can be scanned by. The schema stays the one source: what it says beyond what a
 * plan can say (a transformation, a refinement, two forms of text in one field) makes the whole plan null, and such a
 * message always takes the general path.
 */
import { z } from 'zod'
import { compilePattern, type Matcher } from './pattern.ts'

/** What a value may be. Every form that is not allowed is told by null or false. */
export interface ValuePlan {
  readonly text: TextPlan | null
  /** The empty text, besides what `text` allows. */
  readonly empty: boolean
  readonly number: 'any' | 'whole' | null
  readonly nil: boolean
  readonly object: ObjectPlan | null
  readonly rows: RowsPlan | null
  /** Any JSON value: nothing is said of it. */
  readonly any: boolean
}

/** A text; lengths in UTF-16 units, as zod counts them. */
export interface TextPlan {
  readonly min: number
  readonly max: number
  readonly matches: Matcher | null
}

/** A field of an object. */
export interface FieldPlan {
  readonly name: string
  readonly required: boolean
  readonly value: ValuePlan
  /** Where its span is kept, counted in spans from the start of its object's own; −1 where nobody asks for it. */
  readonly slot: number
}

/** An object; fields that it does not name pass. */
export interface ObjectPlan {
  readonly fields: readonly FieldPlan[]
  /** Bit set of the fields that must be there. */
  readonly required: number
}

/** An array of objects. */
export interface RowsPlan {
  readonly item: ObjectPlan
  readonly min: number
  readonly max: number
  /** Spans that each row keeps, and one more for what repeats; 0 where nobody asks. */
  readonly stride: number
}

/** A whole message. */
export interface MessagePlan {
  readonly root: ObjectPlan
  /** Spans outside of rows. */
  readonly fixed: number
}

/** A JSON schema, as far as it is looked at. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly items?: Schema
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** Bits of a number that bit operations keep. */
const FIELDS_MAX = 31

class CannotPlan extends Error {
  override readonly name = 'CannotPlan'
}

const NOTHING: ValuePlan = {
  ...{ text: null, empty: false, number: null, nil: false, object: null, rows: null, any: false },
}

const ANY_TEXT: TextPlan = { min: 0, max: Number.MAX_SAFE_INTEGER, matches: null }

/** The value of a field of which nothing is said. */
export const ANYTHING: ValuePlan = {
  ...{ text: ANY_TEXT, empty: true, number: 'any', nil: true, object: null, rows: null, any: true },
}

/**
 * Makes a plan.
 *
 * @param schema of the whole message
 * @param wanted paths of the values whose place in the bytes is asked for: `msgid`, `input.data.psn_no`,
 *   `input.feedetail[].feedetl_sn`; each gets the slot of its place in this list, rows count theirs from 0
 * @returns null where the schema says more than a plan can
 */
export function planOf(schema: z.ZodType, wanted: readonly string[]): MessagePlan | null {
  try {
    const given = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'throw' }) as Schema
    const fixed = wanted.filter((path) => !path.includes('[]'))
    const repeated = wanted.filter((path) => path.includes('[]'))
    const slots: Slots = {
      of: (path) => (path.includes('[]') ? repeated : fixed).indexOf(path),
      under: (path) =>
        wanted
          .filter((one) => path === '' || one.startsWith(`${path}.`))
          .map((one) => (path === '' ? one : one.slice(path.length + 1)))
          .filter((name) => !/[.[]/.test(name)),
      stride: repeated.length + 1,
    }
    return { root: objectPlan(given, '', slots), fixed: fixed.length }
  } catch (cause) {
    if (cause instanceof CannotPlan) return null
    throw cause
  }
}

/** Where the spans go that are asked for. */
interface Slots {
  of(path: string): number
  /** Names of the fields of an object that are asked for. */
  under(path: string): readonly string[]
  /** Spans that a row keeps, and one more. */
  readonly stride: number
}

function objectPlan(schema: Schema, path: string, slots: Slots): ObjectPlan {
  // What is asked for and not in the schema may be there all the same, since further fields pass.
  const names = [...new Set([...Object.keys(schema.properties ?? {}), ...slots.under(path)])]
  if (schema.additionalProperties === false) throw new CannotPlan(`${path} is strict`)
  const fields = names.map((name): FieldPlan => {
    const place = path ? `${path}.${name}` : name
    return {
      name,
      required: schema.required?.includes(name) ?? false,
      value: valuePlan(schema.properties?.[name] ?? {}, place, slots),
      slot: slots.of(place),
    }
  })
  // Required fields come first, so that their bits fit; the others only have to be told apart.
  fields.sort((one, other) => Number(other.required) - Number(one.required))
  const needed = fields.filter(({ required }) => required).length
  if (needed > FIELDS_MAX) throw new CannotPlan(`${path} needs too many fields`)
  return { fields, required: needed === FIELDS_MAX ? 0x7fffffff : (1 << needed) - 1 }
}

function valuePlan(schema: Schema, path: string, slots: Slots): ValuePlan {
  const { type } = schema
  const options = schema.anyOf ?? (Array.isArray(type) ? type.map((one: string) => ({ type: one })) : null)
  if (options) {
    return options
      .map((option) => valuePlan(option, path, slots))
      .reduce((one, other) => joined(one, other, path))
  }
  if (schema.const === '') return { ...NOTHING, empty: true }
  if (schema.const !== undefined) throw new CannotPlan(`${path} is a constant`)
  switch (type) {
    case 'null':
      return { ...NOTHING, nil: true }
    case 'string':
      return { ...NOTHING, text: textPlan(schema) }
    case 'number':
      if (schema.minimum !== undefined || schema.maximum !== undefined)
        throw new CannotPlan(`${path} has a range`)
      return { ...NOTHING, number: 'any' }
    case 'integer':
      return { ...NOTHING, number: 'whole' }
    case 'object':
      return { ...NOTHING, object: objectPlan(schema, path, slots) }
    case 'array':
      return { ...NOTHING, rows: rowsPlan(schema, path, slots) }
    case undefined:
      return ANYTHING
    default:
      throw new CannotPlan(`${path} is a ${type}`)
  }
}

function textPlan({ minLength = 0, maxLength = Number.MAX_SAFE_INTEGER, pattern }: Schema): TextPlan {
  return { min: minLength, max: maxLength, matches: pattern === undefined ? null : compilePattern(pattern) }
}

function rowsPlan(schema: Schema, path: string, slots: Slots): RowsPlan {
  const { items, minItems = 0, maxItems = Number.MAX_SAFE_INTEGER } = schema
  if (items?.type !== 'object') throw new CannotPlan(`${path} is an array of something else than objects`)
  const item = objectPlan(items, `${path}[]`, slots)
  const asked = item.fields.some(({ slot }) => slot >= 0)
  return { item, min: minItems, max: maxItems, stride: asked ? slots.stride : 0 }
}

/** Both forms at once. @throws {CannotPlan} where one kind of JSON value would have two forms */
function joined(one: ValuePlan, other: ValuePlan, path: string): ValuePlan {
  const both = (key: 'text' | 'number' | 'object' | 'rows') => one[key] !== null && other[key] !== null
  if (both('text') || both('number') || both('object') || both('rows')) {
    throw new CannotPlan(`${path} has two forms of one kind`)
  }
  return {
    text: one.text ?? other.text,
    empty: one.empty || other.empty,
    number: one.number ?? other.number,
    nil: one.nil || other.nil,
    // Where rows may come as one object instead, only rows are read by their bytes.
    object: (one.rows ?? other.rows) ? null : (one.object ?? other.object),
    rows: one.rows ?? other.rows,
    any: one.any || other.any,
  }
}
