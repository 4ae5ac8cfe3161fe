/**
 * Names of relations at the border. Inside, a relation is told once, seen from the source: a `narrower` source means less
 * than its target. R5 says the same with both sides in the name. R4 says what the *target* is: the target of a narrower
 * source is `wider`. So `narrower` is a word of both worlds with opposite meanings, and no name may pass from one to the
 * other unread. Sources: hl7.org/fhir/R4/valueset-concept-map-equivalence.html and
 * hl7.org/fhir/r5/valueset-concept-map-relationship.html, as docs/facts/codes.md, Relations, has them. [F]
 */
import type { ConceptMapGroupElementTarget as R4Target } from 'fhir/r4.js'
import type { ConceptMapGroupElementTarget as R5Target } from 'fhir/r5.js'
import type { MapRelation } from '../../extension/codebook.ts'
import type { Release } from './release.ts'

type Equivalence = R4Target['equivalence']
type Relationship = R5Target['relationship']

/** Names of R4, seen from the target. */
export const R4_NAMES = {
  equivalent: 'equivalent',
  narrower: 'wider',
  broader: 'narrower',
  related: 'relatedto',
} as const satisfies Record<MapRelation, Equivalence>

/** Names of R5, with both sides. */
export const R5_NAMES = {
  equivalent: 'equivalent',
  narrower: 'source-is-narrower-than-target',
  broader: 'source-is-broader-than-target',
  related: 'related-to',
} as const satisfies Record<MapRelation, Relationship>

/**
 * What is read. R4 has finer names, which are read as what they come to: `subsumes` (the source is a kind of the target)
 * and `specializes` (the target is a kind of the source), `equal`, `inexact`.
 */
const R4_READ: Readonly<Partial<Record<Equivalence, MapRelation>>> = {
  equivalent: 'equivalent',
  equal: 'equivalent',
  wider: 'narrower',
  subsumes: 'narrower',
  narrower: 'broader',
  specializes: 'broader',
  relatedto: 'related',
  inexact: 'related',
}

const R5_READ: Readonly<Partial<Record<Relationship, MapRelation>>> = {
  equivalent: 'equivalent',
  'source-is-narrower-than-target': 'narrower',
  'source-is-broader-than-target': 'broader',
  'related-to': 'related',
}

/** R4's word for "there is no match in the target". R5 says `noMap` of the source instead. */
export const R4_UNMATCHED = 'unmatched' satisfies Equivalence

/**
 * What is said of a target that means less than its source where the map says nothing: FHIR wants a comment there (rule
 * cmd-1 of both releases). It is read back as nothing said.
 */
export const LOSES_DETAIL = '来源编码的含义宽于目标编码'

/** A relation in the words of a release. */
export function relationName(release: Release, relation: MapRelation): string {
  return release === 'r4' ? R4_NAMES[relation] : R5_NAMES[relation]
}

/** A word of a release as a relation. Null if the release has no such word, or it is none that leads anywhere. */
export function readRelation(release: Release, name: string): MapRelation | null {
  const names: Readonly<Partial<Record<string, MapRelation>>> = release === 'r4' ? R4_READ : R5_READ
  return Object.hasOwn(names, name) ? (names[name] ?? null) : null
}

/** The words of a release that lead to a national code, for a refusal. */
export function relationWords(release: Release): readonly string[] {
  return Object.keys(release === 'r4' ? R4_READ : R5_READ)
}
