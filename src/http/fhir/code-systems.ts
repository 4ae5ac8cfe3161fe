/** The national tables as CodeSystem resources, one per edition: metadata only, never their content. */
import type { CodeSystem } from 'fhir/r4.js'
import type { CodebookHead } from '../../codes/outcome.ts'
import { addDays } from '../../domain/day.ts'
import { editionInForce } from '../codes/question.ts'
import { idFrom } from './ids.ts'
import { notFound } from './operation-outcome.ts'
import type { GivenParameters, Spec } from './parameters.ts'
import { anyOf, isSought, SEARCH } from './search.ts'
import { searchset } from './searchset.ts'
import { ALL_CODES } from './systems.ts'
import type { View } from './view.ts'

/** Search parameters. `effective` is the day of the edition; `date` is when it was published. */
export const CODE_SYSTEM_SEARCH = { ...SEARCH, system: 'text', effective: 'day' } as const satisfies Spec

type Edition = CodebookHead['editions'][number]

/** One edition of a table. */
export interface TableEdition {
  readonly id: string
  readonly book: CodebookHead
  readonly edition: Edition
}

/** A FHIR name is an identifier: `ClinicalDiagnosis`. */
export function identifierOf(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter(Boolean)
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('') || 'Codes'
}

/** Id of an edition: unique, and stable when the next one comes into force. */
function idOf({ id }: CodebookHead, { version }: Edition): string {
  return idFrom('table', `${id}.v${version}`, [id, version], /\.v/)
}

/** Every edition of every table. */
export function tableEditions({ codes }: View): readonly TableEdition[] {
  return codes
    .codebooks()
    .flatMap((book) => book.editions.map((edition) => ({ id: idOf(book, edition), book, edition })))
}

/** The editions that a search covers: all if it names one, else the one in force on the day for each table. */
export function editionsSought(view: View, { texts, lists, days }: GivenParameters): readonly TableEdition[] {
  const all = tableEditions(view)
  const named = texts._id !== undefined || texts.version !== undefined || lists.date !== undefined
  if (named && days.effective === undefined) return all
  const day = days.effective ?? view.today
  return all.filter(({ book, edition }) => editionInForce(book.editions, day) === edition)
}

/**
 * An edition by its id; the id of the table alone means the edition in force. @throws {FhirFault} if there is none
 */
export function editionById(view: View, id: string, what: string): TableEdition {
  const all = tableEditions(view)
  const one =
    all.find((edition) => edition.id === id) ??
    all.find(({ book, edition }) => book.id === id && editionInForce(book.editions, view.today) === edition)
  if (!one) throw notFound(`没有该${what}`)
  return one
}

/** Fields common to a CodeSystem and the value set of all its codes. */
export function codeSystemHead(view: View, { id, book, edition }: TableEdition) {
  const url = view.names.urlOf({ kind: 'national', standard: book.id })
  const next = book.editions[book.editions.indexOf(edition) + 1]
  const { grade, text } = edition.source
  return {
    url,
    head: {
      id,
      version: edition.version,
      name: identifierOf(book.id),
      title: book.titleZh,
      status: 'active' as const,
      ...(edition.published && { date: edition.published }),
      description: `${book.title}. In force from ${edition.from}. Source (${grade}): ${text}`,
    },
    period: { start: edition.from, ...(next && { end: addDays(next.from, -1) }) },
  }
}

function resourceOf(view: View, one: TableEdition) {
  const { url, head, period } = codeSystemHead(view, one)
  return {
    resourceType: 'CodeSystem',
    url,
    ...head,
    ...(view.release === 'r5' && { effectivePeriod: period }),
    caseSensitive: true,
    valueSet: url + ALL_CODES,
    content: 'not-present',
  } as const satisfies CodeSystem & { effectivePeriod?: object }
}

/** `GET CodeSystem`. */
export function searchCodeSystems(view: View, given: GivenParameters, address: URL) {
  const { texts } = given
  const systems = texts.system === undefined ? undefined : anyOf(texts.system)
  const resources = editionsSought(view, given)
    .map((one) => resourceOf(view, one))
    .filter(isSought(given))
    .filter(({ url }) => systems?.includes(url) ?? true)
  return searchset(address, resources, texts)
}

/** `GET CodeSystem/{id}`. @throws {FhirFault} if there is none, or not yet */
export function readCodeSystem(view: View, id: string) {
  return resourceOf(view, editionById(view, id, 'CodeSystem'))
}
