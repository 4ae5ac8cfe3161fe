/** Assembles all endpoints of a gateway: for hospital systems, bureaus, terminology clients and operators. */
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { ConsolePorts } from '../console/people/ports.ts'
import { peopleRoutes } from '../console/people/routes.ts'
import { createOwnSystems } from '../pipeline/own-systems.ts'
import type { Admission } from './admission.ts'
import { answerProblems } from './answer-problems.ts'
import { openBusyDoor } from './busy.ts'
import { codesRoutes } from './codes/routes.ts'
import { codesChangesRoutes } from './codes-changes.ts'
import { isFhir } from './fhir/release.ts'
import { type FhirContext, fhirRoutes } from './fhir/routes.ts'
import { before } from './gate.ts'
import { type Listener, openListener } from './listener.ts'
import { mappingQualityRoutes } from './mapping-quality.ts'
import { type Metrics, metricsRoutes } from './metrics.ts'
import { callerKey, type DoorNeeds, openDialectDoor } from './national.ts'
import { noticeRoutes } from './notices.ts'
import { type OnboardingContext, onboardingRoutes } from './onboarding.ts'
import { type OperationsContext, operationsRoutes } from './operations.ts'
import { type ReportRoutesContext, reportRoutes } from './reports.ts'
import { addressedRows } from './rest/addresses.ts'
import { type RestContext, restRoutes } from './rest/routes.ts'
import { createGate, type Door, ROUTES } from './roles.ts'

/** Dependencies of all routes. */
export interface DoorsContext
  extends Omit<DoorNeeds, 'admission' | 'placing'>,
    Omit<OperationsContext, 'journal' | 'recovery'>,
    OnboardingContext,
    Omit<ReportRoutesContext, 'elapsed' | 'now'>,
    RestContext,
    Omit<ConsolePorts, 'services' | 'journal' | 'recovery' | 'publicUrl'>,
    Omit<FhirContext, 'ownSystems' | 'offload' | 'publicUrl'> {
  readonly journal: OperationsContext['journal'] & ConsolePorts['journal']
  readonly recovery: OperationsContext['recovery'] & ConsolePorts['recovery']
  readonly publicUrl: string | null
  readonly admission: Admission
  readonly metrics: Metrics
  /** Whether another worker forwarded a request after judging it; absent without other workers. */
  isPassed?(incoming: Parameters<DoorNeeds['gate']>[0]): boolean
  /** Routes before all others: those that several workers answer together. */
  readonly first?: Hono<{ Bindings: HttpBindings }>
}

/**
 * Opens all endpoints: the listener for a Node server, and the list of routes (`GET /v1/tally`). `roles.ts` decides
 * who may call what; a route missing there is closed to everyone.
 */
export function openDoors(context: DoorsContext): {
  readonly listener: Listener
  readonly routes: readonly string[]
} {
  const { services, admission, callers, codes, today, isPassed = () => false } = context
  const app = new Hono<Door>()
  /** A request forwarded by another worker was judged there. */
  const gate: DoorNeeds['gate'] = (incoming) => {
    if (!isPassed(incoming)) context.gate(incoming)
  }
  app.use(before(gate))
  const byRole = createGate(callers, [...ROUTES, ...addressedRows(services.dialect)])
  app.use(async (request, next) => {
    const { method, path } = request.req
    // The FHIR endpoints use the same table and word refusals as FHIR.
    if (isFhir(path)) return next()
    const key = callerKey((name) => request.req.header(name))
    request.set('caller', byRole.admit({ method, path, key, isPassed: isPassed(request.env.incoming) }))
    return next()
  })
  const asked = { codes, today, ownSystems: createOwnSystems(services.directory) }
  if (context.first) app.route('/', context.first)
  app.route('/', operationsRoutes(context))
  app.route('/', onboardingRoutes(context))
  app.route('/', noticeRoutes(context))
  app.route('/', metricsRoutes(context.metrics))
  app.route('/', peopleRoutes(context))
  app.route('/', restRoutes(context))
  app.route(
    '/',
    reportRoutes({ ...context, elapsed: () => services.clock.elapsed(), now: () => services.clock.now() }),
  )
  app.route('/', mappingQualityRoutes(context))
  app.route('/', codesChangesRoutes(context))
  app.route('/', codesRoutes(asked))
  app.route('/', fhirRoutes({ ...context, ...asked }))
  answerProblems(app, { ...context, instance: () => services.ids.answer('') })

  // Claims come first and bypass the router: matching a hundred routes costs a tenth of a claim.
  const claims = openDialectDoor(services, { ...context, gate })
  const busy = openBusyDoor(admission, services.ids)
  const others = getRequestListener(app.fetch, { hostname: '127.0.0.1' })
  return {
    listener: openListener({ claims, busy, others }, admission, context.fault),
    routes: [...new Set(app.routes.map(({ method, path }) => `${method} ${path}`))],
  }
}
