/** Maps as ConceptMap resources: found by address or code system, and streamed in full. */
import type { Extension } from 'fhir/r4.js'
import { mapRowAt } from '../../codes/store/map-rows.ts'
import type { MapRow, MapTarget } from '../../codes/store/rows.ts'
import { addDays } from '../../domain/day.ts'
import { identifierOf } from './code-systems.ts'
import { editionsOf, type MapEdition } from './maps.ts'
import { notFound } from './operation-outcome.ts'
import type { GivenParameters, Spec } from './parameters.ts'
import { LOSES_DETAIL, R4_UNMATCHED, relationName } from './relations.ts'
import { EXTENSION, type Release } from './release.ts'
import { anyOf, isSought, SEARCH } from './search.ts'
import { searchset } from './searchset.ts'
import { ALL_CODES } from './systems.ts'
import type { View } from './view.ts'

/** Search parameters by release; each names a code system, or the value set of all its codes. */
export const CONCEPT_MAP_SEARCH = {
  r4: {
    ...SEARCH,
    source: 'text',
    target: 'text',
    'source-uri': 'text',
    'target-uri': 'text',
    'source-system': 'text',
    'target-system': 'text',
  },
  r5: {
    ...SEARCH,
    'source-scope-uri': 'text',
    'target-scope-uri': 'text',
    'source-group-system': 'text',
    'target-group-system': 'text',
  },
} as const satisfies Record<Release, Spec>

const NO_MAP = '没有该ConceptMap；未发布的版本不在其中'

/** Rows per chunk. */
const PIECE_ROWS = 500

/** The resource without its rows. */
function headOf({ release, names }: View, { id, map, edition }: MapEdition) {
  const [source, target] = [
    names.urlOf({ kind: 'local', system: map.system }),
    names.urlOf({ kind: 'national', standard: map.standard }),
  ]
  const { grade, text } = edition.source
  const next = map.editions[map.editions.findIndex(({ place }) => place === edition.place) + 1]
  // The end of a FHIR period is inclusive.
  const period = { start: edition.from, ...(next && { end: addDays(next.from, -1) }) }
  const common = {
    resourceType: 'ConceptMap',
    id,
    ...(release === 'r4' && { extension: [{ url: EXTENSION.effectivePeriod, valuePeriod: period }] }),
    url: map.url,
    version: edition.version,
    name: identifierOf(`${map.system} to ${map.standard}`),
    title: `${map.system} → ${map.standard}`,
    status: edition.status ?? 'active',
    ...(edition.published && { date: edition.published }),
    description: `Source (${grade}): ${text}`,
  } as const
  const scopes = [source + ALL_CODES, target + ALL_CODES] as const
  return release === 'r4'
    ? { head: { ...common, sourceUri: scopes[0], targetUri: scopes[1] }, source, target }
    : {
        head: { ...common, effectivePeriod: period, sourceScopeUri: scopes[0], targetScopeUri: scopes[1] },
        source,
        target,
      }
}

/** `GET ConceptMap`: without rows, which are at the address of each resource. */
export function searchConceptMaps(view: View, given: GivenParameters, address: URL) {
  const { texts } = given
  const wanted = Object.entries(texts)
    .filter(([name]) => /^(?:source|target)/.test(name))
    .map(([name, systems]) => ({
      side: name.startsWith('source') ? 'local' : 'national',
      refs: anyOf(systems).map((system) => view.names.read(system)),
    }))
  const maps = view.maps.all.filter((map) =>
    wanted.every(({ side, refs }) =>
      refs.some((ref) =>
        ref?.kind === 'local'
          ? side === 'local' && ref.system === map.system
          : ref !== null && side === 'national' && ref.standard === map.standard,
      ),
    ),
  )
  const heads = maps
    .flatMap(editionsOf)
    .map((one) => headOf(view, one).head)
    .filter(isSought(given))
    .map((head) => ({
      ...head,
      // Marks the resource as incomplete, so that nobody stores it as the whole.
      meta: {
        tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }],
      },
    }))
  return searchset(address, heads, texts)
}

function spanOf(row: MapRow, target: Pick<MapTarget, 'from' | 'until'> = {}): Extension[] {
  const later = [row.from, target.from]
    .filter((day) => day !== undefined)
    .sort()
    .at(-1)
  const earlier = [row.until, target.until].filter((day) => day !== undefined).sort()[0]
  return [
    ...(later ? [{ url: EXTENSION.from, valueDate: later }] : []),
    ...(earlier ? [{ url: EXTENSION.until, valueDate: earlier }] : []),
  ]
}

/** A row as an element; a code with rows for consecutive periods becomes one element per period. */
function elementOf({ release, codes, today }: View, standard: string, row: MapRow) {
  const { code, name, noTarget, groups } = row
  const head = { code, ...(name && { display: name }) }
  if (noTarget) {
    const extension = [{ url: EXTENSION.noTarget, valueCode: noTarget }, ...spanOf(row)]
    // Undecided: no release may report that there is no target.
    if (noTarget === 'needs-review') return { ...head, extension }
    return release === 'r4'
      ? { ...head, target: [{ equivalence: R4_UNMATCHED, extension }] }
      : { ...head, extension, noMap: true }
  }
  const target = groups.flatMap((group, index) =>
    group.targets.map((one) => {
      const { entry } = codes.lookup(standard, one.code, today)
      const relation = relationName(release, one.relation)
      const extension: Extension[] = [
        { url: EXTENSION.together, valueBoolean: group.together },
        { url: EXTENSION.group, valueInteger: index + 1 },
        { url: EXTENSION.priority, valueInteger: one.priority ?? 1 },
        ...spanOf(row, one),
      ]
      const comment = one.provenance ?? (one.relation === 'broader' ? LOSES_DETAIL : undefined)
      return {
        extension,
        code: one.code,
        ...(entry && { display: entry.name }),
        ...(release === 'r4' ? { equivalence: relation } : { relationship: relation }),
        ...(comment && { comment }),
      }
    }),
  )
  return { ...head, target }
}

/** A ConceptMap as text, in chunks: a national-size map is never held in memory as a whole. */
function* written(view: View, one: MapEdition): Generator<string> {
  const { head, source, target } = headOf(view, one)
  const { forward } = one.map.book
  const opening = JSON.stringify({ ...head, group: [{ source, target }] })
  // The rows are inserted before the `}]}` that closes the only group.
  yield `${opening.slice(0, -3)},"element":[`
  let [piece, rows, first] = ['', 0, true]
  for (const start of forward.heads()) {
    for (const place of forward.allIn(start, one.edition.place)) {
      piece +=
        (first ? '' : ',') + JSON.stringify(elementOf(view, one.map.standard, mapRowAt(forward, place)))
      first = false
      rows += 1
      if (rows % PIECE_ROWS === 0) {
        yield piece
        piece = ''
      }
    }
  }
  yield `${piece}]}]}`
}

/** Address and version of an edition. @throws {FhirFault} if there is none */
export function conceptMapNamed(view: View, id: string) {
  const one = view.maps.byId(id)
  if (!one) throw notFound(NO_MAP)
  return { url: one.map.url, version: one.edition.version }
}

/**
 * `GET ConceptMap/{id}` as text, each chunk produced on demand.
 *
 * @throws {FhirFault} if there is none
 */
export function writeConceptMap(view: View, id: string): Iterable<string> {
  const one = view.maps.byId(id)
  if (!one) throw notFound(NO_MAP)
  return written(view, one)
}
