/** The forms of the catalogue's fields as zod schemas: those of `fields.ts`, with the width and the value set of the row. */
import { z } from 'zod'
import type { Catalogue } from '../../../src/extension/catalogue.ts'
import type { CatalogueField } from '../../../src/extension/catalogue-rows.ts'
import { anyDay, anyTime, decimal, must, of, optional, text, whole } from '../fields.ts'

/** Width of a text that no source gives: that of `input` itself. [F] */
const WIDTH_MAX = 40_000
/** Digits of a number that no source gives. */
const DIGITS_MAX = 16

/** Widths that carry files as Base64 and are given as those of a column: as much as a message may hold. [F: T, 3503A] */
const FILES: ReadonlySet<string> = new Set(['file_data', 'rxIn', 'in', 'rxFile', 'fileData'])
const FILE_MAX = 150_000_000

const made = new Map<string, z.ZodType>()

function once(key: string, make: () => z.ZodType): z.ZodType {
  const known = made.get(key) ?? make()
  made.set(key, known)
  return known
}

/** Whether a value is of a set. One that has lost the zero before its only digit is meant all the same. */
export function isValueOf(values: ReadonlySet<string>, value: string): boolean {
  return values.has(value) || values.has(value.padStart(2, '0'))
}

/** A value of a set. */
function code(title: string, width: number, values: ReadonlySet<string>): z.ZodType {
  const told = must(title, '不在取值范围内')
  const isOne = (value: string) => isValueOf(values, value)
  return of(
    'text',
    z.string(told).check(z.minLength(1, told), z.maxLength(width, told), z.refine(isOne, told)),
  )
}

/** A number of so many digits before the point. */
function sized(title: string, schema: z.ZodType, form: 'decimal' | 'whole', digits: number): z.ZodType {
  if (digits === Number.POSITIVE_INFINITY) return schema
  const limit = 10 ** digits
  const told = must(title, `整数部分不能超过${digits}位`)
  return of(form, schema.check(z.refine((value) => Math.abs(Number(value)) < limit, told)))
}

/** Digits that a number may have before its point: those of its text are bounded anyway. */
export function digitsOf({ type, width = DIGITS_MAX, places = 0 }: CatalogueField): number {
  const digits = Math.max(1, type === 'whole' ? width : width - places)
  return digits >= 14 ? Number.POSITIVE_INFINITY : digits
}

/** Characters that a text may have. */
export function widthOf({ name, width = WIDTH_MAX }: CatalogueField): number {
  return FILES.has(name) ? FILE_MAX : width
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Base64 of JSON text or of a file. [F: T, 7102] */
function base64Of({ name, zh, width = WIDTH_MAX, base64 }: CatalogueField): z.ZodType {
  const isBase64 = (value: string) => BASE64.test(value) && value.length % 4 === 0
  const told = must(zh, base64 === 'json' ? '须为JSON文本的Base64编码' : '须为Base64编码')
  const isIt = (value: string) =>
    isBase64(value) && (base64 === 'file' || isJson(Buffer.from(value, 'base64').toString()))
  const wide = must(zh, `须为不超过${width}个字符的文本`)
  const longest = FILES.has(name) || base64 === 'file' ? FILE_MAX : width
  return of('text', z.string(told).check(z.maxLength(longest, wide), z.refine(isIt, told)))
}

function textOf(catalogue: Catalogue, field: CatalogueField, province: string): z.ZodType {
  const { zh, width = WIDTH_MAX, set } = field
  if (field.base64) return base64Of(field)
  const values = set ? catalogue.values(set, province) : null
  if (values) return code(zh, width, values)
  return text(widthOf(field), zh)
}

function asked(catalogue: Catalogue, field: CatalogueField, province: string): z.ZodType {
  switch (field.type) {
    case 'decimal':
      return sized(field.zh, decimal(field.zh), 'decimal', digitsOf(field))
    case 'whole':
      return sized(field.zh, whole(field.zh), 'whole', digitsOf(field))
    case 'day':
      return anyDay(field.zh)
    case 'time':
      return anyTime(field.zh)
    case 'flag':
      return once(`flag ${field.zh}`, () =>
        z.union([z.boolean(), z.string()], must(field.zh, '须为true或false')),
      )
    case 'rows':
      return once(`rows ${field.zh}`, () =>
        z.union([z.array(z.unknown()), z.looseObject({})], must(field.zh, '须为数组')),
      )
    default:
      return textOf(catalogue, field, province)
  }
}

/** The schema of a field as a province has it. */
export function fieldSchema(catalogue: Catalogue, field: CatalogueField, province: string): z.ZodType {
  const { type = 'text', zh, width, places, set, name, base64, must: needed } = field
  const key = [type, zh, width, places, set && `${set} ${province}`, FILES.has(name), base64].join('|')
  const schema = once(key, () => asked(catalogue, field, province))
  return needed ? schema : optional(schema)
}
