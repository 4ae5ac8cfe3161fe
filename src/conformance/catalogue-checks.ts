/** What the catalogue says of a transaction, as messages: inputs that must be taken, and every way in which one can be wrong. */
import { badInputs } from '../extension/bad-input.ts'
import type { Catalogue } from '../extension/catalogue.ts'
import type { CatalogueHead } from '../extension/catalogue-rows.ts'
import { sampleInput } from '../extension/catalogue-samples.ts'
import { isOtherwise } from './otherwise.ts'
import type { Refusal } from './play.ts'

/** Ids that must be those of somebody. */
export type Values = Readonly<Record<string, unknown>>

/** An input that must be taken. */
export interface Good {
  readonly what: string
  readonly input: unknown
}

/** One that must be refused. */
export interface Bad extends Good {
  readonly refusal: Refusal
}

/** The least, the whole, and a list of several rows. @param province first two digits of the place of treatment */
export function goodInputs(catalogue: Catalogue, number: string, province: string, values: Values): Good[] {
  const nodes = catalogue.nodes(number, province).input
  const isList = nodes.some(({ many }) => many)
  return [
    { what: 'takes what must be there', input: sampleInput(catalogue, number, { province, values }) },
    { what: 'takes every field', input: sampleInput(catalogue, number, { province, values, whole: true }) },
    ...(isList
      ? [{ what: 'takes three rows', input: sampleInput(catalogue, number, { province, values, rows: 3 }) }]
      : []),
  ]
}

/** Every way in which an input can be wrong. @param isWhole every rule of the catalogue is the gateway's to judge */
export function* badInputsOf(
  catalogue: Catalogue,
  number: string,
  province: string,
  isWhole: boolean,
  values: Values,
): Generator<Bad> {
  for (const { name, way, field, zh, input } of badInputs(
    catalogue,
    number,
    isWhole ? province : '',
    values,
  )) {
    if (!isWhole && isOtherwise(name)) continue
    // A list of too many rows may be too long a message before anybody counts them.
    const says = way === 'too many rows' ? [field, zh, '报文'] : [field, zh]
    yield { what: `refuses ${name.slice(number.length + 1)}`, input, refusal: { says } }
  }
}

/** Numbers in the order in which they can be played: what takes something back comes after it. */
export function inOrder(heads: Iterable<CatalogueHead>): CatalogueHead[] {
  const all = [...heads]
  const undoings = new Set(all.flatMap(({ undo }) => (undo === undefined ? [] : [undo])))
  return [
    ...all.filter(({ number }) => !undoings.has(number)),
    ...all.filter(({ number }) => undoings.has(number)),
  ]
}
