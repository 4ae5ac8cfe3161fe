/** Examples of the FHIR endpoints in the document; the shipped tables answer each of them. */
import type { Release } from './release.ts'

/** One example: id in the path, parameters of the query, resource. */
export interface FhirExample {
  readonly id?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
}

const STANDARD = 'urn:zhijie:standard:diagnosis'
const SYSTEM = 'urn:zhijie:system:H62010290001-diagnosis'
const MAP = 'H34010490001-diagnosis.to.diagnosis.v2025'
const DAY = '2026-06-01'
const EFFECTIVE = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-ConceptMap.effectivePeriod'

const parameters = (given: Readonly<Record<string, Readonly<Record<string, string>>>>) => ({
  resourceType: 'Parameters',
  parameter: Object.entries(given).map(([name, value]) => ({ name, ...value })),
})

const LOOKUP = { system: STANDARD, code: 'I10.x00x002', date: DAY }
const VALIDATE = { url: STANDARD, code: 'I10.x00x002', date: DAY }
const LOOKUP_BODY = parameters({
  system: { valueUri: STANDARD },
  code: { valueCode: 'I10.x00x002' },
  date: { valueDate: DAY },
})
const VALIDATE_BODY = parameters({
  url: { valueUri: STANDARD },
  code: { valueCode: 'I10.x00x002' },
  date: { valueDate: DAY },
})

const SET = `${STANDARD}?fhir_vs`
const EXPAND_BODY = parameters({
  url: { valueUri: SET },
  filter: { valueString: 'I10' },
  date: { valueDate: DAY },
})
const SET_BODY = parameters({
  url: { valueUri: SET },
  code: { valueCode: 'I10.x00x002' },
  date: { valueDate: DAY },
})

/** A map with one code, for a local system made up for it. */
function mapOf(release: Release) {
  const start = '2026-02-01'
  const target =
    release === 'r4'
      ? { code: 'I63.900', equivalence: 'equivalent' }
      : { code: 'I63.900', relationship: 'equivalent' }
  const period =
    release === 'r4'
      ? { extension: [{ url: EFFECTIVE, valuePeriod: { start } }] }
      : { effectivePeriod: { start } }
  const element = [{ code: 'A01', display: '急性脑梗死', target: [target] }]
  return {
    resourceType: 'ConceptMap',
    url: 'urn:zhijie:map:example:diagnosis',
    version: '1',
    status: 'draft',
    ...period,
    group: [{ source: 'urn:zhijie:system:example', target: STANDARD, element }],
  }
}

const TRANSLATE = {
  r4: {
    query: { system: SYSTEM, code: 'I50.950', date: DAY },
    body: parameters({
      system: { valueUri: SYSTEM },
      code: { valueCode: 'I50.950' },
      date: { valueDate: DAY },
    }),
  },
  r5: {
    query: { system: SYSTEM, sourceCode: 'I50.950', date: DAY },
    body: parameters({
      system: { valueUri: SYSTEM },
      sourceCode: { valueCode: 'I50.950' },
      date: { valueDate: DAY },
    }),
  },
} as const

/** The examples of a release, by method and path. */
export function fhirExamples(release: Release): Readonly<Record<string, FhirExample>> {
  return {
    'get /OperationDefinition/{id}': { id: 'ConceptMap-translate' },
    'get /CodeSystem': { query: { url: STANDARD } },
    'get /CodeSystem/{id}': { id: 'diagnosis' },
    'get /CodeSystem/$lookup': { query: LOOKUP },
    'post /CodeSystem/$lookup': { body: LOOKUP_BODY },
    'get /CodeSystem/$validate-code': { query: VALIDATE },
    'post /CodeSystem/$validate-code': { body: VALIDATE_BODY },
    'get /ConceptMap': { query: { _count: '5' } },
    'get /ConceptMap/{id}': { id: MAP },
    'post /ConceptMap': { body: mapOf(release) },
    'put /ConceptMap/{id}': { id: 'example.to.diagnosis.v1', body: mapOf(release) },
    'get /metadata': { query: { mode: 'full' } },
    'post /CodeSystem/_search': { body: { url: STANDARD } },
    'post /ConceptMap/_search': { body: { _count: '5' } },
    'get /ValueSet': { query: { url: SET } },
    'post /ValueSet/_search': { body: { url: SET } },
    'get /ValueSet/{id}': { id: 'diagnosis' },
    'get /ValueSet/$expand': { query: { url: SET, filter: 'I10', count: '10', date: DAY } },
    'post /ValueSet/$expand': { body: EXPAND_BODY },
    'get /ValueSet/$validate-code': { query: { url: SET, code: 'I10.x00x002', date: DAY } },
    'post /ValueSet/$validate-code': { body: SET_BODY },
    'get /ConceptMap/$translate': { query: TRANSLATE[release].query },
    'post /ConceptMap/$translate': { body: TRANSLATE[release].body },
  }
}
