/** A later transaction takes every id that an earlier answer may give: no input is narrower than the widest answer. */
import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../src/extension/catalogue.ts'
import type {
  CatalogueField,
  CatalogueNode,
  PlaceField,
  PlaceNode,
} from '../../src/extension/catalogue-rows.ts'

const catalogue = shippedCatalogue()

/** Names of ids, numbers and codes. */
const IS_ID = /(?:id|no|sn|codg|code|num)$/

/** Why an input may be narrower: by the name without its underlines. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  certno: 'a document of the person, whom the hospital has in front of it; 600 is that of a list of several',
  ssn: 'the social security number: eighteen characters by its standard',
  fixmedinscode: 'the institution’s own code: twelve characters by its standard, and no answer gives it',
  reflinmedinsno: 'a code of an institution, as fixmedins_code',
  rxno: 'the hospital’s own prescription number: 3505A repeats the row that was sent',
  pagenum: 'no id: a page',
  poolareano: 'a share of an area: the first three digits of six',
  diagcode: 'a code of the national diagnoses: twenty characters by its standard',
  tcmdisecode: 'a code of the national diagnoses of Chinese medicine',
  tcmsympcode: 'a code of the national syndromes of Chinese medicine',
  admdeptcodg: 'a department of the institution, which it names itself',
  dscgdeptcodg: 'a department of the institution, which it names itself',
  operdrcode: 'a person of the institution, by the national code of thirteen characters',
  anstdrcode: 'a person of the institution, by the national code of thirteen characters',
  respnurscode: 'a person of the institution, by the national code of thirteen characters',
  drcode: 'a person of the institution, by the national code of thirteen characters',
  examorgcode: 'another institution’s code in a report, of twelve characters; 500 is a slip of 4508',
  bchno: 'the batch number on the box; 9604 means a batch of beds by it',
}

interface Width {
  readonly where: string
  readonly width: number
}

const norm = (name: string) => name.toLowerCase().replaceAll('_', '')

/** Text fields with a width, by their names. */
function collect(into: Map<string, Width[]>, number: string, nodes: readonly (CatalogueNode | PlaceNode)[]) {
  for (const { at, fields } of nodes)
    for (const { name, type = 'text', width } of fields as readonly (CatalogueField | PlaceField)[]) {
      if (type !== 'text' || width === undefined || !IS_ID.test(norm(name))) continue
      const own = into.get(norm(name)) ?? []
      into.set(norm(name), [...own, { where: `${number} ${at}.${name}`, width }])
    }
}

const [inputs, outputs] = [new Map<string, Width[]>(), new Map<string, Width[]>()]
for (const [number, { from }] of catalogue.heads) {
  const { input, output, places = [] } = catalogue.entry(number)
  // What a platform sends is as wide as it likes.
  if (from !== 'platform') collect(inputs, number, input)
  collect(outputs, number, output)
  for (const place of places) {
    collect(inputs, `${number} in ${place.place}`, place.input ?? [])
    collect(outputs, `${number} in ${place.place}`, place.output ?? [])
  }
}

/** Inputs that are narrower than an answer. */
function narrowIn(name: string): string[] {
  const widest = Math.max(0, ...(outputs.get(name) ?? []).map(({ width }) => width))
  return (inputs.get(name) ?? [])
    .filter(({ width }) => width < widest)
    .map(({ where, width }) => `${where} ${width} < ${widest}`)
}

describe('ids', () => {
  it('are taken by every input as wide as the widest answer gives them', () => {
    expect(inputs.size).toBeGreaterThan(200)
    const narrow = [...inputs.keys()].filter((name) => !Object.hasOwn(EXCEPTIONS, name)).flatMap(narrowIn)
    expect(narrow).toEqual([])
  })

  it('are an exception only where an input is narrower', () => {
    expect(Object.keys(EXCEPTIONS).filter((name) => narrowIn(name).length === 0)).toEqual([])
  })
})
