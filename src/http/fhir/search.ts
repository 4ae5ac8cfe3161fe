/** Search on resource metadata: id, address, version, name, title, status and date. */
import { badRequest } from './operation-outcome.ts'
import type { GivenParameters, Spec } from './parameters.ts'
import { PAGE } from './searchset.ts'

/** Parameters of every search. A comma-separated list matches any of its values. */
export const SEARCH = {
  ...PAGE,
  _id: 'text',
  url: 'text',
  version: 'text',
  name: 'text',
  'name:exact': 'text',
  'name:contains': 'text',
  title: 'text',
  'title:exact': 'text',
  'title:contains': 'text',
  status: 'text',
  date: 'texts',
} as const satisfies Spec

/** FHIR types of the search parameters; those not listed are addresses. */
export const SEARCH_TYPES: Readonly<Record<string, 'token' | 'string' | 'date'>> = {
  _id: 'token',
  version: 'token',
  name: 'string',
  title: 'string',
  status: 'token',
  date: 'date',
  effective: 'date',
}

/** The searched metadata. */
export interface Searched {
  readonly id: string
  readonly url: string
  readonly version: string
  readonly name: string
  readonly title: string
  readonly status: string
  readonly date?: string
}

const DATE = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(\d{4}(?:-\d{2}(?:-\d{2})?)?)$/

/** A year, a month or a day, with a prefix. @throws {FhirFault} if it is none */
function isOnDate(date: string | undefined, wanted: string): boolean {
  const [, prefix = 'eq', value] = DATE.exec(wanted) ?? []
  if (value === undefined) throw badRequest('参数date须为YYYY、YYYY-MM或YYYY-MM-DD，前面可加ge、le等')
  if (date === undefined) return false
  const there = date.slice(0, value.length)
  switch (prefix) {
    case 'ne':
      return there !== value
    case 'gt':
    case 'sa':
      return there > value
    case 'lt':
    case 'eb':
      return there < value
    case 'ge':
      return there >= value
    case 'le':
      return there <= value
    default:
      return there === value
  }
}

/** The values of a list. */
export function anyOf(text: string): readonly string[] {
  return text.split(',').filter(Boolean)
}

/** FHIR string search: prefix and case-insensitive, unless a modifier says otherwise. */
const STRINGS = {
  '': (text: string, sought: string) => text.toLowerCase().startsWith(sought.toLowerCase()),
  ':exact': (text: string, sought: string) => text === sought,
  ':contains': (text: string, sought: string) => text.toLowerCase().includes(sought.toLowerCase()),
}
const MODIFIERS = ['', ':exact', ':contains'] as const

/** Whether a resource matches. @throws {FhirFault} on an invalid date */
export function isSought({ texts, lists }: GivenParameters): (one: Searched) => boolean {
  const exact = (['id', 'url', 'version', 'status'] as const).flatMap((name) => {
    const text = texts[name === 'id' ? '_id' : name]
    return text === undefined ? [] : [{ name, values: anyOf(text) }]
  })
  const strings = (['name', 'title'] as const).flatMap((name) =>
    MODIFIERS.flatMap((modifier) => {
      const text = texts[name + modifier]
      return text === undefined ? [] : [{ name, values: anyOf(text), is: STRINGS[modifier] }]
    }),
  )
  const dates = lists.date ?? []
  for (const date of dates) isOnDate(undefined, date)
  return (one) =>
    exact.every(({ name, values }) => values.includes(one[name])) &&
    strings.every(({ name, values, is }) => values.some((value) => is(one[name], value))) &&
    dates.every((date) => isOnDate(one.date, date))
}
