/**
 * `$validate-code` on a code system or on the value set of all its codes: whether a code may be used on a day. What
 * cannot be known (missing or unknown system, unknown version or code) is an answer too: `result` false with a
 * message and issues. A CodeableConcept is valid if one of its codings is; the others produce warnings.
 */
import type { ParametersParameter } from 'fhir/r4.js'
import { liveEditions } from '../../codes/calendar.ts'
import type { CodebookHead, Found, NotFound } from '../../codes/outcome.ts'
import { lookupText } from '../../codes/texts.ts'
import type { Day } from '../../domain/day.ts'
import type { CodebookEntry } from '../../extension/codebook.ts'
import { editionInForce } from '../codes/question.ts'
import { dayAsked } from './as-of.ts'
import { finding } from './findings.ts'
import { codeOf, codeStatus } from './lookup.ts'
import { badRequest, FhirFault, type Issue, outcomeOf } from './operation-outcome.ts'
import type { Coding, GivenParameters, Spec } from './parameters.ts'
import { bookAt, canonicalOf, onlyOne, parametersOf, refuseSupplements, type View } from './view.ts'

/** Parameters of both. */
export const CODE_TO_JUDGE = {
  url: 'text',
  code: 'text',
  display: 'text',
  coding: 'coding',
  codeableConcept: 'concept',
  date: 'day',
  abstract: 'boolean',
  displayLanguage: 'text',
  'system-version': 'texts',
  useSupplement: 'texts',
} as const satisfies Spec

/** Parameters of `CodeSystem/$validate-code`. */
export const VALIDATE = { ...CODE_TO_JUDGE, version: 'text' } as const satisfies Spec

/** A code to validate, and the places of its parts in the request. */
interface Asked {
  readonly coding: Coding
  readonly at: Readonly<Record<'code' | 'system' | 'display' | 'whole', string>>
}

/** Result for one code. */
interface Judged {
  readonly ok: boolean
  readonly asked: Asked
  readonly issues: readonly Issue[]
  readonly display?: string | undefined
  readonly version?: string | undefined
  /** Status of an unusable code, if the table has it. */
  readonly status?: string | undefined
  readonly inactive?: boolean
  /** The unknown system, with its version if only that is unknown. */
  readonly unknown?: string
  /** Whether the code's table is known. */
  readonly placed: boolean
}

/** What codes are validated against. */
interface Measure {
  /** Address of the code system, if the request names it. */
  readonly system?: string | undefined
  /** Whether a code without a system belongs to that system, and a code of another system is invalid. */
  readonly only: boolean
  readonly version?: string | undefined
  /** Versions for codes that name none, by system: `urn:x|2.0`. */
  readonly versions: readonly string[]
  readonly date?: Day | undefined
  readonly abstract: boolean
}

const placesOf = (whole: string) => ({
  code: `${whole}.code`,
  system: `${whole}.system`,
  display: `${whole}.display`,
  whole,
})

/** The codes of a request. @throws {FhirFault} unless they are given in exactly one way */
function askedIn({ texts, codings }: GivenParameters, system: string | undefined): readonly Asked[] {
  const { code, display } = texts
  const own = texts.system ?? system
  const plain: Asked | undefined =
    code === undefined
      ? undefined
      : {
          coding: { code, display, ...(own && { system: own }) },
          at: { code: 'code', system: 'system', display: 'display', whole: 'code' },
        }
  const coding = codings.coding?.map((one) => ({ coding: one, at: placesOf('Coding') }))
  const concept = codings.codeableConcept?.map((one, index) => ({
    coding: one,
    at: placesOf(`CodeableConcept.coding[${index}]`),
  }))
  return onlyOne([plain && [plain], coding, concept], 'code、coding、codeableConcept')
}

/** The editions in which a code has a name, whatever the day. */
function editionsWithName(view: View, book: CodebookHead, code: string, name: string): readonly string[] {
  const rows = view.codes.table(book.id)
  if (!rows) return []
  const { forward } = rows.book
  const named = liveEditions(rows).filter(({ place }) =>
    forward.allIn(forward.find(code), place).some((one) => forward.name(one) === name),
  )
  return named.map(({ version }) => version)
}

