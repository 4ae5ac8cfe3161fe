/** The national tables as CodeSystem resources: what they are, never their content. */
import type { CodeSystem } from 'fhir/r4.js'
import type { CodebookHead } from '../../codes/outcome.ts'
import { editionOn } from '../codes/question.ts'
import type { View } from './door.ts'
import { notFound } from './fault.ts'
import type { Given, Spec } from './parameters.ts'
import { PAGE, searchset } from './searchset.ts'

/** Parameters of the search. */
export const CODE_SYSTEM_SEARCH = {
  ...PAGE,
  url: 'text',
  system: 'text',
  version: 'text',
  date: 'day',
} as const satisfies Spec

/** A FHIR name is an identifier: `ClinicalDiagnosis`. */
export function identifierOf(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter(Boolean)
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('') || 'Codes'
}

function resourceOf(
  { names }: View,
  book: CodebookHead,
  edition: CodebookHead['editions'][number],
): CodeSystem {
  const { grade, text } = edition.source
  return {
    resourceType: 'CodeSystem',
    id: book.id,
    url: names.urlOf({ kind: 'national', standard: book.id }),
    version: edition.version,
    name: identifierOf(book.id),
    title: book.titleZh,
    status: 'active',
    ...(edition.published && { date: edition.published }),
    description: `${book.title}. In force from ${edition.from}. Source (${grade}): ${text}`,
    caseSensitive: true,
    content: 'not-present',
  }
}

/** `GET CodeSystem`: of each table the edition in force on the day. */
export function searchCodeSystems(view: View, { texts, days }: Given, address: URL) {
  const day = days.date ?? view.today
  const url = texts.url ?? texts.system
  const resources = view.codes
    .codebooks()
    .flatMap((book) => {
      const edition = texts.version
        ? book.editions.find(({ version }) => version === texts.version)
        : editionOn(book.editions, day)
      return edition ? [resourceOf(view, book, edition)] : []
    })
    .filter((one) => url === undefined || one.url === url)
  return searchset(address, resources, texts)
}

/** `GET CodeSystem/{id}`. @throws {FhirFault} where there is none, or not yet */
export function readCodeSystem(view: View, id: string): CodeSystem {
  const book = view.codes.book(id)
  const edition = book && editionOn(book.editions, view.today)
  if (!book || !edition) throw notFound('没有这个CodeSystem')
  return resourceOf(view, book, edition)
}
