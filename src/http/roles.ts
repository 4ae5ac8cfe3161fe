/**
 * Which role may call which route, in one table for the whole app. Anything missing is refused, even if a handler
 * exists; a test compares the table with the routes of the app and tries each of them.
 */
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { GatewayError } from '../domain/problems.ts'
import { type Caller, type Callers, type Role, requireRole } from '../pipeline/callers.ts'
import { doorOf, RELEASES } from './fhir/release.ts'

/** Who may call a route: callers with these roles, `anyone` without a key, people by their session, or only another worker of this gateway. */
export type Who = readonly Role[] | 'anyone' | 'people' | 'workers'

/** A route and who may call it. The path is in Hono's notation. */
export type RoleRow = readonly [method: 'GET' | 'POST' | 'PUT', path: string, who: Who]

const HOSPITAL: readonly Role[] = ['hospital']
const OPERATOR: readonly Role[] = ['operator']
const EVERY: readonly Role[] = ['hospital', 'bureau', 'operator']

/** Addresses of a dialect: they bypass the router, so they have no row. */
export const DIALECT_ROLES = HOSPITAL

const METHODS = ['GET', 'HEAD', 'POST', 'PUT'] as const

const PAGES: readonly RoleRow[] = [
  ['GET', '/', 'anyone'],
  ['GET', '/docs', 'anyone'],
  ['GET', '/docs/rapidoc-min.js', 'anyone'],
  ['GET', '/docs/page.js', 'anyone'],
  ['GET', '/openapi.json', 'anyone'],
  ['GET', '/problems', 'anyone'],
  ['GET', '/problems/:code', 'anyone'],
  // For supervisors and proxies, which have no key; the answer contains nothing about a hospital.
  ['GET', '/health', 'anyone'],
  ['GET', '/ready', 'anyone'],
]

/** People sign in here; what each of them may see the console itself judges (`src/people/rights.ts`). */
const CONSOLE: readonly RoleRow[] = [
  ['GET', '/console', 'people'],
  ['GET', '/console/style.css', 'anyone'],
  ['GET', '/console/language', 'anyone'],
  ['GET', '/console/sign-in', 'anyone'],
  ['POST', '/console/sign-in', 'people'],
  ['POST', '/console/sign-out', 'people'],
  ['GET', '/console/rates', 'people'],
  ['GET', '/console/rates/file', 'people'],
  ['GET', '/console/rates/stays', 'people'],
  ['GET', '/console/rates/stay', 'people'],
  ['GET', '/console/live', 'people'],
  ['GET', '/console/unknown', 'people'],
  ['GET', '/console/money', 'people'],
  ['POST', '/console/money', 'people'],
  ['GET', '/console/money/:case', 'people'],
  ['POST', '/console/money/:case/act', 'people'],
  ['POST', '/console/money/:case/reveal', 'people'],
  ['GET', '/console/day', 'people'],
]

const VISITS: readonly RoleRow[] = [
  ['POST', '/v1/eligibility', HOSPITAL],
  ['POST', '/v1/filings', HOSPITAL],
  ['POST', '/v1/encounters', HOSPITAL],
  ['POST', '/v1/encounters/:encounter/lines', HOSPITAL],
  ['POST', '/v1/encounters/:encounter/pre-settlement', HOSPITAL],
  ['POST', '/v1/encounters/:encounter/discharge', HOSPITAL],
  ['POST', '/v1/encounters/:encounter/settlement', HOSPITAL],
  ['POST', '/v1/encounters/:encounter/self-pay', HOSPITAL],
  ['POST', '/v1/settlements/:settlement/cancellation', HOSPITAL],
  ['POST', '/v1/purchases/pre-settlement', HOSPITAL],
  ['POST', '/v1/purchases', HOSPITAL],
  // Stored answers contain personal data that operators need not read.
  ['GET', '/v1/status', HOSPITAL],
]

const OPERATIONS: readonly RoleRow[] = [
  // A hospital sees its own.
  ['GET', '/v1/open-cases', ['hospital', 'operator']],
  ['GET', '/v1/tally', ['hospital', 'operator']],
  // Contains nothing about an institution.
  ['GET', '/v1/destinations', EVERY],
  ['GET', '/metrics', EVERY],
  ['PUT', '/v1/recovery', OPERATOR],
  ['POST', '/v1/archive', OPERATOR],
  ['GET', '/v1/onboarding', ['bureau', 'operator']],
  ['POST', '/v1/onboarding', OPERATOR],
]

const REPORTS: readonly RoleRow[] = [
  // The rate of an insured place covers all hospitals.
  ['GET', '/v1/reports/settlement-rate', ['bureau', 'operator']],
  ['GET', '/reports/settlement-rate', ['bureau', 'operator']],
  ...['rates', 'reasons', 'flows', 'measures', 'stays', 'stay-messages'].map(
    (name): RoleRow => ['GET', `/v1/reports/${name}`, ['bureau', 'operator']],
  ),
  ['POST', '/v1/reports/records', OPERATOR],
  // A hospital sees its own.
  ['GET', '/v1/reports/mapping-quality', EVERY],
  ['GET', '/v1/reports/conformance', EVERY],
]

