/**
 * Converts names of relations. Internally a relation is seen from the source: a `narrower` source means less than its
 * target. R5 agrees and names both sides. R4 describes the *target*: the target of a narrower source is `wider`. So
 * `narrower` exists in both with opposite meanings, and no name may pass unconverted. Sources:
 * hl7.org/fhir/R4/valueset-concept-map-equivalence.html and hl7.org/fhir/r5/valueset-concept-map-relationship.html,
 * as summarised in docs/facts/codes.md, Relations. [F]
 */
import type { ConceptMapGroupElementTarget as R4Target } from 'fhir/r4.js'
import type { ConceptMapGroupElementTarget as R5Target } from 'fhir/r5.js'
import type { MapRelation } from '../../extension/codebook.ts'
import type { Release } from './release.ts'

type Equivalence = R4Target['equivalence']
type Relationship = R5Target['relationship']

/** R4 names, seen from the target. */
export const R4_NAMES = {
  equivalent: 'equivalent',
  narrower: 'wider',
  broader: 'narrower',
  related: 'relatedto',
} as const satisfies Record<MapRelation, Equivalence>

/** R5 names, with both sides. */
export const R5_NAMES = {
  equivalent: 'equivalent',
  narrower: 'source-is-narrower-than-target',
  broader: 'source-is-broader-than-target',
  related: 'related-to',
} as const satisfies Record<MapRelation, Relationship>

/**
 * Accepted names. The finer R4 names are read as their general meaning: `subsumes` (the source is a kind of the
 * target), `specializes` (the target is a kind of the source), `equal`, `inexact`.
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

/** R4's name for "no match in the target". R5 has `noMap` on the source instead. */
export const R4_UNMATCHED = 'unmatched' satisfies Equivalence

/**
 * Default comment of a target that means less than its source: FHIR requires one (rule cmd-1 of both releases). On
 * import it counts as no comment.
 */
export const LOSES_DETAIL = '来源编码的含义宽于目标编码'

/** A relation in the words of a release. */
export function relationName(release: Release, relation: MapRelation): string {
  return release === 'r4' ? R4_NAMES[relation] : R5_NAMES[relation]
}

/** Parses a relation. Null if the release has no such name, or the name does not lead to a target. */
export function readRelation(release: Release, name: string): MapRelation | null {
  const names: Readonly<Partial<Record<string, MapRelation>>> = release === 'r4' ? R4_READ : R5_READ
  return Object.hasOwn(names, name) ? (names[name] ?? null) : null
}

/** The names in a release that lead to a national code, for an error message. */
export function relationWords(release: Release): readonly string[] {
  return Object.keys(release === 'r4' ? R4_READ : R5_READ)
}