/** Issues of a display name. */
function displayIssues(view: View, book: CodebookHead, entry: CodebookEntry, { coding, at }: Asked): Issue[] {
  const { code = '', display } = coding
  if (display === undefined || display === entry.name) return []
  const editions = editionsWithName(view, book, entry.code, display)
  if (editions.length > 0) {
    const text = `所给的是编码“${code}”在${editions.join('、')}版中的名称，所查日期的名称是“${entry.name}”`
    return [finding('other-display', text, at.display)]
  }
  const text = `编码“${code}”的名称是“${entry.name}”，与所给的名称不同`
  return [finding('wrong-display', text, at.display)]
}

/** Issues of a code that was looked up. */
function codeIssues(
  book: CodebookHead,
  answer: Found | NotFound,
  edition: string | undefined,
  { coding, at }: Asked,
  mayBeAbstract: boolean,
): Issue[] {
  const { code = '' } = coding
  const written = codeOf(answer)
  if (!answer.found && written === undefined) {
    const text = lookupText(book.titleZh, code, answer)
    if (answer.reason === 'before-first-edition') return [finding('no-edition', text, at.system)]
    if (answer.reason === 'not-yet-valid') return [finding('not-active', text, at.code)]
    if (answer.reason !== 'wrong-shape' || edition === undefined) {
      return [finding('unknown-code', text, at.code)]
    }
    const lacking = lookupText(book.titleZh, code, { found: false, reason: 'not-in-table', edition })
    return [finding('unknown-code', lacking, at.code), finding('wrong-form', text, at.code)]
  }
  const issues: Issue[] = []
  // The gateway itself accepts such a code in a bill; but a case-sensitive code system does not contain it.
  const stem = answer.found ? answer.code : written!
  if (answer.found ? code !== stem : !code.startsWith(stem)) {
    issues.push(finding('unknown-code', `编码“${code}”的写法与编码表不同，应为“${stem}”`, at.code))
  }
  if (!answer.found) {
    const isHeading = answer.reason === 'heading'
    if (!isHeading || !mayBeAbstract) {
      const text = lookupText(book.titleZh, code, answer)
      issues.push(finding(isHeading ? 'abstract' : 'not-active', text, at.code))
    }
  } else if (answer.code !== answer.entry.code) {
    const part = answer.code.slice(answer.entry.code.length)
    issues.push(finding('local-part', `“${part}”是地方附加的部分，未与国家编码表核对`, at.code))
  }
  return issues
}

/** Whether two addresses denote one code system: a deployment's own address is an alias of ours. */
function isSame({ names }: View, one: string, other: string): boolean {
  if (one === other) return true
  const [first, second] = [names.read(one), names.read(other)]
  return first?.kind === 'national' && second?.kind === 'national' && first.standard === second.standard
}

/** Validates one code. */
function judge(view: View, asked: Asked, measure: Measure): Judged {
  const { coding, at } = asked
  const no = (issue: Issue, more: Partial<Judged> = {}): Judged => ({
    ok: false,
    asked,
    issues: [issue],
    placed: false,
    ...more,
  })
  const given = coding.system ?? (measure.only ? measure.system : undefined)
  if (given === undefined) {
    return no(finding('no-system', '只有编码、没有编码体系，无法核对：须给出system', at.whole))
  }
  const { url, version: inAddress } = canonicalOf(given)
  if (measure.only && measure.system !== undefined && !isSame(view, url, measure.system)) {
    return no(finding('not-in-value-set', '该编码属于另一个编码体系，不在查询的范围内', at.whole))
  }
  let book: CodebookHead
  try {
    book = bookAt(view, url)
  } catch (error) {
    if (!(error instanceof FhirFault)) throw error
    return no(finding('unknown-system', error.message, at.system), { unknown: url })
  }
  if (coding.code === undefined) return no(finding('no-code', '没有给出code，无法核对', at.whole))
  const preset = measure.versions.map(canonicalOf).find((one) => one.url === url)?.version
  const version = coding.version ?? inAddress ?? measure.version ?? preset
  let day: Day
  try {
    day = dayAsked(book.editions, { date: measure.date, version }, view.today, book.titleZh)
  } catch (error) {
    if (!(error instanceof FhirFault)) throw error
    return error.status === 404
      ? no(finding('unknown-version', error.message, at.system), { version, unknown: `${url}|${version}` })
      : no(finding('no-edition', error.message, at.system), { version })
  }
  const answer = view.codes.lookup(book.id, coding.code, day)
  const display = answer.entry?.name
  const edition = answer.edition ?? editionInForce(book.editions, day)?.version
  const issues = codeIssues(book, answer, edition, asked, measure.abstract)
  if (answer.entry) issues.push(...displayIssues(view, book, answer.entry, asked))
  const stands = display !== undefined && !answer.found
  return {
    ok: issues.every(({ severity }) => severity !== 'error'),
    asked,
    issues,
    display,
    version: edition,
    placed: display !== undefined,
    ...(stands && codeStatus(answer)),
  }
}

