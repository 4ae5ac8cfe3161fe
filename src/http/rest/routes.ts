/** The REST API: routes for hospital systems that use plain JSON, with the OpenAPI document and its pages. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { compress } from 'hono/compress'
import { consoleRoutes } from '../../console/routes.ts'
import { trimmed, trimmedJson } from '../../domain/blank.ts'
import { GatewayError, PROBLEMS } from '../../domain/problems.ts'
import { anonymousIntent } from '../../journal/journal.ts'
import type { Offload, Offloaded } from '../../offload/offload.ts'
import { type Caller, type Callers, notReady, Unidentified } from '../../pipeline/callers.ts'
import type { Services } from '../../pipeline/context.ts'
import { compareFirst } from '../../pipeline/fence.ts'
import { isMeant } from '../../pipeline/owner.ts'
import { serverTiming } from '../../pipeline/receipt.ts'
import { retryAfterOf } from '../../pipeline/refusals.ts'
import type { Database } from '../../store/database.ts'
import type { Placing } from '../../workers/placing.ts'
import { passOver } from '../body.ts'
import { callerKey } from '../national.ts'
import { patienceOf } from '../prefer.ts'
import { asGatewayError, PROBLEM_JSON, problemDocument } from '../problem.ts'
import type { Door } from '../roles.ts'
import type { Strangers } from '../strangers.ts'
import { REST } from './answer-format.ts'
import { type Handled, parameterOf, pathId } from './endpoint.ts'
import { restEndpoints } from './endpoints.ts'
import { answerOfKey } from './replay-archived.ts'
import { check, idempotencyKey, type RestRequest, readJson } from './request.ts'
import { type Call, type Done, statusOf } from './send.ts'
import { journalKey, statusAnswer, statusRoute } from './status.ts'
import { transactionEndpoints } from './transactions.ts'

/** Dependencies of the REST API. */
export interface RestContext {
  readonly services: Services
  readonly callers: Callers
  /** False while starting or stopping: nothing is accepted then. */
  ready(): boolean
  readonly strangers: Strangers
  readonly database: Database
  readonly offload: Pick<Offload, 'answer'>
  /** If several workers share the institutions: which worker a request belongs to. */
  readonly placing?: Placing | undefined
}

type App = OpenAPIHono<Door>

const JSON_TYPE = 'application/json; charset=utf-8'

/** `POST /v1/…` and `GET /v1/status`, `/openapi.json`, `/docs`, `/`. Paths are absolute, so mount at `/`. */
export function restRoutes(context: RestContext): App {
  const { services } = context
  const app: App = new OpenAPIHono<Door>()
  const endpoints = restEndpoints(context.database)
  for (const endpoint of [...endpoints, ...transactionEndpoints(services.dialect)]) {
    const address = addressOf(endpoint.path)
    app.post(address, async (request) => {
      const done = await carryOut(context, endpoint, request)
      return done instanceof Response ? done : answer(request, done, endpoint)
    })
    app.all(address, wrongMethod)
  }
  app.get(statusRoute.path, async (request) => {
    const caller = identify(context, request)
    return request.json(await statusAnswer(services, caller, trimmedQuery(request)))
  })
  app.all(statusRoute.path, wrongMethod)
  const document = onceMade(() => context.offload.answer('openapi', { dialect: services.dialect.id }))
  app.use('/openapi.json', compress())
  app.get('/openapi.json', async (request) => answerDocument(request, await document()))
  app.all('/openapi.json', wrongMethod)
  app.route('/', consoleRoutes())
  app.onError((cause, request) => turnAway(context, request, cause))
  return app
}

/** Computes a value on first use and caches it; a failure is retried. */
function onceMade<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | null = null
  return () => {
    made ??= make().catch((cause) => {
      made = null
      throw cause
    })
    return made
  }
}

/** The document is long and constant while the gateway runs, so it is sent with an entity tag. */
function answerDocument(request: RestRequest, { type, tag = '', body }: Offloaded): Response {
  const headers = { etag: tag, 'cache-control': 'no-cache' }
  // Packed, it has a weak tag.
  if (request.req.header('if-none-match')?.replace('W/', '') === tag) return request.body(null, 304, headers)
  return request.body(body, 200, { ...headers, 'content-type': type })
}

/** `/v1/encounters/{encounter}/lines` → `/v1/encounters/:encounter/lines`. */
function addressOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

function identify({ ready, callers }: RestContext, request: RestRequest) {
  if (!ready()) throw notReady()
  // Already known if a gate precedes these routes.
  return request.get('caller') ?? callers.identify(callerKey((name) => request.req.header(name)))
}

