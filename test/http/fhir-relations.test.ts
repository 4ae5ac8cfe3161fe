/** Relations go round through the names of both FHIR releases without a change of meaning. */
import { describe, expect, test } from 'vitest'
import type { MapRelation } from '../../src/extension/codebook.ts'
import { readRelation, relationName } from '../../src/http/fhir/relations.ts'
import { RELEASES } from '../../src/http/fhir/release.ts'

/** Seen from the source; R4 speaks of the target, R5 of both. */
const TABLE: readonly (readonly [MapRelation, string, string])[] = [
  ['equivalent', 'equivalent', 'equivalent'],
  ['narrower', 'wider', 'source-is-narrower-than-target'],
  ['broader', 'narrower', 'source-is-broader-than-target'],
  ['related', 'relatedto', 'related-to'],
]

describe.each(TABLE)('%s', (relation, r4, r5) => {
  test(`is ${r4} in R4 and ${r5} in R5`, () => {
    expect([relationName('r4', relation), relationName('r5', relation)]).toEqual([r4, r5])
  })

  test.each(RELEASES)('goes round through %s', (release) => {
    expect(readRelation(release, relationName(release, relation))).toBe(relation)
  })

  test.each(RELEASES)('comes back from its name in %s as that name', (release) => {
    const name = release === 'r4' ? r4 : r5
    expect(relationName(release, readRelation(release, name)!)).toBe(name)
  })
})

test('the word narrower means the opposite on both sides of the border', () => {
  expect(readRelation('r4', 'narrower')).toBe('broader')
  expect(relationName('r4', 'narrower')).toBe('wider')
})

test.each([
  ['subsumes', 'narrower'],
  ['specializes', 'broader'],
  ['equal', 'equivalent'],
  ['inexact', 'related'],
])('%s of R4 is read as %s', (name, relation) => {
  expect(readRelation('r4', name)).toBe(relation)
})

test('a name of the other release is none', () => {
  for (const [, r4, r5] of TABLE.slice(1)) {
    expect([readRelation('r5', r4), readRelation('r4', r5)]).toEqual([null, null])
  }
})

test('what leads nowhere is no relation', () => {
  for (const name of ['unmatched', 'disjoint', '', 'toString']) expect(readRelation('r4', name)).toBeNull()
  for (const name of ['not-related-to', 'broader', 'constructor']) expect(readRelation('r5', name)).toBeNull()
})
