/** The FHIR endpoints `/fhir/r4` and `/fhir/r5`: one engine in the terms of both releases. JSON only. */
import { type Context, Hono } from 'hono'
import { etag } from 'hono/etag'
import { GatewayError } from '../../domain/problems.ts'
import type { Offload } from '../../offload/offload.ts'
import type { Callers } from '../../pipeline/callers.ts'
import { passOver, readBody, requireJson } from '../body.ts'
import type { CodesContext } from '../codes/routes.ts'
import { callerKey } from '../national.ts'
import { offloaded } from '../offloaded.ts'
import { asGatewayError } from '../problem.ts'
import { callerOf, createGate, type Door, NOBODY } from '../roles.ts'
import {
  capabilityStatement,
  fhirVersions,
  operationDefinition,
  terminologyCapabilities,
} from './capability.ts'
import { CODE_SYSTEM_SEARCH, readCodeSystem, searchCodeSystems } from './code-systems.ts'
import { CONCEPT_MAP_SEARCH, conceptMapNamed, searchConceptMaps } from './concept-maps.ts'
import { EXPAND } from './expand.ts'
import type { MapImporter } from './importer.ts'
import { LOOKUP, lookup } from './lookup.ts'
import { createMapIndexes, mapsFrom } from './maps.ts'
import {
  adviceOf,
  badRequest,
  FhirFault,
  fhirFault,
  gateFault,
  notFound,
  outcomeOf,
} from './operation-outcome.ts'
import {
  fromAddress,
  fromBody,
  type GivenParameters,
  given,
  isKnown,
  isLenient,
  type Raw,
  type Spec,
} from './parameters.ts'
import { createPublicAddress } from './public-address.ts'
import { doorOf, fhirJson, RELEASES, type Release } from './release.ts'
import { readFhirJson, readForm } from './request-body.ts'
import type { SystemNames } from './systems.ts'
import { translateOperation } from './translate.ts'
import { OTHER_NAMES, parameterSpelling, TRANSLATE, translateQuestion } from './translate-question.ts'
import { VALIDATE, validateCode } from './validate.ts'
import {
  readValueSet,
  searchValueSets,
  VALIDATE_IN_SET,
  VALUE_SET_SEARCH,
  validateInSet,
} from './value-sets.ts'
import type { View } from './view.ts'

/** Dependencies of the endpoints. */
export interface FhirContext extends CodesContext {
  readonly callers: Callers
  /** False while starting or stopping: nothing is accepted then. */
  ready(): boolean
  readonly names: SystemNames
  /** Public address of the gateway, `https://codes.example.cn`; null: that of the request. */
  readonly publicUrl?: string | null
  readonly importer: MapImporter
  readonly offload: Pick<Offload, 'answer'>
  /** Called for internal faults. */
  fault(cause: unknown): void
}

/** A call of an operation, not yet parsed by the operation's parameters. */
interface Read {
  readonly view: View
  /** Id of the resource it is called on, if any. */
  readonly id: string | undefined
  readonly raw: readonly Raw[]
  given(spec: Spec, hints?: Readonly<Record<string, string>>): GivenParameters
}

type Request = Context<Door>
type App = Hono<Door>

/** Maximum size of a submitted ConceptMap: some 50,000 rows. Larger ones are imported by command line. */
const MAP_BYTES_MAX = 8 * 1024 * 1024
const CACHE = 'private, no-cache'

/** Both releases. */
export function fhirRoutes(context: FhirContext): App {
  const app: App = new Hono()
  const indexOf = createMapIndexes(context.names)
  for (const release of RELEASES) app.route(doorOf(release), door(release, context, indexOf))
  return app
}