/** Handles a request; one that belongs to another worker is forwarded and answered by it. */
async function carryOut(
  context: RestContext,
  endpoint: Handled,
  request: RestRequest,
): Promise<Done | Response> {
  const { services } = context
  const patience = patienceOf(request.req.header('prefer'), services.clock.elapsed())
  const caller = identify(context, request)
  const key = endpoint.keyed ? idempotencyKey(request) : null
  const given = await readJson(request)
  const parameter = parameterOf(endpoint.path)
  const subject = parameter ? subjectOf(parameter, request.req.param(parameter) ?? '') : ''
  const body = check(endpoint.request, given)
  const about = aboutOf(body, subject, parameter)
  const bodyHash = services.pseudonym(JSON.stringify([endpoint.path.replace(/\{\w+\}/, subject), given]))
  const asked = { services, caller, body, subject, bodyHash, patience }
  const call = async (): Promise<Call<unknown>> => ({
    ...asked,
    key: key && journalKey(await institutionIn(services, caller, about), endpoint.id, key),
  })
  try {
    const bytes = () => Buffer.from(JSON.stringify(given))
    const { incoming } = request.env
    const misdirected = await context.placing?.misdirected({ incoming, caller, ...about, bytes })
    if (misdirected) return await context.placing!.pass(incoming, misdirected)
    return await endpoint.run(await call())
  } catch (cause) {
    if (key !== null && mayBeForgotten(services, cause)) {
      if (!(await services.journal.byKey((await call()).key!))) throw compareFirst()
    }
    const isArchived = cause instanceof GatewayError && cause.code === 'encounter-archived'
    const done = isArchived ? await answerOfKey(await call()) : null
    if (done) return done
    throw cause
  }
}

/** Whether a refusal may be due to data lost in a restore: an encounter opened since the backup is not found. */
function mayBeForgotten({ fence }: Services, cause: unknown): boolean {
  const isMissing =
    cause instanceof GatewayError && (cause.code === 'not-found' || cause.code === 'invalid-field')
  return isMissing && (fence?.stands() ?? false)
}

/** The id in a path. @throws {GatewayError} invalid-field naming the parameter */
function subjectOf(parameter: string, given: string): string {
  return check(z.object({ [parameter]: pathId }), { [parameter]: trimmed(given) })[parameter]!
}

/** The shard key of a request: its institution, or the encounter that an institution opened. */
interface About {
  readonly institution: string | null
  readonly encounter: string | null
  /** Insured place that the request gives with the encounter, if it does. */
  readonly insuredArea: string | null
}

function aboutOf(body: unknown, subject: string, parameter: string | null): About {
  const { institution, encounter, insuredArea } = body as {
    institution?: string
    encounter?: string
    insuredArea?: string
  }
  return {
    institution: parameter === null ? (institution ?? null) : null,
    encounter: parameter === 'encounter' ? subject : (encounter ?? null),
    insuredArea: insuredArea ?? null,
  }
}

/** The institution of a request; empty if the encounter is unknown, and then the request is refused. */
async function institutionIn({ journal }: Services, caller: Caller, about: About): Promise<string> {
  const { institution, encounter, insuredArea } = about
  if (institution !== null || encounter === null) return institution ?? ''
  const openers = await journal.openers(encounter)
  const meant = openers.find((one) => isMeant(one, { caller, insuredArea }))
  return meant?.institution ?? ''
}

function answer(request: RestRequest, done: Done, endpoint: Handled): Response {
  const { body, problem, replayed, receipt, retryAfterSeconds } = done
  const status = statusOf(problem, endpoint.yes)
  request.header('content-type', problem ? PROBLEM_JSON : JSON_TYPE)
  if (receipt) request.header('server-timing', serverTiming(receipt))
  if (replayed) request.header('idempotent-replayed', 'true')
  if (retryAfterSeconds) request.header('retry-after', String(retryAfterSeconds))
  if (problem && endpoint.keyed && PROBLEMS[problem].retry === 'inquire-first')
    request.header('link', statusLink(idempotencyKey(request)))
  return request.body(body as Uint8Array<ArrayBuffer>, status)
}

/** Link to the status of a request without an outcome (RFC 8631). */
function statusLink(key: string): string {
  return `<${statusRoute.path}?key=${encodeURIComponent(key)}>; rel="status"`
}

function trimmedQuery(request: RestRequest) {
  return trimmedJson(request.req.query()) as Readonly<Record<string, string>>
}

function wrongMethod(): never {
  throw new Unidentified('method-not-allowed', 'receive', '该地址不支持此请求方法')
}

/** Answers a request that did not reach the pipeline; journalled if a known caller meant it as a request. */
async function turnAway(
  { services, strangers }: RestContext,
  request: Context<Door>,
  cause: unknown,
): Promise<Response> {
  await passOver(request.env?.incoming)
  const error = asGatewayError(cause)
  if (error.code === 'internal-fault') services.reportFault(cause)
  const at = services.clock.now()
  const told = { problem: error.code, hop: 'gateway', told: error.message, at }
  if (error instanceof Unidentified) strangers.refused(error.code)
  else if (request.req.method === 'POST')
    services.journal.note(anonymousIntent(REST, at), { ...told, state: 'rejected' })
  request.header('content-type', PROBLEM_JSON)
  const again = retryAfterOf(error)
  if (again) request.header('retry-after', String(again))
  return request.body(JSON.stringify(problemDocument(error, services.ids.answer(''))), error.row.status)
}
