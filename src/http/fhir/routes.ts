/** The FHIR doors, `/fhir/r4` and `/fhir/r5`: the same engine under the names of both releases. JSON only. */
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { etag } from 'hono/etag'
import { GatewayError } from '../../domain/problems.ts'
import type { Callers } from '../../pipeline/callers.ts'
import { readBody, requireJson } from '../body.ts'
import type { CodesContext } from '../codes/routes.ts'
import { callerKey } from '../national.ts'
import { asGatewayError } from '../problem.ts'
import { capabilityStatement, operationDefinition } from './capability.ts'
import { CODE_SYSTEM_SEARCH, readCodeSystem, searchCodeSystems } from './code-systems.ts'
import { CONCEPT_MAP_SEARCH, exportConceptMap, searchConceptMaps } from './concept-maps.ts'
import type { View } from './door.ts'
import { badRequest, FhirFault, fhirFault, notFound, outcomeOf } from './fault.ts'
import type { MapImporter } from './importer.ts'
import { LOOKUP, lookup, VALIDATE, validateCode } from './lookup.ts'
import { createMapIndexes } from './maps.ts'
import { fromAddress, fromBody, type Given, given, type Spec } from './parameters.ts'
import { doorOf, fhirJson, RELEASES, type Release } from './release.ts'
import type { SystemNames } from './systems.ts'
import { translate } from './translate.ts'
import { OTHER_NAMES, TRANSLATE, translateQuestion } from './translate-question.ts'

/** What the doors work on. */
export interface FhirContext extends CodesContext {
  readonly callers: Callers
  /** False while starting or stopping: then nothing is taken in. */
  ready(): boolean
  readonly names: SystemNames
  readonly importer: MapImporter
  /** Told of what is our own fault. */
  fault(cause: unknown): void
}

type Request = Context<{ Bindings: HttpBindings }>
type App = Hono<{ Bindings: HttpBindings }>

/** Largest ConceptMap that is taken: some 50,000 rows. What is larger comes in by the command line. */
const MAP_BYTES_MAX = 8 * 1024 * 1024
const CACHE = 'private, no-cache'

/** Both doors. */
export function fhirRoutes(context: FhirContext): App {
  const app: App = new Hono()
  const indexOf = createMapIndexes(context.names)
  for (const release of RELEASES) app.route(doorOf(release), door(release, context, indexOf))
  return app
}

function door(release: Release, context: FhirContext, indexOf: ReturnType<typeof createMapIndexes>): App {
  const app: App = new Hono()
  const { names, today } = context
  const baseOf = (request: Request) => new URL(request.req.url).origin + doorOf(release)
  const say = (request: Request, resource: object, status: 200 | 201 = 200) => {
    request.header('content-type', fhirJson(release))
    request.header('cache-control', CACHE)
    return request.body(JSON.stringify(resource), status)
  }
  /** One request, one edition set. */
  const viewNow = (): View => {
    const codes = context.codes.current()
    return { release, codes, maps: indexOf(codes), names, today: today() }
  }
  const asked = (request: Request, spec: Spec) => given(spec, fromAddress(new URL(request.req.url)))

  app.use(async (request, next) => {
    requireFormat(request)
    if (!request.req.path.endsWith('/metadata')) identify(context, request)
    await next()
  })
  app.get('/metadata', etag(), (request) =>
    say(request, capabilityStatement(release, baseOf(request), today())),
  )
  app.get('/OperationDefinition/:id', etag(), (request) => {
    const found = operationDefinition(release, baseOf(request), request.req.param('id'))
    if (!found) throw notFound('没有这个OperationDefinition')
    return say(request, found)
  })

  /** An operation, asked by its address or by a Parameters resource. */
  const operation = (
    path: string,
    spec: Spec,
    run: (view: View, given: Given) => object,
    hints: Readonly<Record<string, string>> = {},
  ) => {
    app.get(path, (request) =>
      say(request, run(viewNow(), given(spec, fromAddress(new URL(request.req.url)), hints))),
    )
    app.post(path, async (request) => {
      const raw = [...fromAddress(new URL(request.req.url)), ...fromBody(await readJson(request))]
      return say(request, run(viewNow(), given(spec, raw, hints)))
    })
  }
  operation('/CodeSystem/$lookup', LOOKUP, lookup)
  operation('/CodeSystem/$validate-code', VALIDATE, validateCode)
  operation(
    '/ConceptMap/$translate',
    TRANSLATE[release],
    (view, found) => translate(view, translateQuestion(release, found), found.days.date),
    OTHER_NAMES[release],
  )

  app.get('/CodeSystem', etag(), (request) =>
    say(request, searchCodeSystems(viewNow(), asked(request, CODE_SYSTEM_SEARCH), new URL(request.req.url))),
  )
  app.get('/CodeSystem/:id', etag(), (request) =>
    say(request, readCodeSystem(viewNow(), request.req.param('id'))),
  )
  app.get('/ConceptMap', etag(), (request) =>
    say(
      request,
      searchConceptMaps(viewNow(), asked(request, CONCEPT_MAP_SEARCH[release]), new URL(request.req.url)),
    ),
  )
  app.get('/ConceptMap/:id', (request) => {
    request.header('content-type', fhirJson(release))
    request.header('cache-control', CACHE)
    return request.body(exportConceptMap(viewNow(), request.req.param('id')))
  })
  const take = async (request: Request, id: string | undefined) => {
    const maker = identify(context, request)
    if (!maker.maintainsCodes) {
      const text = '该调用方不能提交对照；须在调用方名单中以maintainsCodes允许'
      throw new FhirFault(403, { code: 'forbidden', text })
    }
    requireJson(request.req.header('content-type'))
    const { effective } = asked(request, { effective: 'text' }).texts
    const body = await readBody(request.env, MAP_BYTES_MAX)
    const taken = await context.importer.take({ release, body, effective, id, maker: maker.id })
    request.header('location', `${baseOf(request)}/ConceptMap/${taken.id}`)
    const text = `已收入${taken.version}版，共${taken.rows}个源编码；待复核并发布后使用`
    return say(request, outcomeOf([{ code: 'informational', text }], 'information'), 201)
  }
  app.post('/ConceptMap', (request) => take(request, undefined))
  app.put('/ConceptMap/:id', (request) => take(request, request.req.param('id')))

  app.all('*', () => {
    throw notFound('没有这个地址；GET metadata列出全部')
  })
  app.onError((cause, request) => {
    const error = cause instanceof FhirFault ? cause : fhirFault(asGatewayError(cause))
    if (error.status === 500) context.fault(cause)
    request.header('content-type', fhirJson(release))
    if (error.status === 503) request.header('retry-after', '5')
    return request.body(JSON.stringify(outcomeOf(error.issues)), error.status)
  })
  return app
}

function identify({ ready, callers }: FhirContext, request: Request) {
  if (!ready()) throw new GatewayError('not-ready', 'receive', '网关正在启动或停止，请稍后重发')
  return callers.identify(callerKey((name) => request.req.header(name)))
}

/** @throws {FhirFault} where another form than JSON is wanted */
function requireFormat(request: Request): void {
  const wanted = request.req.query('_format') ?? request.req.header('accept') ?? 'json'
  if (/json|\*\/\*|application\/\*/.test(wanted)) return
  throw new FhirFault(406, { code: 'not-supported', text: '只有JSON：application/fhir+json' })
}

async function readJson(request: Request): Promise<unknown> {
  requireJson(request.req.header('content-type'))
  const bytes = await readBody(request.env)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw badRequest('请求体须为UTF-8编码的JSON')
  }
}
