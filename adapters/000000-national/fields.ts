/**
 * The field forms of the national interface as zod schemas. Numbers come as JSON numbers from some clients and as text
 * from others, empty values as `""`, `null` or not at all [F]; all of these are taken. Nothing is transformed here: what
 * comes otherwise was brought to these forms where the envelope was opened (`one-form.ts`). Fields that the text does not
 * name are let through, since areas add their own.
 */
import { z } from 'zod'
import { ANY_TIME, EVENT_TIME } from '../../src/scanner/calendar.ts'

/** Says in Chinese what a field must be; the path, added by the reader, says which one. */
export function must(title: string, need: string | ((input: unknown) => string)) {
  return {
    error: ({ input }: { input?: unknown }) =>
      input === undefined || input === null || input === ''
        ? `${title}不能为空`
        : `${title}${typeof need === 'string' ? need : need(input)}`,
  }
}

/** What a field is. */
export type Form = 'text' | 'decimal' | 'whole' | 'day' | 'time'

const forms = new WeakMap<z.ZodType, Form>()

/** Notes of a schema which form it asks for. */
export function of<Schema extends z.ZodType>(form: Form, schema: Schema): Schema {
  forms.set(schema, form)
  return schema
}

/** What a schema of these asks for: the form of a field, or null for a node; and whether it may be empty. */
export function askedBy(schema: z.ZodType): {
  readonly form: Form | null
  readonly optional: boolean
  readonly inside: z.ZodType
} {
  let inside = schema
  while (insides.has(inside)) inside = insides.get(inside)!
  return { form: forms.get(inside) ?? null, optional: inside !== schema, inside }
}

/**
 * The same words, the same schema: the transactions name the same few hundred fields again and again, and thousands of
 * schemas would be looked at in every round of the collector.
 */
function shared<Words extends readonly (number | string)[], Schema>(make: (...words: Words) => Schema) {
  const made = new Map<string, Schema>()
  return (...words: Words): Schema => {
    const key = words.join(' ')
    const schema = made.get(key) ?? make(...words)
    made.set(key, schema)
    return schema
  }
}

/** Text of at most `max` characters, not empty. */
export const text = shared((max: number, title: string) => {
  const told = must(title, `须为不超过${max}个字符的文本`)
  // A value that is too wide is told so once: whether it is a code of the set does not matter any more.
  const first = { ...told, abort: true }
  return of('text', z.string(told).check(z.minLength(1, first), z.maxLength(max, first)))
})

const NUMBER = z.number()
const INT = z.int()

/** The text of a decimal: yuan, quantities. */
export const DECIMAL = /^-?\d{1,14}(\.\d{1,6})?$/
/** The text of a whole number. */
export const WHOLE = /^-?\d{1,9}$/

/** Text that reads as a number, but with too many decimals. */
const LONG_DECIMAL = /^-?\d{1,14}\.\d+$/

/** A decimal number: a JSON number or its text, of at most six decimals. Precision is judged where the amount is read. */
export const decimal = shared((title: string) => {
  const told = must(title, (input) => (LONG_DECIMAL.test(String(input)) ? '小数不能超过6位' : '须为数值'))
  return of('decimal', z.union([NUMBER, z.string(told).regex(DECIMAL, told)], told))
})

/** A whole number: a JSON number or its text. */
export const whole = shared((title: string) => {
  const told = must(title, '须为整数')
  return of('whole', z.union([INT, z.string(told).regex(WHOLE, told)], told))
})

/** Text that looks like a day or a time. */
const DATED = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?$/

function dated(form: 'day' | 'time', pattern: RegExp, title: string) {
  const need = form === 'day' ? '须为日期yyyy-MM-dd' : '须为时间yyyy-MM-dd HH:mm:ss'
  const told = must(title, (input) =>
    DATED.test(String(input)) ? `不是有效的${form === 'day' ? '日期' : '时间'}，${need}` : need,
  )
  return of(form, z.string(told).regex(pattern, told))
}

/** The day `yyyy-MM-dd` of an event; some clients send a time, of which the day counts. */
export const day = shared((title: string) => dated('day', EVENT_TIME, title))

/** Any day `yyyy-MM-dd`: of a birth, or the last one of what may never end. */
export const anyDay = shared((title: string) => dated('day', ANY_TIME, title))

/** The time `yyyy-MM-dd HH:mm:ss` of an event; some clients send the day alone. */
export const time = shared((title: string) => dated('time', EVENT_TIME, title))

/** Any time `yyyy-MM-dd HH:mm:ss`, or a day alone: the last one of what may never end. */
export const anyTime = shared((title: string) => dated('time', ANY_TIME, title))

const EMPTY = z.literal('')
const NULL = z.null()
const optionals = new WeakMap<z.ZodType, z.ZodType>()
const insides = new WeakMap<z.ZodType, z.ZodType>()

/** A field that may be empty, null or absent. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  const make = () => z.union([EMPTY, NULL, schema]).optional()
  const made = (optionals.get(schema) as ReturnType<typeof make> | undefined) ?? make()
  optionals.set(schema, made)
  insides.set(made, schema)
  return made
}

/** A named node that is one object; further keys pass. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape, title = '') {
  return z.looseObject(shape, must(title, '须为对象'))
}

/** A node that may be absent, null or empty text. What is wrong in it is told with its whole place. */
export function absent(schema: z.ZodType): z.ZodType {
  const inner = z.preprocess(
    (value) => (value === '' || value === null ? undefined : value),
    schema.optional(),
  )
  const made = inner.optional()
  insides.set(made, schema)
  return made
}

/**
 * A node of rows, each an object.
 *
 * @param needed whether it must have a row
 * @param one whether its only row may stand there without a list
 */
export function listOf(title: string, row: z.ZodType, needed: boolean, one: boolean): z.ZodType {
  const told = must(title, `须为${needed ? 1 : 0}至${ROWS_MAX}行的数组`)
  const list = z
    .array(row, told)
    .min(needed ? 1 : 0, told)
    .max(ROWS_MAX, told)
  if (!one) return list
  const made = z.preprocess((value) => (isAlone(value) ? [value] : value), list)
  insides.set(made, list)
  return made
}

const isAlone = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The most rows that one message may carry: far above the batches of 100 that clients send. [A] */
export const ROWS_MAX = 2000

/** A named node of rows in a request, at least one. Clients that send a single row as an object are refused. */
export function rows<Shape extends z.core.$ZodLooseShape>(title: string, shape: Shape) {
  const told = must(title, `须为1至${ROWS_MAX}行的数组`)
  return z.array(section(shape), told).min(1, told).max(ROWS_MAX, told)
}

/** A node of rows in an answer: absent, an array, or one object, as platforms differ. [F] */
export function answeredRows<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const row = z.looseObject(shape)
  return z.union([z.array(row), row, z.null()]).optional()
}
