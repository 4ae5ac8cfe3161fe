/**
 * Self-description: CapabilityStatement, TerminologyCapabilities, and OperationDefinitions for our own extensions.
 */

import type { CapabilityStatement, OperationDefinition, OperationDefinitionParameter } from 'fhir/r4.js'
import PRODUCT from '../../../package.json' with { type: 'json' }
import type { Day } from '../../domain/day.ts'
import { editionInForce } from '../codes/question.ts'
import { CODE_SYSTEM_SEARCH } from './code-systems.ts'
import { CONCEPT_MAP_SEARCH } from './concept-maps.ts'
import { EXPAND } from './expand.ts'
import { LANGUAGE, LOOKUP } from './lookup.ts'
import type { Spec } from './parameters.ts'
import { FHIR_VERSION, MIME_VERSION, type Release } from './release.ts'
import { SEARCH_TYPES } from './search.ts'
import { TRANSLATE } from './translate-question.ts'
import { VALIDATE } from './validate.ts'
import { VALIDATE_IN_SET, VALUE_SET_SEARCH } from './value-sets.ts'
import type { View } from './view.ts'

const STANDARD = 'http://hl7.org/fhir/OperationDefinition/'

interface Operation {
  readonly id: string
  readonly resource: 'CodeSystem' | 'ConceptMap' | 'ValueSet'
  readonly name: string
  readonly text: string
  readonly spec: Readonly<Record<Release, Spec>>
}

const both = (spec: Spec) => ({ r4: spec, r5: spec })

const OPERATIONS: readonly Operation[] = [
  {
    id: 'CodeSystem-lookup',
    resource: 'CodeSystem',
    name: 'lookup',
    text: 'A national code on a day: name, edition, status (active, grey, heading, retired, not-yet-valid), replacement, source.',
    spec: both(LOOKUP),
  },
  {
    id: 'CodeSystem-validate-code',
    resource: 'CodeSystem',
    name: 'validate-code',
    text: 'Whether a national code may be used on a day. A retired or grey code, a heading without abstract, another display, or a code in another case is no. What is not known (system, version, code) is no as well, with issues; a name of another edition is a warning.',
    spec: both(VALIDATE),
  },
  {
    id: 'ConceptMap-translate',
    resource: 'ConceptMap',
    name: 'translate',
    text: `All that a code leads to on a day. The parameter date is our own: the day for which codes are translated, today in Shanghai where absent. A code without target is result false with message and reason. Backwards every source is a match; its relation is that of the map, from source to target. The extensions urn:zhijie:extension:together, group and priority of a match say which targets are to be used together and which are alternatives; urn:zhijie:extension:provenance says where a target comes from.`,
    spec: { r4: { ...TRANSLATE.r4, ...TRANSLATE.r6 }, r5: { ...TRANSLATE.r5, ...TRANSLATE.r6 } },
  },
  {
    id: 'ValueSet-expand',
    resource: 'ValueSet',
    name: 'expand',
    text: 'The codes of a national table on a day, by pages. The filter finds codes by their begin and names by their words.',
    spec: both(EXPAND),
  },
  {
    id: 'ValueSet-validate-code',
    resource: 'ValueSet',
    name: 'validate-code',
    text: 'As validate-code of the code system; there is one value set a table, that of all its codes ([system]?fhir_vs).',
    spec: both(VALIDATE_IN_SET),
  },
]

const TYPES = {
  text: 'string',
  texts: 'string',
  boolean: 'boolean',
  day: 'dateTime',
  coding: 'Coding',
  concept: 'CodeableConcept',
} as const
const URIS = /^(?:url|system|source|target|targetsystem|(?:source|target)(?:Scope|System))$/
const CANONICALS = /^(?:system-version|useSupplement)$/
const CODES = /(?:ode|Language|property)$/
const NUMBERS = /^(?:count|offset)$/
const DATE = 'The day for which the question is asked: YYYY-MM-DD in Shanghai, or a time with its offset'

function typeOf(name: string, kind: Spec[string]) {
  if (kind !== 'text' && kind !== 'texts') return TYPES[kind]
  if (URIS.test(name)) return 'uri'
  if (CANONICALS.test(name)) return 'canonical'
  if (NUMBERS.test(name)) return 'integer'
  return CODES.test(name) ? 'code' : TYPES[kind]
}

function parametersOf(spec: Spec): OperationDefinitionParameter[] {
  return Object.entries(spec).map(([name, kind]) => ({
    name,
    use: 'in',
    min: 0,
    max: kind === 'texts' ? '*' : '1',
    type: typeOf(name, kind),
    ...(name === 'date' && { documentation: DATE }),
  }))
}

const OUT: Readonly<Record<string, readonly OperationDefinitionParameter[]>> = {
  translate: [
    { name: 'result', use: 'out', min: 1, max: '1', type: 'boolean' },
    { name: 'message', use: 'out', min: 0, max: '1', type: 'string' },
    {
      name: 'reason',
      use: 'out',
      min: 0,
      max: '1',
      type: 'code',
      documentation: 'Our own: why there is no match',
    },
  ],
}

