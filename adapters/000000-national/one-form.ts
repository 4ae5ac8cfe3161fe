/**
 * Brings a message to one form where its envelope is opened; what is judged, compared, hashed, kept and sent on afterwards
 * is that form. Liberal in what is plainly meant, and never a guess: what cannot be told stays, and is refused by its name.
 *
 * - every text is without the blanks around it;
 * - a text field that came as a number is its text, `exp_content` that came as an object is its JSON;
 * - a node, or `input` itself, that came as JSON text is what that says (Hubei [F]);
 * - a number in a field whose codes all have two digits has its zero again: 1 is `01` (`mdtrt_cert_type`);
 * - a time is `yyyy-MM-dd HH:mm:ss`, or `yyyy-MM-dd` where only a day came; the small x of an identity number is X;
 * - an amount is without the zeros beyond its places, and has a digit before its point;
 * - `null` as a text is empty if the field may be empty (Python [F]), and where it holds an id or a code, which may not;
 * - a name in capitals or camel case is spelt as the national text spells it (`REFD_SETL_FLAG` of Foshan, `dscgTime` of
 *   Hunan, capital first letters of Guangzhou [F]).
 *
 * Which field is what, the schemas say. The fast way (`reading.ts`) says yes only to messages that are so already.
 */
import { z } from 'zod'
import { trimmed, trimmedJson } from '../../src/domain/blank.ts'
import { GatewayError } from '../../src/domain/problems.ts'
import { namedTwice, parseExact } from '../../src/extension/json.ts'
import { spellingOf } from '../../src/extension/spelling.ts'
import { askedBy, type Form } from './fields.ts'
import { wireTime } from './times.ts'

/** Brings a value to its form. @param at where it stands, `data.psn_no` */
type Former = (value: unknown, at: string) => unknown

type Json = Readonly<Record<string, unknown>>

/** Holds JSON text, and comes as an object from some clients. [F: QHSi] */
const EXTENSION = 'exp_content'

/** Fields that hold an identity number, among other documents. */
const IDENTITIES: ReadonlySet<string> = new Set(['certno', 'mdtrt_cert_no'])
/** Fields all of whose codes have two digits, with a zero before the first nine: a number has lost it on its way. [K] */
const TWO_DIGITS: ReadonlySet<string> = new Set(['mdtrt_cert_type', 'psn_cert_type', 'psn_setlway'])
const SMALL_X = /^\d{17}x$/

/** Whether a field holds an identity number, among other documents. */
export const isIdentity = (name: string): boolean => IDENTITIES.has(name)

/** Whether a document number ends with the small x that the national text does not know. */
export function hasSmallX(value: unknown): boolean {
  return typeof value === 'string' && SMALL_X.test(value)
}

const NONE = /^(?:null|none)$/i
const NULL = /^null$/i
/** Ends of the names of fields that hold an id or a code: `mdtrt_id`, `psn_no`, `mdtrt_cert_type`, `feedetl_sn`. */
const NAMES_SOMETHING = /(?:id|no|sn|code|codg|type|msgid|admd?vs)$/

/** Whether the field of a path holds an id or a code: none is called `null`, which a person may be. */
function isName(at: string): boolean {
  return NAMES_SOMETHING.test(at)
}

