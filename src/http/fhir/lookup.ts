/** `CodeSystem/$lookup` and `CodeSystem/$validate-code`: a national code on a day. Both releases name them alike. */
import type { ParametersParameter } from 'fhir/r4.js'
import type { CodebookHead, Found, NotFound } from '../../codes/outcome.ts'
import { lookupText } from '../../codes/texts.ts'
import { editionOn } from '../codes/question.ts'
import { dayAsked } from './as-of.ts'
import { bookAt, onlyOne, parametersOf, type View } from './door.ts'
import { badRequest, FhirFault, notFound } from './fault.ts'
import type { Coding, Given, Spec } from './parameters.ts'

/** Parameters of `$lookup`. */
export const LOOKUP = {
  code: 'text',
  system: 'text',
  version: 'text',
  coding: 'coding',
  date: 'day',
} as const satisfies Spec

/** Parameters of `$validate-code`. */
export const VALIDATE = {
  url: 'text',
  code: 'text',
  version: 'text',
  display: 'text',
  coding: 'coding',
  codeableConcept: 'concept',
  date: 'day',
  abstract: 'boolean',
} as const satisfies Spec

function property(code: string, value: Omit<ParametersParameter, 'name'> | undefined): ParametersParameter[] {
  if (!value) return []
  return [
    {
      name: 'property',
      part: [
        { name: 'code', valueCode: code },
        { name: 'value', ...value },
      ],
    },
  ]
}

const textOf = (value: string | undefined) => (value === undefined ? undefined : { valueString: value })

/** All that is known of a code on a day, whether it may be used or not. @throws {FhirFault} where the table lacks it */
export function lookup(view: View, { texts, days, codings }: Given) {
  const { code: plain, system, version } = texts
  const single: Coding | undefined = plain === undefined ? undefined : { code: plain, system, version }
  const asked = onlyOne([single, codings.coding?.[0]], 'code与system、coding')
  if (!asked.system) throw badRequest('须给出system', 'required')
  const book = bookAt(view, asked.system)
  const day = dayAsked(book.editions, { date: days.date, version: asked.version }, view.today, book.titleZh)
  const answer = view.codes.lookup(book.id, asked.code, day)
  const { entry } = answer
  const text = answer.found ? undefined : lookupText(book.titleZh, asked.code, answer)
  if (!entry) {
    if (!answer.found && answer.reason === 'before-first-edition') {
      throw new FhirFault(422, { code: 'business-rule', text: text! })
    }
    throw notFound(text!)
  }
  const edition = editionOn(book.editions, day)!
  const status = answer.found ? 'active' : answer.reason
  return parametersOf([
    { name: 'name', valueString: book.titleZh },
    { name: 'version', valueString: edition.version },
    { name: 'display', valueString: entry.name },
    ...property('status', { valueCode: status }),
    ...property('inactive', { valueBoolean: !answer.found && status !== 'heading' }),
    ...property('notSelectable', { valueBoolean: status === 'heading' || status === 'grey' }),
    ...property('effectiveDate', entry.from && { valueDateTime: entry.from }),
    ...property('deprecationDate', entry.until && { valueDateTime: entry.until }),
    ...property('replacedBy', entry.replacedBy ? { valueCode: entry.replacedBy } : undefined),
    ...property('asOf', { valueDateTime: day }),
    ...property('source', textOf(edition.source.text)),
    ...property('sourceGrade', textOf(edition.source.grade)),
    ...Object.entries(entry.attributes ?? {}).flatMap(([name, value]) => property(name, textOf(value))),
  ])
}

interface Judged {
  readonly ok: boolean
  readonly text?: string | undefined
  readonly display?: string | undefined
  readonly version?: string | undefined
}

function judge(book: CodebookHead, answer: Found | NotFound, asked: Coding, mayBeAbstract: boolean): Judged {
  const known = { display: answer.entry?.name, version: answer.edition }
  const isHeading = !answer.found && answer.reason === 'heading'
  if (!answer.found && !(isHeading && mayBeAbstract)) {
    return { ok: false, text: lookupText(book.titleZh, asked.code, answer), ...known }
  }
  if (asked.display !== undefined && asked.display !== known.display) {
    const text = `编码“${asked.code}”的名称是“${known.display}”，与所给的名称不同`
    return { ok: false, text, ...known }
  }
  return { ok: true, ...known }
}

/** Whether a code may be used on a day: valid, selectable, and by the name that was given. */
export function validateCode(view: View, { texts, days, flags, codings }: Given) {
  const { url, code, version, display } = texts
  const single: Coding | undefined =
    code === undefined ? undefined : { code, display, version, ...(url && { system: url }) }
  const concept = codings.codeableConcept
  const asked = concept ?? [onlyOne([single, codings.coding?.[0]], 'code与url、coding、codeableConcept')]
  if (concept && (single || codings.coding)) throw badRequest('只能给出code、coding、codeableConcept之一')
  const judged = asked.map((one) => {
    const address = one.system ?? url
    if (!address) throw badRequest('须给出url', 'required')
    if (url && one.system && url !== one.system) throw badRequest('url与coding.system不同')
    const book = bookAt(view, address)
    const editions = { date: days.date, version: one.version ?? version }
    const day = dayAsked(book.editions, editions, view.today, book.titleZh)
    const answer = view.codes.lookup(book.id, one.code, day)
    return { address, one, ...judge(book, answer, one, flags.abstract ?? false) }
  })
  const best = judged.find(({ ok }) => ok) ?? judged[0]!
  // R4 has result, message and display; R5 says again what was judged.
  const again: ParametersParameter[] =
    view.release === 'r4'
      ? []
      : [
          { name: 'code', valueCode: best.one.code },
          { name: 'system', valueUri: best.address },
          ...(best.version ? [{ name: 'version', valueString: best.version }] : []),
        ]
  return parametersOf([
    { name: 'result', valueBoolean: best.ok },
    ...(best.text ? [{ name: 'message', valueString: best.text }] : []),
    ...(best.display ? [{ name: 'display', valueString: best.display }] : []),
    ...again,
  ])
}
