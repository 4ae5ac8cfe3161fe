/** `CodeSystem/$lookup`: a national code on a day. The same names in both releases. */
import type { ParametersParameter } from 'fhir/r4.js'
import type { Found, NotFound } from '../../codes/outcome.ts'
import { lookupText } from '../../codes/texts.ts'
import { editionInForce } from '../codes/question.ts'
import { dayAsked } from './as-of.ts'
import { badRequest, FhirFault, notFound } from './operation-outcome.ts'
import type { Coding, GivenParameters, Spec } from './parameters.ts'
import { bookAt, canonicalOf, onlyOne, parametersOf, refuseSupplements, type View } from './view.ts'

/** Parameters of `$lookup`. */
export const LOOKUP = {
  code: 'text',
  system: 'text',
  version: 'text',
  coding: 'coding',
  date: 'day',
  property: 'texts',
  displayLanguage: 'text',
  useSupplement: 'texts',
} as const satisfies Spec

/** Language of all names in the tables. */
export const LANGUAGE = 'zh-CN'

/** Status of a code on a day: `active`, or why it may not be used. */
export function codeStatus(answer: Found | NotFound): {
  readonly status: string
  readonly inactive: boolean
} {
  const status = answer.found ? 'active' : answer.reason
  return { status, inactive: !answer.found && status !== 'heading' }
}

/** The code as written in the table, with the given local part. Undefined if the table lacks it. */
export function codeOf(answer: Found | NotFound): string | undefined {
  return answer.found ? answer.code : answer.entry?.code
}

/** A designation in its language, as terminology servers return it. */
export function designationOf(name: string): ParametersParameter {
  return {
    name: 'designation',
    part: [
      { name: 'language', valueCode: LANGUAGE },
      {
        name: 'use',
        valueCoding: {
          system: 'http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra',
          code: 'preferredForLanguage',
        },
      },
      { name: 'value', valueString: name },
    ],
  }
}

type Value = Omit<ParametersParameter, 'name'>
const textOf = (value: string | undefined): Value | undefined =>
  value === undefined ? undefined : { valueString: value }

/**
 * Everything known about a code on a day, usable or not. Names are Chinese whatever language is requested.
 *
 * @throws {FhirFault} if the table lacks it
 */
export function lookup(view: View, { texts, lists, days, codings }: GivenParameters) {
  refuseSupplements(lists.useSupplement)
  const { code: plain, system, version } = texts
  const single: Coding | undefined = plain === undefined ? undefined : { code: plain, system, version }
  const asked = onlyOne([single, codings.coding?.[0]], 'code与system、coding')
  if (!asked.system) throw badRequest('须给出system', 'required')
  if (asked.code === undefined) throw badRequest('须给出code', 'required')
  const { url, version: named } = canonicalOf(asked.system)
  const book = bookAt(view, url)
  const edition = { date: days.date, version: asked.version ?? named }
  const day = dayAsked(book.editions, edition, view.today, book.titleZh)
  const answer = view.codes.lookup(book.id, asked.code, day)
  const { entry } = answer
  const text = answer.found ? undefined : lookupText(book.titleZh, asked.code, answer)
  if (!entry) {
    if (!answer.found && answer.reason === 'before-first-edition') {
      throw new FhirFault(422, { code: 'business-rule', text: text! })
    }
    throw notFound(text!)
  }
  const wanted = lists.property && new Set(lists.property)
  const isWanted = (name: string) => !wanted || wanted.has('*') || wanted.has(name)
  const property = (code: string, value: Value | undefined): ParametersParameter[] =>
    value && isWanted(code)
      ? [
          {
            name: 'property',
            part: [
              { name: 'code', valueCode: code },
              { name: 'value', ...value },
            ],
          },
        ]
      : []
  const inForce = editionInForce(book.editions, day)!
  const { status, inactive } = codeStatus(answer)
  return parametersOf([
    { name: 'name', valueString: book.titleZh },
    { name: 'version', valueString: inForce.version },
    { name: 'display', valueString: entry.name },
    { name: 'code', valueCode: codeOf(answer)! },
    { name: 'system', valueUri: url },
    { name: 'abstract', valueBoolean: status === 'heading' },
    ...(isWanted('designation') ? [designationOf(entry.name)] : []),
    ...property('status', { valueCode: status }),
    ...property('inactive', { valueBoolean: inactive }),
    ...property('notSelectable', { valueBoolean: status === 'heading' || status === 'grey' }),
    ...property('effectiveDate', entry.from && { valueDateTime: entry.from }),
    ...property('deprecationDate', entry.until && { valueDateTime: entry.until }),
    ...property('replacedBy', entry.replacedBy ? { valueCode: entry.replacedBy } : undefined),
    ...property('asOf', { valueDateTime: day }),
    ...property('source', textOf(inForce.source.text)),
    ...property('sourceGrade', textOf(inForce.source.grade)),
    ...Object.entries(entry.attributes ?? {}).flatMap(([name, value]) => property(name, textOf(value))),
  ])
}