function isDigit(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 10
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

const FORMERS: Readonly<Record<Form, (value: unknown) => unknown>> = {
  text: (value) => (typeof value === 'number' && Number.isFinite(value) ? plainNumber(value) : value),
  decimal: (value) => (typeof value === 'string' ? decimalText(value) : value),
  whole: (value) => (typeof value === 'string' ? value.replace(/^(-?\d+)\.0+$/, '$1') : value),
  day: timeText,
  time: timeText,
}

/**
 * A number as the text that it is. One whose digits are lost stays a number, and is refused: what only an exponent could write,
 * and what is beyond 2^53 and did not come as plain digits (`4.1000020251130001e18` of PHP).
 */
function plainNumber(value: number): string | number {
  const text = String(value)
  return text.includes('e') || Math.abs(value) > Number.MAX_SAFE_INTEGER ? value : text
}

/** `.5` of Oracle is `0.5`; zeros beyond six places say nothing. */
function decimalText(text: string): string {
  const [, sign = '', whole, places = ''] = /^(-?)(\d*)\.(\d+)$/.exec(text) ?? []
  if (whole === undefined) return text
  const kept = places.length > 6 ? places.replace(/0+$/, '') : places
  return `${sign}${whole || '0'}${kept && '.'}${kept}`
}

function timeText(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? (wireTime(value) ?? value) : value
}

function fieldFormer(form: Form, optional: boolean): Former {
  const bring = FORMERS[form]
  return (value, at) => {
    if (typeof value !== 'string') return bring(value)
    const text = trimmed(value)
    const isNone = optional ? NONE.test(text) : NULL.test(text) && isName(at)
    return isNone ? '' : bring(text)
  }
}

/**
 * Reads JSON that names no field twice with different contents.
 *
 * @param at where it stands, `input.data`
 * @throws {SyntaxError} if it is no JSON
 * @throws {GatewayError} invalid-field
 */
export function parseOnce(text: string, at: string): unknown {
  const parsed = parseExact(text)
  const place = namedTwice(text, parsed)
  if (place === null) return parsed
  const whole = at === '' ? place : `${at}.${place}`
  throw twice(whole.replace(/^input\./, ''), '出现两次，且内容不同')
}

/** What a text says as JSON, where it says an object or rows. */
function unwrapped(value: unknown, at: string): unknown {
  if (typeof value !== 'string') return value
  const text = trimmed(value)
  if (!/^[[{]/.test(text)) return text
  try {
    return parseOnce(text, at)
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    return text
  }
}

const formers = new WeakMap<z.ZodType, Former>()

/**
 * Makes what brings values to the form of a schema.
 *
 * @param reads paths of fields that are read though the schema does not name them all: `data.certno`,
 *   `feedetail[].init_feedetl_sn`
 */
export function formerOf(schema: z.ZodType, reads: readonly string[] = []): Former {
  const known = formers.get(schema)
  if (known) return known
  const made = makeFormer(schema, reads)
  // Nodes below it may be shared by schemas that read other fields: only whole inputs are kept.
  formers.set(schema, made)
  return made
}

function makeFormer(schema: z.ZodType, reads: readonly string[]): Former {
  const { form, optional, inside } = askedBy(schema)
  if (form) return fieldFormer(form, optional)
  if (inside instanceof z.ZodObject) return nodeFormer(inside.shape as Record<string, z.ZodType>, reads)
  if (!(inside instanceof z.ZodArray)) return (value) => trimmedJson(value)
  const row = makeFormer(inside.element as z.ZodType, reads)
  return (value, at) => {
    const rows = unwrapped(value, at)
    if (Array.isArray(rows)) return rows.map((one, index) => row(one, `${at}[${index}]`))
    return isObject(rows) ? row(rows, at) : rows
  }
}

function nodeFormer(shape: Readonly<Record<string, z.ZodType>>, reads: readonly string[]): Former {
  const fields = new Map<string, Former>()
  for (const path of reads) fields.set(headOf(path), (value) => trimmedJson(value))
  for (const [name, schema] of Object.entries(shape)) fields.set(name, makeFormer(schema, below(reads, name)))
  // The input of an envelope is brought to its form by the schema of its operation.
  if (fields.size === 0) return unwrapped
  const spelt = new Map([...fields.keys()].map((name) => [spellingOf(name), name]))

  /** A node whose names are all spelt as its text spells them: none can stand there twice. Null if one is not. */
  function asSpelt(node: Json, at: string): Json | null {
    const formed: Record<string, unknown> = {}
    for (const name of Object.keys(node)) {
      const former = fields.get(name)
      if (!former) return null
      formed[name] = bring(former, name, node[name], at === '' ? name : `${at}.${name}`)
    }
    return formed
  }

  return (value, at) => {
    const node = unwrapped(value, at)
    if (!isObject(node)) return node
    const same = asSpelt(node, at)
    if (same) return same
    const formed = new Map<string, unknown>()
    for (const [given, one] of Object.entries(node)) {
      const name = fields.has(given) ? given : (spelt.get(spellingOf(given)) ?? given)
      const place = at === '' ? name : `${at}.${name}`
      const brought = bring(fields.get(name), name, one, place)
      if (!formed.has(name) || isEmpty(formed.get(name))) formed.set(name, brought)
      else if (!isEmpty(brought) && !isSame(formed.get(name), brought)) throw twice(place)
    }
    return Object.fromEntries(formed)
  }
}

function bring(former: Former | undefined, name: string, value: unknown, at: string): unknown {
  if (name === EXTENSION && typeof value === 'object' && value !== null) return JSON.stringify(value)
  if (!former) return trimmedJson(value)
  const brought = former(TWO_DIGITS.has(name) && isDigit(value) ? `0${value}` : value, at)
  return IDENTITIES.has(name) && hasSmallX(brought) ? (brought as string).toUpperCase() : brought
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A reader that does not mind capitals would take the other one of the two. */
function twice(place: string, text = '以不同写法出现两次，且内容不同'): GatewayError {
  return new GatewayError('invalid-field', 'receive', `${place} ${text}`, {
    fields: [{ field: place, text }],
  })
}

/** The first name of a path. */
function headOf(path: string): string {
  return /^[^.[]*/.exec(path)![0]
}

/** The paths below a name: of `data` `['data.certno']` leads to `['certno']`. */
function below(paths: readonly string[], name: string): string[] {
  return paths.flatMap((path) => {
    const [, rest] = new RegExp(`^${name}(?:\\[\\])?\\.(.+)$`).exec(path) ?? []
    return rest === undefined ? [] : [rest]
  })
}
