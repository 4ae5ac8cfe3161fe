/** Messages derived from the catalogue: inputs that must be accepted, and all kinds of invalid ones. */
import { badInputs } from '../extension/bad-input.ts'
import type { Catalogue } from '../extension/catalogue.ts'
import type { CatalogueHead } from '../extension/catalogue-rows.ts'
import { sampleInput } from '../extension/catalogue-samples.ts'
import { isOtherwise } from './otherwise.ts'
import type { Refusal } from './play.ts'

/** Ids that must refer to existing objects. */
export type Values = Readonly<Record<string, unknown>>

/** An input that must be accepted. */
export interface Good {
  readonly what: string
  readonly input: unknown
}

/** An input that must be refused. */
export interface Bad extends Good {
  readonly refusal: Refusal
}

/** Minimal, complete, and with several rows. @param province first two digits of the place of treatment */
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

/** All kinds of invalid inputs. @param isWhole whether the gateway checks every rule of the catalogue */
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
    // A list with too many rows may exceed the message size before rows are counted.
    const says = way === 'too many rows' ? [field, zh, '报文'] : [field, zh]
    yield { what: `refuses ${name.slice(number.length + 1)}`, input, refusal: { says } }
  }
}

/** Transaction numbers in playable order: an undo comes after what it undoes. */
export function inOrder(heads: Iterable<CatalogueHead>): CatalogueHead[] {
  const all = [...heads]
  const undoings = new Set(all.flatMap(({ undo }) => (undo === undefined ? [] : [undo])))
  return [
    ...all.filter(({ number }) => !undoings.has(number)),
    ...all.filter(({ number }) => undoings.has(number)),
  ]
}
