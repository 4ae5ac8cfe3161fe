/**
 * The implicit value set of all codes of each national table: its address is that of the table followed by
 * `?fhir_vs`. There are no others.
 */
import type { CodebookHead } from '../../codes/outcome.ts'
import { codeSystemHead, editionById, editionsSought, type TableEdition } from './code-systems.ts'
import { badRequest, notFound } from './operation-outcome.ts'
import type { GivenParameters, Spec } from './parameters.ts'
import { isSought, SEARCH } from './search.ts'
import { searchset } from './searchset.ts'
import { ALL_CODES } from './systems.ts'
import { CODE_TO_JUDGE, judgeCodes } from './validate.ts'
import { bookAt, canonicalOf, type View } from './view.ts'

/** Parameters of the search. */
export const VALUE_SET_SEARCH = { ...SEARCH, reference: 'text', effective: 'day' } as const satisfies Spec

/** Parameters of `ValueSet/$validate-code`. */
export const VALIDATE_IN_SET = {
  ...CODE_TO_JUDGE,
  valueSetVersion: 'text',
  system: 'text',
  systemVersion: 'text',
  inferSystem: 'boolean',
} as const satisfies Spec

/** The value set of an address. @throws {FhirFault} if there is none */
export function valueSetAt(view: Pick<View, 'codes' | 'names'>, address: string) {
  const { url, version } = canonicalOf(address)
  const none = () =>
    notFound(`没有该地址的值集；每个国家编码体系的全部编码是一个值集，地址为编码体系的地址加${ALL_CODES}`)
  if (!url.endsWith(ALL_CODES)) throw none()
  const system = url.slice(0, -ALL_CODES.length)
  let book: CodebookHead
  try {
    book = bookAt(view, system)
  } catch {
    throw none()
  }
  return { book, url, system, version }
}

function resourceOf(view: View, one: TableEdition) {
  const { url: system, head, period } = codeSystemHead(view, one)
  return {
    resourceType: 'ValueSet',
    url: system + ALL_CODES,
    ...head,
    ...(view.release === 'r5' && { effectivePeriod: period }),
    immutable: true,
    compose: { include: [{ system, version: head.version }] },
  } as const
}

/** `GET ValueSet`. */
export function searchValueSets(view: View, given: GivenParameters, address: URL) {
  const { reference } = given.texts
  const resources = editionsSought(view, given)
    .map((one) => resourceOf(view, one))
    .filter(isSought(given))
    .filter(({ compose }) => reference === undefined || compose.include[0].system === reference)
  return searchset(address, resources, given.texts)
}

/** `GET ValueSet/{id}`. @throws {FhirFault} if there is none */
export function readValueSet(view: View, id: string) {
  return resourceOf(view, editionById(view, id, 'ValueSet'))
}

/** `ValueSet/$validate-code`. @throws {FhirFault} if no code or no such value set is given */
export function validateInSet(view: View, given: GivenParameters) {
  const { texts, lists, days, flags } = given
  if (texts.url === undefined) throw badRequest('须给出url：值集的地址', 'required')
  const { system, version } = valueSetAt(view, texts.url)
  return judgeCodes(view, given, {
    system,
    only: true,
    version: texts.systemVersion ?? texts.valueSetVersion ?? version,
    versions: lists['system-version'] ?? [],
    date: days.date,
    abstract: flags.abstract ?? false,
  })
}