/** `GET OperationDefinition/{id}`; undefined if there is none. */
export function operationDefinition(
  release: Release,
  base: string,
  id: string,
): OperationDefinition | undefined {
  const operation = OPERATIONS.find((one) => one.id === id)
  if (!operation) return undefined
  const { resource, name, text, spec } = operation
  return {
    resourceType: 'OperationDefinition',
    id,
    url: `${base}/OperationDefinition/${id}`,
    name: id.replaceAll('-', ''),
    status: 'active',
    kind: 'operation',
    affectsState: false,
    description: text,
    code: name,
    base: STANDARD + id,
    resource: [resource],
    system: false,
    type: true,
    instance: name !== 'lookup',
    parameter: [...parametersOf(spec[release]), ...(OUT[name] ?? [])],
  }
}

function operationsOf(resource: string, base: string) {
  return OPERATIONS.filter((one) => one.resource === resource).map(({ id, name, text }) => ({
    name,
    definition: `${base}/OperationDefinition/${id}`,
    documentation: text,
  }))
}

function searchOf(spec: Spec) {
  const own = Object.keys(spec).filter((name) => !/^_(?:count|offset|summary)$|:/.test(name))
  return own.map((name) => ({ name, type: SEARCH_TYPES[name] ?? ('uri' as const) }))
}

/** Name of the server in both statements. */
const CALLED = {
  version: PRODUCT.version,
  name: 'ZhijieTerminology',
  title: 'Zhijie 直结: code tables and maps of medical insurance',
  status: 'active',
} as const
const SOFTWARE = { name: 'Zhijie 直结', version: PRODUCT.version }

/** `GET metadata`. */
export function capabilityStatement(release: Release, base: string, day: Day): CapabilityStatement {
  const search = [{ code: 'read' as const }, { code: 'search-type' as const }]
  return {
    resourceType: 'CapabilityStatement',
    url: `${base}/metadata`,
    ...CALLED,
    date: day,
    kind: 'instance',
    instantiates: ['http://hl7.org/fhir/CapabilityStatement/terminology-server'],
    software: SOFTWARE,
    implementation: { description: 'Code tables and maps of medical insurance', url: base },
    // The R4 types allow only their own version; the statement is identical in R5.
    fhirVersion: FHIR_VERSION[release] as '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'Every question is for a day. Addresses of code systems are our own (grade A) unless the deployment names others. A ConceptMap that is handed in waits for its review and is read back once it is published. A search of CodeSystem or ValueSet that names no _id, version or date finds of each table the edition in force on the day (effective, today unless told).',
        security: {
          service: [{ text: 'A key of the caller: X-API-Key, or Authorization: Bearer' }],
          description:
            'Where the deployment knows its callers, every address but metadata asks for their key.',
        },
        resource: [
          {
            type: 'CodeSystem',
            interaction: search,
            searchParam: searchOf(CODE_SYSTEM_SEARCH),
            operation: operationsOf('CodeSystem', base),
          },
          {
            type: 'ConceptMap',
            interaction: [...search, { code: 'create' }, { code: 'update' }],
            versioning: 'no-version',
            updateCreate: true,
            searchParam: searchOf(CONCEPT_MAP_SEARCH[release]),
            operation: operationsOf('ConceptMap', base),
          },
          {
            type: 'ValueSet',
            interaction: search,
            searchParam: searchOf(VALUE_SET_SEARCH),
            operation: operationsOf('ValueSet', base),
          },
          { type: 'OperationDefinition', interaction: [{ code: 'read' }] },
        ],
        operation: [{ name: 'versions', definition: `${STANDARD}CapabilityStatement-versions` }],
      },
    ],
  }
}

/** `GET metadata?mode=terminology`: the code systems, and the capabilities of `$expand` and `$validate-code`. */
export function terminologyCapabilities({ release, codes, names, today }: View, base: string) {
  const isR5 = release === 'r5'
  return {
    resourceType: 'TerminologyCapabilities',
    url: `${base}/metadata?mode=terminology`,
    ...CALLED,
    date: today,
    kind: 'instance',
    software: SOFTWARE,
    implementation: { description: 'Code tables and maps of medical insurance', url: base },
    codeSystem: codes.codebooks().map((book) => {
      const inForce = editionInForce(book.editions, today)
      return {
        uri: names.urlOf({ kind: 'national', standard: book.id }),
        ...(isR5 && { content: 'complete' }),
        version: book.editions.map((edition) => ({
          code: edition.version,
          isDefault: edition === inForce,
          compositional: false,
          language: [LANGUAGE],
        })),
        subsumption: false,
      }
    }),
    expansion: {
      hierarchical: false,
      paging: true,
      incomplete: false,
      parameter: Object.keys(EXPAND).map((name) => ({ name })),
      textFilter: 'A code is found by its begin, a name by all words of the filter, whatever the case.',
    },
    codeSearch: 'all',
    validateCode: { translations: false },
    translation: { needsMap: true },
  } as const
}

/** `GET $versions`: the FHIR release of the endpoint. */
export function fhirVersions(release: Release) {
  const version = MIME_VERSION[release]
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'version', valueCode: version },
      { name: 'default', valueCode: version },
    ],
  } as const
}
