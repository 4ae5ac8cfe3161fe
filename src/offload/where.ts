/**
 * Where each route does its work. A test fails for a route that is missing here: whoever adds one decides whether
 * it may take longer than a counter can wait.
 *
 * - `here`: on the main thread, which serves the counters. It reads a bounded number of rows or records.
 * - `own thread`: on a thread that its module starts.
 * - any other: the task of `tasks.ts` that answers it on a worker thread.
 */
import type { TaskName } from './tasks.ts'

/** Where a route does its work. */
export type Where = 'here' | 'own thread' | { readonly task: TaskName }

const BOTH = ['/fhir/r4', '/fhir/r5']

/** Routes of both FHIR endpoints. */
const FHIR: Readonly<Record<string, Where>> = {
  'GET /metadata': 'here',
  'GET /$versions': 'here',
  'GET /OperationDefinition/:id': 'here',
  'GET /CodeSystem/$lookup': 'here',
  'POST /CodeSystem/$lookup': 'here',
  'GET /CodeSystem/$validate-code': 'here',
  'POST /CodeSystem/$validate-code': 'here',
  'GET /CodeSystem/:id/$validate-code': 'here',
  'POST /CodeSystem/:id/$validate-code': 'here',
  'GET /ValueSet/$validate-code': 'here',
  'POST /ValueSet/$validate-code': 'here',
  'GET /ValueSet/:id/$validate-code': 'here',
  'POST /ValueSet/:id/$validate-code': 'here',
  'GET /ValueSet/$expand': { task: 'expansion' },
  'POST /ValueSet/$expand': { task: 'expansion' },
  'GET /ValueSet/:id/$expand': { task: 'expansion' },
  'POST /ValueSet/:id/$expand': { task: 'expansion' },
  'GET /ConceptMap/$translate': 'here',
  'POST /ConceptMap/$translate': 'here',
  'GET /ConceptMap/:id/$translate': 'here',
  'POST /ConceptMap/:id/$translate': 'here',
  'GET /CodeSystem': 'here',
  'POST /CodeSystem/_search': 'here',
  'GET /ValueSet': 'here',
  'POST /ValueSet/_search': 'here',
  'GET /ConceptMap': 'here',
  'POST /ConceptMap/_search': 'here',
  'GET /CodeSystem/:id{[^$/][^/]*}': 'here',
  'GET /ValueSet/:id{[^$/][^/]*}': 'here',
  'GET /ConceptMap/:id{[^$/][^/]*}': { task: 'concept-map' },
  'POST /ConceptMap': 'own thread',
  'PUT /ConceptMap/:id': 'own thread',
}

/** Pages of the console. */
const CONSOLE: Readonly<Record<string, Where>> = {
  'GET /console': 'here',
  'GET /console/style.css': 'here',
  'GET /console/language': 'here',
  'GET /console/sign-in': 'here',
  // The comparison of passwords has threads of its own.
  'POST /console/sign-in': 'own thread',
  'POST /console/sign-out': 'here',
  'GET /console/rates': { task: 'figures' },
  'GET /console/rates/file': { task: 'figures' },
  'GET /console/rates/stays': { task: 'figures' },
  'GET /console/rates/stay': { task: 'stay-messages' },
  'GET /console/live': { task: 'console-page' },
  'GET /console/unknown': { task: 'console-page' },
  'GET /console/money': 'here',
  'POST /console/money': { task: 'console-page' },
  'GET /console/money/:case': { task: 'console-page' },
  'POST /console/money/:case/act': { task: 'console-page' },
  'POST /console/money/:case/reveal': { task: 'console-page' },
  'GET /console/day': { task: 'console-day' },
}

/** Every route of the gateway, as named by the router. */
export const WHERE: Readonly<Record<string, Where>> = {
  ...CONSOLE,
  'POST /platform/notices': 'here',
  'GET /health': 'here',
  'GET /ready': 'here',
  'GET /metrics': 'here',
  'GET /problems': 'here',
  'GET /problems/:code': 'here',
  'GET /v1/destinations': 'here',
  'GET /v1/open-cases': { task: 'open-cases' },
  'GET /v1/tally': { task: 'tally' },
  'PUT /v1/recovery': 'here',
  'POST /v1/archive': 'own thread',
  'GET /v1/onboarding': 'here',
  'POST /v1/onboarding': 'here',
  'POST /v1/eligibility': 'here',
  'POST /v1/filings': 'here',
  'POST /v1/encounters': 'here',
  'POST /v1/encounters/:encounter/lines': 'here',
  'POST /v1/encounters/:encounter/pre-settlement': 'here',
  'POST /v1/encounters/:encounter/settlement': 'here',
  'POST /v1/encounters/:encounter/discharge': 'here',
  'POST /v1/encounters/:encounter/self-pay': 'here',
  'POST /v1/settlements/:settlement/cancellation': 'here',
  'POST /v1/purchases/pre-settlement': 'here',
  'POST /v1/purchases': 'here',
  'GET /v1/status': 'here',
  'GET /openapi.json': { task: 'openapi' },
  'GET /': 'here',
  'GET /docs': 'here',
  'GET /docs/rapidoc-min.js': 'here',
  'GET /docs/page.js': 'here',
  'GET /v1/reports/settlement-rate': { task: 'settlement-rate' },
  'GET /reports/settlement-rate': { task: 'settlement-rate' },
  'GET /v1/reports/rates': { task: 'figures' },
  'GET /v1/reports/reasons': { task: 'figures' },
  'GET /v1/reports/flows': { task: 'figures' },
  'GET /v1/reports/measures': { task: 'figures' },
  'GET /v1/reports/stays': { task: 'figures' },
  'GET /v1/reports/stay-messages': { task: 'stay-messages' },
  'POST /v1/reports/records': { task: 'stays-import' },
  'GET /v1/reports/mapping-quality': { task: 'mapping-quality' },
  'GET /v1/reports/conformance': { task: 'mapping-quality' },
  'POST /v1/codes/translate': 'here',
  'GET /v1/codes/:standard/:code': 'here',
  'GET /v1/codes/:standard/changes': { task: 'code-changes' },
  // Calls between workers.
  'GET /workers/indexed': 'here',
  'GET /workers/opening': 'here',
  ...Object.fromEntries(
    BOTH.flatMap((door) =>
      Object.entries(FHIR).map(([route, where]) => [route.replace(' ', ` ${door}`), where]),
    ),
  ),
}