function door(release: Release, context: FhirContext, indexOf: ReturnType<typeof createMapIndexes>): App {
  const app: App = new Hono()
  const { names, today } = context
  const publicOf = createPublicAddress(context.publicUrl ?? null)
  const baseOf = (request: Request) => {
    const { href } = publicOf(new URL(doorOf(release), request.req.url))
    return href
  }
  const say = (request: Request, resource: object, status: 200 | 201 = 200) => {
    request.header('content-type', fhirJson(release))
    request.header('cache-control', CACHE)
    return request.body(JSON.stringify(resource), status)
  }
  /** Each request uses one set of editions. */
  const viewFor = (request: Request): View => {
    const [codes, day] = [context.codes.current(), today()]
    const own = context.ownSystems?.(callerOf(request), codes, day) ?? null
    return { release, codes, maps: mapsFrom(indexOf(codes), own), names, today: day }
  }
  const readingOf = (request: Request, hints: Readonly<Record<string, string>> = {}) => ({
    hints,
    lenient: isLenient(request.req.header('prefer')),
  })
  const asked = (request: Request, spec: Spec) =>
    given(spec, fromAddress(new URL(request.req.url)), readingOf(request))

  const gate = createGate(context.callers)
  const admit = (request: Request) => {
    const { method, path } = request.req
    const key = callerKey((name) => request.req.header(name))
    try {
      return gate.admit({ method, path, key, isPassed: false })
    } catch (cause) {
      throw gateFault(cause, path)
    }
  }

  app.use(async (request, next) => {
    requireFormat(request)
    const caller = admit(request)
    if (caller !== NOBODY && !context.ready())
      throw new GatewayError('not-ready', 'receive', '网关正在启动或停止，请稍后重发')
    request.set('caller', caller)
    await next()
  })
  app.get('/metadata', etag(), (request) =>
    say(
      request,
      request.req.query('mode') === 'terminology'
        ? terminologyCapabilities(viewFor(request), baseOf(request))
        : capabilityStatement(release, baseOf(request), today()),
    ),
  )
  app.get('/$versions', etag(), (request) => say(request, fhirVersions(release)))
  app.get('/OperationDefinition/:id', etag(), (request) => {
    const found = operationDefinition(release, baseOf(request), request.req.param('id'))
    if (!found) throw notFound('没有该OperationDefinition')
    return say(request, found)
  })

  /** An operation, called by GET or POST, on a type or on one resource. */
  type Run = (read: Read, request: Request) => object | Promise<Response>
  const operation = (type: string, name: string, run: Run) => {
    const answer = async (request: Request, raw: readonly Raw[]) => {
      const read: Read = {
        view: viewFor(request),
        id: request.req.param('id'),
        raw,
        given: (spec, hints) => given(spec, raw, readingOf(request, hints)),
      }
      const answer = await run(read, request)
      return answer instanceof Response ? answer : say(request, answer)
    }
    // `$lookup` exists on the type only.
    const paths = name === '$lookup' ? [`/${type}/${name}`] : [`/${type}/${name}`, `/${type}/:id/${name}`]
    for (const path of paths) {
      app.get(path, (request) => answer(request, fromAddress(new URL(request.req.url))))
      app.post(path, async (request) =>
        answer(request, [...fromAddress(new URL(request.req.url)), ...fromBody(await readFhirJson(request))]),
      )
    }
  }
  operation('CodeSystem', '$lookup', ({ view, given }) => lookup(view, given(LOOKUP)))
  operation('CodeSystem', '$validate-code', ({ view, id, given }) =>
    validateCode(view, ofOne(given(VALIDATE), id && readCodeSystem(view, id), 'version')),
  )
  operation('ValueSet', '$validate-code', ({ view, id, given }) =>
    validateInSet(view, ofOne(given(VALIDATE_IN_SET), id && readValueSet(view, id), 'valueSetVersion')),
  )
  operation('ValueSet', '$expand', ({ view, id, given }, request) => {
    const asked = ofOne(given(EXPAND), id && readValueSet(view, id), 'valueSetVersion')
    const question = { release, named: names.named, today: view.today, given: asked }
    return offloaded(request, context.offload, 'expansion', question, { headers: { 'cache-control': CACHE } })
  })
  operation('ConceptMap', '$translate', ({ view, id, raw, given }) => {
    const spelling = parameterSpelling(release, raw)
    const asked = given(TRANSLATE[spelling], OTHER_NAMES[release])
    const found = ofOne(asked, id && conceptMapNamed(view, id), 'conceptMapVersion')
    return translateOperation(view, translateQuestion(spelling, found, names), found.days.date)
  })

  /** A search, by URL or by form. */
  const search = (
    type: string,
    spec: Spec,
    run: (view: View, given: GivenParameters, address: URL) => object,
  ) => {
    const answer = (request: Request, address: URL) => {
      const reading = readingOf(request)
      const found = given(spec, fromAddress(address), reading)
      // The link lists the parameters that were used, so that nobody thinks an ignored one was.
      for (const name of new Set(address.searchParams.keys())) {
        if (!isKnown(spec, name)) address.searchParams.delete(name)
      }
      return say(request, run(viewFor(request), found, publicOf(address)))
    }
    app.get(`/${type}`, etag(), (request) => answer(request, new URL(request.req.url)))
    app.post(`/${type}/_search`, async (request) => {
      const asked = new URL(request.req.url)
      const address = new URL(`${doorOf(release)}/${type}${asked.search}`, asked)
      for (const [name, value] of await readForm(request)) address.searchParams.append(name, value)
      return answer(request, address)
    })
  }
  search('CodeSystem', CODE_SYSTEM_SEARCH, searchCodeSystems)
  search('ValueSet', VALUE_SET_SEARCH, searchValueSets)
  search('ConceptMap', CONCEPT_MAP_SEARCH[release], searchConceptMaps)
  app.get('/CodeSystem/:id{[^$/][^/]*}', etag(), (request) =>
    say(request, readCodeSystem(viewFor(request), request.req.param('id'))),
  )
  app.get('/ValueSet/:id{[^$/][^/]*}', etag(), (request) =>
    say(request, readValueSet(viewFor(request), request.req.param('id'))),
  )
  app.get('/ConceptMap/:id{[^$/][^/]*}', (request) => {
    const id = request.req.param('id')
    // A missing resource is reported without using a thread.
    conceptMapNamed(viewFor(request), id)
    const question = { release, id, named: names.named, today: today() }
    return offloaded(request, context.offload, 'concept-map', question, {
      headers: { 'cache-control': CACHE },
    })
  })
  const take = async (request: Request, id: string | undefined) => {
    const maker = callerOf(request)
    const own = context.ownSystems?.(maker, context.codes.current(), today()) ?? null
    if (!maker.maintainsCodes) {
      const text = '该调用方不能提交对照表；须在调用方名单中以maintainsCodes允许'
      throw new FhirFault(403, { code: 'forbidden', text })
    }
    requireJson(request.req.header('content-type'))
    const { effective } = asked(request, { effective: 'text' }).texts
    const body = await readBody(request.env, MAP_BYTES_MAX)
    const taken = await context.importer.take({ release, body, effective, id, maker: maker.id, own })
    request.header('location', `${baseOf(request)}/ConceptMap/${taken.id}`)
    const text = `已接收${taken.version}版，共${taken.rows}个源编码；待复核并发布后使用`
    return say(request, outcomeOf([{ code: 'informational', text }, ...taken.remarks], 'information'), 201)
  }
  app.post('/ConceptMap', (request) => take(request, undefined))
  app.put('/ConceptMap/:id', (request) => take(request, request.req.param('id')))

  app.onError(async (cause, request) => {
    await passOver(request.env?.incoming)
    const error = cause instanceof FhirFault ? cause : fhirFault(asGatewayError(cause))
    if (error.status === 500) context.fault(cause)
    request.header('content-type', fhirJson(release))
    for (const [name, value] of adviceOf(cause, error.status)) request.header(name, value)
    return request.body(JSON.stringify(outcomeOf(error.issues)), error.status)
  })
  return app
}

/**
 * The given parameters, with address and version of the resource the operation was called on.
 *
 * @throws {FhirFault} if they name another resource
 */
function ofOne(
  given: GivenParameters,
  resource: { readonly url: string; readonly version: string } | '' | undefined,
  version: string,
): GivenParameters {
  if (!resource) return given
  if (given.texts.url !== undefined || given.texts[version] !== undefined) {
    throw badRequest(`地址中已指明资源，不能再给出url或${version}`)
  }
  return { ...given, texts: { ...given.texts, url: resource.url, [version]: resource.version } }
}

/** @throws {FhirFault} if a format other than JSON is requested */
function requireFormat(request: Request): void {
  const wanted = request.req.query('_format') ?? request.req.header('accept') ?? 'json'
  if (/json|\*\/\*|application\/\*/.test(wanted)) return
  throw new FhirFault(406, { code: 'not-supported', text: '只有JSON：application/fhir+json' })
}