/** Whether any of the codes of a request may be used, and why not. @throws {FhirFault} if none is given */
export function judgeCodes(view: View, given: GivenParameters, measure: Measure) {
  refuseSupplements(given.lists.useSupplement)
  const all = askedIn(given, measure.system)
  const isConcept = given.codings.codeableConcept !== undefined
  const judged = all.map((asked) => judge(view, asked, measure))
  const best =
    judged.find(({ ok }) => ok) ??
    judged.find(({ placed }) => placed) ??
    judged.find(({ version }) => version !== undefined) ??
    judged[0]
  const result = best?.ok ?? false
  const issues = judged.flatMap((one) =>
    // An issue of a coding that is not needed does not invalidate the whole.
    one.issues.map((issue) =>
      result && issue.severity === 'error' ? { ...issue, severity: 'warning' as const } : issue,
    ),
  )
  if (all.length === 0) issues.push(finding('no-code', '没有给出任何编码，无法核对', 'CodeableConcept'))
  const message = issues
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ text }) => text)
  const system = best?.asked.coding.system ?? (measure.only ? measure.system : undefined)
  // If the concept as a whole is unknown, no coding is returned as though it were the valid one.
  const again = best && (!isConcept || best.placed) ? best : undefined
  const concept = given.concepts.codeableConcept
  const parameters: (ParametersParameter | false | undefined)[] = [
    { name: 'result', valueBoolean: result },
    !result && { name: 'message', valueString: message.join('；') },
    best?.display !== undefined && { name: 'display', valueString: best.display },
    again?.asked.coding.code !== undefined && { name: 'code', valueCode: again.asked.coding.code },
    again && system !== undefined && { name: 'system', valueUri: canonicalOf(system).url },
    again?.version !== undefined && { name: 'version', valueString: again.version },
    best?.inactive && { name: 'inactive', valueBoolean: true },
    best?.status !== undefined && { name: 'status', valueCode: best.status },
    concept && { name: 'codeableConcept', valueCodeableConcept: concept },
    !result &&
      best?.unknown !== undefined && { name: 'x-caused-by-unknown-system', valueCanonical: best.unknown },
    issues.length > 0 && { name: 'issues', resource: outcomeOf(issues) },
  ]
  return parametersOf(parameters.filter((one) => one !== false && one !== undefined))
}

/** `CodeSystem/$validate-code`. @throws {FhirFault} if no code is given, or `url` is not the system of the coding */
export function validateCode(view: View, given: GivenParameters) {
  const { texts, lists, days, flags, codings } = given
  const named = texts.url === undefined ? undefined : canonicalOf(texts.url)
  const system = named?.url
  const one = codings.coding?.[0]?.system
  if (system && one && !isSame(view, canonicalOf(one).url, system)) throw badRequest('url与coding.system不同')
  return judgeCodes(view, given, {
    system,
    only: system !== undefined,
    version: texts.version ?? named?.version,
    versions: lists['system-version'] ?? [],
    date: days.date,
    abstract: flags.abstract ?? false,
  })
}
