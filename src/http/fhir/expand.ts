/**
 * `ValueSet/$expand`: pages of the codes of a national table, filtered by text. A table may have millions of rows, so
 * this runs on a worker thread.
 */
import type { ParametersParameter, ValueSetExpansionContains } from 'fhir/r4.js'
import { inForceOn } from '../../codes/calendar.ts'
import type { CodebookHead } from '../../codes/outcome.ts'
import { dayNumber } from '../../codes/store/day-number.ts'
import type { Day } from '../../domain/day.ts'
import { editionInForce } from '../codes/question.ts'
import { dayAsked } from './as-of.ts'
import { codeStatus, LANGUAGE } from './lookup.ts'
import { badRequest, FhirFault } from './operation-outcome.ts'
import type { GivenParameters, Spec } from './parameters.ts'
import { whole } from './searchset.ts'
import { valueSetAt } from './value-sets.ts'
import { canonicalOf, refuseSupplements, type View } from './view.ts'

/** Parameters of `$expand`. */
export const EXPAND = {
  url: 'text',
  valueSetVersion: 'text',
  filter: 'text',
  date: 'day',
  offset: 'text',
  count: 'text',
  activeOnly: 'boolean',
  excludeNested: 'boolean',
  includeDesignations: 'boolean',
  includeDefinition: 'boolean',
  displayLanguage: 'text',
  'system-version': 'texts',
  useSupplement: 'texts',
} as const satisfies Spec

/** Maximum codes in one answer. */
const CODES_MAX = 1000

/** A page of codes and the total number. */
interface Page {
  readonly total: number
  readonly codes: readonly { readonly code: string; readonly name: string }[]
}

/** Whether a code starts with the filter, or its name contains all words of it. */
function isFound(code: string, name: string, sought: string, words: readonly string[]): boolean {
  return code.toLowerCase().startsWith(sought) || words.every((word) => name.includes(word))
}

/** Searches the edition of a day. */
function pageOf(
  { codes }: Pick<View, 'codes'>,
  book: CodebookHead,
  day: Day,
  asked: { filter: string; activeOnly: boolean; offset: number; count: number },
): Page {
  const rows = codes.table(book.id)
  const edition = rows && inForceOn(rows, day)
  if (!rows || !edition) return { total: 0, codes: [] }
  const packed = rows.book.forward
  const number = dayNumber(day)
  const sought = asked.filter.trim().toLowerCase()
  const words = sought.split(/\s+/).filter(Boolean)
  const found: { code: string; name: string }[] = []
  const end = asked.offset + asked.count
  let total = 0
  for (const head of packed.heads()) {
    // A code may have several versions over time: use the name of the day.
    const place = packed.inForce(head, edition.place, number)
    if (place === 0) continue
    // Names are decoded from their bytes, so that the search does not evict the cached names that bills need.
    const nameOf = () => Buffer.from(packed.nameBytes(place)).toString()
    const code = packed.code(head)
    if (words.length > 0 && !isFound(code, nameOf().toLowerCase(), sought, words)) continue
    if (asked.activeOnly && codeStatus(codes.lookup(book.id, code, day)).inactive) continue
    if (total >= asked.offset && total < end) found.push({ code, name: nameOf() })
    total += 1
  }
  return { total, codes: found }
}

/** Language and use of a designation that equals the display. */
const designationOf = (value: string) => ({ language: LANGUAGE, value })

/**
 * Expands the value set of all codes of a table.
 *
 * @throws {FhirFault} if there is no such value set, or more codes than one answer holds and no page is asked for
 */
export function expand(
  view: Omit<View, 'maps'>,
  { texts, lists, days, flags }: Pick<GivenParameters, 'texts' | 'lists' | 'days' | 'flags'>,
) {
  refuseSupplements(lists.useSupplement)
  if (texts.url === undefined) throw badRequest('须给出url：值集的地址', 'required')
  const { book, url, system, version: named } = valueSetAt(view, texts.url)
  const preset = (lists['system-version'] ?? []).map(canonicalOf).find((one) => one.url === system)
  const version = texts.valueSetVersion ?? named ?? preset?.version
  const day = dayAsked(book.editions, { date: days.date, version }, view.today, book.titleZh)
  const edition = editionInForce(book.editions, day)
  const offset = whole('offset', texts.offset, 0)
  const count = Math.min(whole('count', texts.count, CODES_MAX), CODES_MAX)
  const { filter = '' } = texts
  const { activeOnly = false, includeDesignations = false } = flags
  const page = pageOf(view, book, day, { filter, activeOnly, offset, count })
  const { total } = page
  if (texts.count === undefined && total - offset > CODES_MAX) {
    const text = `共${total}个编码，一次最多给出${CODES_MAX}个：请以count与offset分页，或以filter缩小范围`
    throw new FhirFault(422, { code: 'too-costly', tx: 'too-costly', text })
  }
  const contains = page.codes.map(({ code, name }): ValueSetExpansionContains => {
    const answer = view.codes.lookup(book.id, code, day)
    const { status, inactive } = codeStatus(answer)
    const display = answer.entry?.name ?? name
    return {
      system,
      ...(edition && { version: edition.version }),
      code,
      display,
      ...(status === 'heading' && { abstract: true }),
      ...(inactive && { inactive: true }),
      ...(includeDesignations && { designation: [designationOf(display)] }),
    }
  })
  const parameter: (ParametersParameter | false)[] = [
    texts.filter !== undefined && { name: 'filter', valueString: filter },
    texts.offset !== undefined && { name: 'offset', valueInteger: offset },
    texts.count !== undefined && { name: 'count', valueInteger: count },
    flags.activeOnly !== undefined && { name: 'activeOnly', valueBoolean: activeOnly },
    flags.excludeNested !== undefined && { name: 'excludeNested', valueBoolean: flags.excludeNested },
    texts.displayLanguage !== undefined && { name: 'displayLanguage', valueCode: texts.displayLanguage },
    { name: 'date', valueDateTime: day },
    edition !== undefined && { name: 'used-codesystem', valueUri: `${system}|${edition.version}` },
  ]
  return {
    resourceType: 'ValueSet',
    url,
    ...(edition && { version: edition.version }),
    title: book.titleZh,
    status: 'active',
    expansion: {
      timestamp: view.today,
      total,
      offset,
      parameter: parameter.filter((one) => one !== false),
      contains,
    },
  }
}