const CODES: readonly RoleRow[] = [
  ['GET', '/v1/codes/:standard/changes', EVERY],
  ['GET', '/v1/codes/:standard/:code', EVERY],
  // A hospital sees its own code systems, here and over FHIR.
  ['POST', '/v1/codes/translate', EVERY],
]

const FHIR: readonly RoleRow[] = [
  ['GET', '/metadata', 'anyone'],
  ['GET', '/$versions', 'anyone'],
  ['GET', '/OperationDefinition/:id', EVERY],
  ['GET', '/CodeSystem/$lookup', EVERY],
  ['POST', '/CodeSystem/$lookup', EVERY],
  ...[
    ['CodeSystem', '$validate-code'],
    ['ValueSet', '$validate-code'],
    ['ValueSet', '$expand'],
    ['ConceptMap', '$translate'],
  ].flatMap(([type, name]): RoleRow[] => [
    ['GET', `/${type}/${name}`, EVERY],
    ['POST', `/${type}/${name}`, EVERY],
    ['GET', `/${type}/:id/${name}`, EVERY],
    ['POST', `/${type}/:id/${name}`, EVERY],
  ]),
  ...['CodeSystem', 'ValueSet', 'ConceptMap'].flatMap((type): RoleRow[] => [
    ['GET', `/${type}`, EVERY],
    ['POST', `/${type}/_search`, EVERY],
    // As in the FHIR routes: an operation that is not offered is not a resource.
    ['GET', `/${type}/:id{[^$/][^/]*}`, EVERY],
  ]),
  // In addition, the caller must be allowed to maintain codes.
  ['POST', '/ConceptMap', EVERY],
  ['PUT', '/ConceptMap/:id', EVERY],
]

/** What platforms send by themselves; their key opens nothing else. */
const NOTICES: readonly RoleRow[] = [['POST', '/platform/notices', ['platform']]]

const BETWEEN_WORKERS: readonly RoleRow[] = [
  ['GET', '/workers/indexed', 'workers'],
  ['GET', '/workers/opening', 'workers'],
]

/** The table. */
export const ROUTES: readonly RoleRow[] = [
  ...PAGES,
  ...CONSOLE,
  ...VISITS,
  ...OPERATIONS,
  ...REPORTS,
  ...CODES,
  ...RELEASES.flatMap((release) =>
    FHIR.map(([method, path, who]): RoleRow => [method, doorOf(release) + path, who]),
  ),
  ...NOTICES,
  ...BETWEEN_WORKERS,
]

/** The parts of a request that the gate checks. */
export interface GatedRequest {
  readonly method: string
  readonly path: string
  /** Key of the caller. */
  readonly key: string | null
  /** Whether another worker forwarded it. */
  readonly isPassed: boolean
}

/** Hono context of routes. The caller is set if the routes are behind a gate. */
export interface Door {
  Bindings: HttpBindings
  Variables: { caller?: Caller }
}

/** The caller admitted by the gate. @throws if there was no gate */
export function callerOf(context: Context<Door>): Caller {
  const caller = context.get('caller')
  if (!caller) throw new Error('A route without a gate before it')
  return caller
}

/** A known address with a method that it does not allow. */
export class WrongMethod extends GatewayError {
  /** Header `Allow`: `GET, HEAD, POST`. */
  readonly allow: string

  constructor(allow: readonly string[]) {
    super('method-not-allowed', 'receive', `该地址不支持此请求方法，可用${allow.join('、')}`)
    this.allow = allow.join(', ')
  }
}

/** Checks requests against the table. */
export interface RoleGate {
  /**
   * Returns the caller if the table allows the request.
   *
   * @throws {GatewayError} not-found and `WrongMethod` if the route is not in the table; unknown-caller, wrong-role
   */
  admit(asked: GatedRequest): Caller
}

/** A caller without a key on a route open to anyone; it represents nobody. */
export const NOBODY: Caller = { id: '', role: 'hospital', institutions: new Set() }

function routerOf<Value>(rows: readonly (readonly [method: string, path: string, value: Value])[]) {
  const router = new SmartRouter<Value>({ routers: [new RegExpRouter(), new TrieRouter()] })
  for (const row of rows) router.add(...row)
  return (method: string, path: string): Value[] => router.match(method, path)[0].map(([value]) => value)
}

/** Creates the gate. @param rows the table */
export function createGate(callers: Callers, rows: readonly RoleRow[] = ROUTES): RoleGate {
  const whoMay = routerOf(rows)
  /** Methods that outsiders may use on an address; Hono answers HEAD with the handler for GET. */
  const allowedAt = (path: string) =>
    METHODS.filter((method) =>
      whoMay(method === 'HEAD' ? 'GET' : method, path).some((who) => who !== 'workers'),
    )

  return {
    admit({ method, path, key, isPassed }) {
      const found = whoMay(method === 'HEAD' ? 'GET' : method, path)
      const isHidden = found.length === 0 || (found.includes('workers') && !isPassed)
      const allowed = isHidden && found.length === 0 ? allowedAt(path) : []
      if (allowed.length > 0) throw new WrongMethod(allowed)
      if (isHidden) throw new GatewayError('not-found', 'receive', '没有该地址')
      const needed = found.filter((who) => typeof who !== 'string')
      if (needed.length === 0) return NOBODY
      const caller = callers.identify(key)
      // If an address matches several rows, all must allow it.
      for (const roles of needed) requireRole(caller, roles)
      return caller
    },
  }
}
