/** What the door says of itself: the CapabilityStatement, and definitions of the operations with what is our own. */
import type { CapabilityStatement, OperationDefinition, OperationDefinitionParameter } from 'fhir/r4.js'
import type { Day } from '../../domain/day.ts'
import { CODE_SYSTEM_SEARCH } from './code-systems.ts'
import { CONCEPT_MAP_SEARCH } from './concept-maps.ts'
import { LOOKUP, VALIDATE } from './lookup.ts'
import type { Spec } from './parameters.ts'
import { FHIR_VERSION, type Release } from './release.ts'
import { TRANSLATE } from './translate-question.ts'

const STANDARD = 'http://hl7.org/fhir/OperationDefinition/'

interface Operation {
  readonly id: string
  readonly resource: 'CodeSystem' | 'ConceptMap'
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
    text: 'Whether a national code may be used on a day. A retired or grey code, a heading without abstract, or another display is no.',
    spec: both(VALIDATE),
  },
  {
    id: 'ConceptMap-translate',
    resource: 'ConceptMap',
    name: 'translate',
    text: `All that a code leads to on a day. The parameter date is our own: the day for which codes are translated, today in Shanghai where absent. A code without target is result false with message and reason. Backwards every source is a match; its relation is that of the map, from source to target. The extensions urn:zhijie:extension:together, group and priority of a match say which targets are to be used together and which are alternatives; urn:zhijie:extension:provenance says where a target comes from.`,
    spec: TRANSLATE,
  },
]

const TYPES = {
  text: 'string',
  boolean: 'boolean',
  day: 'dateTime',
  coding: 'Coding',
  concept: 'CodeableConcept',
} as const
const URIS = /^(?:url|system|source|target|targetsystem|sourceScope|targetScope|targetSystem)$/
const DATE = 'The day for which the question is asked: YYYY-MM-DD in Shanghai, or a time with its offset'

function parametersOf(spec: Spec): OperationDefinitionParameter[] {
  return Object.entries(spec).map(([name, kind]) => ({
    name,
    use: 'in',
    min: 0,
    max: '1',
    type: URIS.test(name) ? 'uri' : /ode$/.test(name) && kind === 'text' ? 'code' : TYPES[kind],
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

/** `GET OperationDefinition/{id}`; undefined where there is none. */
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
    instance: false,
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
  const own = Object.entries(spec).filter(([name]) => !name.startsWith('_'))
  return own.map(([name, kind]) => ({
    name,
    type: kind === 'day' ? ('date' as const) : name === 'version' ? ('token' as const) : ('uri' as const),
  }))
}

/** `GET metadata`. */
export function capabilityStatement(release: Release, base: string, day: Day): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: day,
    kind: 'instance',
    software: { name: 'Zhijie 直结' },
    implementation: { description: 'Code tables and maps of medical insurance', url: base },
    // Types of R4 name only its own version; the statement is the same in R5.
    fhirVersion: FHIR_VERSION[release] as '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'Every question is for a day. Addresses of code systems are our own (grade A) unless the deployment names others. A ConceptMap that is handed in waits for its review and is read back once it is published.',
        resource: [
          {
            type: 'CodeSystem',
            interaction: [{ code: 'read' }, { code: 'search-type' }],
            searchParam: searchOf(CODE_SYSTEM_SEARCH),
            operation: operationsOf('CodeSystem', base),
          },
          {
            type: 'ConceptMap',
            interaction: [{ code: 'read' }, { code: 'search-type' }, { code: 'create' }, { code: 'update' }],
            versioning: 'no-version',
            updateCreate: true,
            searchParam: searchOf(CONCEPT_MAP_SEARCH[release]),
            operation: operationsOf('ConceptMap', base),
          },
          { type: 'OperationDefinition', interaction: [{ code: 'read' }] },
        ],
      },
    ],
  }
}
