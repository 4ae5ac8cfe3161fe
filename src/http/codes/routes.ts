/** Codes over REST: one national code on a day, and batch translation. Read-only. */
import { setImmediate } from 'node:timers/promises'
import { createRoute, OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import { etag } from 'hono/etag'
import type { Codes } from '../../codes/codes.ts'
import type { CodesNow } from '../../codes/live/hot-reload.ts'
import { NATIONAL } from '../../codes/resolve.ts'
import { lookupText } from '../../codes/texts.ts'
import type { Day } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'
import type { OwnSystems } from '../../pipeline/own-systems.ts'
import { GROUPS } from '../document-groups.ts'
import { problemResponses } from '../rest/problem-responses.ts'
import { check, fieldFault, type RestRequest, readJson } from '../rest/request.ts'
import { callerOf, type Door } from '../roles.ts'
import { editionInForce, requireAnswerable, requireBook } from './question.ts'
import {
  CODES_WITH_CANDIDATES_MAX,
  CodeAnswer,
  CodePath,
  CodeQuery,
  TranslateAnswer,
  TranslateRequest,
} from './schemas.ts'

/** Dependencies of the routes about codes. */
export interface CodesContext {
  readonly codes: CodesNow
  /** Today in Shanghai. */
  today(): Day
  /** Code systems that a caller may query; absent without a gate, and then all may be queried. */
  readonly ownSystems?: OwnSystems
}

/** Cached for one caller but always revalidated: an edition with an earlier first day may be imported. */
const CACHE = 'private, no-cache'
/** Codes translated per turn of the event loop: less than half a millisecond. */
const PIECE_CODES = 100
const SECURITY: Record<string, string[]>[] = [{ apiKey: [] }, { bearer: [] }, {}]

const codeRoute = createRoute({
  method: 'get',
  path: '/v1/codes/{standard}/{code}',
  operationId: 'code',
  tags: [GROUPS.codes],
  summary: '查询国家编码在某日的状态',
  description: '带ETag；If-None-Match相同时为304。',
  security: SECURITY,
  request: { params: CodePath, query: CodeQuery },
  responses: {
    200: { description: '该编码', content: { 'application/json': { schema: CodeAnswer } } },
    304: { description: '与If-None-Match相同' },
    ...problemResponses([401, 404, 422]),
  },
})

/** Old diagnosis codes of an invented hospital; the last one does not exist. */
const EXAMPLE = {
  standard: 'diagnosis',
  system: 'H62010290001-diagnosis',
  day: '2026-06-01',
  codes: ['I10.x01', 'I50.950', 'X1'],
}

const translateRoute = createRoute({
  method: 'post',
  path: '/v1/codes/translate',
  operationId: 'translate',
  tags: [GROUPS.codes],
  summary: '批量转换编码',
  description: '一次请求只使用同一组版本。没有目标不算错误，结果中说明原因。',
  security: SECURITY,
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: TranslateRequest,
          examples: { hospital: { summary: '某院旧诊断码', value: EXAMPLE } },
        },
      },
    },
  },
  responses: {
    200: { description: '逐个结果', content: { 'application/json': { schema: TranslateAnswer } } },
    ...problemResponses([400, 401, 404, 413, 415, 422]),
  },
})

/** The routes as described in the OpenAPI document. */
export const codesDescribed: readonly RouteConfig[] = [codeRoute, translateRoute]

/** `GET /v1/codes/{standard}/{code}` and `POST /v1/codes/translate`. Errors are thrown for the app's `onError`. */
export function codesRoutes({ codes, today, ownSystems }: CodesContext): OpenAPIHono<Door> {
  const app = new OpenAPIHono<Door>()
  app.post('/v1/codes/translate', async (request) => {
    const asked = check(TranslateRequest, await readJson(request))
    const [current, day] = [codes.current(), today()]
    const own = ownSystems?.(callerOf(request), current, day)
    if (own && asked.system !== NATIONAL && !own.has(asked.system)) {
      throw new GatewayError('foreign-institution', 'translate', '该编码体系不属于调用方的定点医药机构')
    }
    return request.json(await translateAll(current, asked, asked.day ?? day))
  })
  app.get('/v1/codes/:standard/:code', etag(), (request: RestRequest) => {
    const { standard, code } = check(CodePath, request.req.param())
    const { day = today() } = check(CodeQuery, queryOf(request))
    request.header('cache-control', CACHE)
    return request.json(codeAnswer(codes.current(), standard, code, day))
  })
  app.all('/v1/codes/translate', wrongMethod)
  app.all('/v1/codes/:standard/:code', wrongMethod)
  return app
}

function wrongMethod(): never {
  throw new GatewayError('method-not-allowed', 'receive', '该地址不支持此请求方法')
}

/** @throws {GatewayError} invalid-field if a parameter occurs twice */
function queryOf(request: RestRequest): Record<string, string> {
  const all = Object.entries(request.req.queries())
  const twice = all.filter(([, values]) => values.length > 1)
  if (twice.length > 0) throw fieldFault(twice.map(([field]) => ({ field, text: '只能给出一次' })))
  return request.req.query()
}

function codeAnswer(codes: Codes, standard: string, code: string, day: Day) {
  const book = requireBook(codes, standard)
  requireAnswerable(codes, standard, NATIONAL, day)
  const answer = codes.lookup(standard, code, day)
  const text = answer.found ? null : lookupText(book.titleZh, code, answer)
  const known = answer.found || answer.entry !== undefined || answer.reason === 'not-yet-valid'
  if (!known) {
    const near = codes.nearest(standard, { code }, day)
    throw new GatewayError('not-found', 'translate', text ?? '没有找到', { day, candidates: near })
  }
  const { entry } = answer
  const { from: first, version, source, dataAsOf, published } = editionInForce(book.editions, day)!
  return {
    standard,
    code: answer.found ? answer.code : (entry?.code ?? code),
    name: entry?.name ?? null,
    day,
    edition: { version, from: first, ...(dataAsOf && { dataAsOf }), ...(published && { published }), source },
    state: answer.found ? 'active' : answer.reason,
    text,
    from: entry?.from ?? null,
    until: entry?.until ?? null,
    since: answer.found ? null : (answer.since ?? null),
    fallBack: entry?.fallBack ?? false,
    replacedBy: entry?.replacedBy ?? null,
    attributes: entry?.attributes ?? {},
  }
}

type Asked = ReturnType<typeof check<typeof TranslateRequest>>

/**
 * Translates a batch in slices, so that requests from the counter can be served in between. All slices use the same
 * set of editions.
 */
async function translateAll(codes: Codes, asked: Asked, day: Day) {
  const { standard, system, reverse } = asked
  if (asked.candidates && asked.codes.length > CODES_WITH_CANDIDATES_MAX) {
    throw fieldFault([{ field: 'codes', text: `与candidates同用时不能超过${CODES_WITH_CANDIDATES_MAX}行` }])
  }
  if (reverse && system === NATIONAL) {
    throw fieldFault([{ field: 'system', text: '反查时须为院内编码体系' }])
  }
  requireAnswerable(codes, standard, system, day)
  const results = []
  const piece = asked.candidates ? 1 : PIECE_CODES
  for (const [index, one] of asked.codes.entries()) {
    if (index > 0 && index % piece === 0) await setImmediate()
    results.push(resultOf(codes, asked, typeof one === 'string' ? { code: one } : one, day))
  }
  return { standard, system, day, reverse, results }
}

function resultOf(
  codes: Codes,
  asked: Asked,
  { code, name }: { code: string; name?: string | undefined },
  day: Day,
) {
  const { standard, system, reverse } = asked
  if (reverse) return codes.reverse(system, standard, code, day)
  const answer = codes.translate(system, standard, code, day)
  if (!asked.candidates || answer.targets.length > 0) return answer
  const known = name ?? answer.name
  // A local code is no evidence for the national table, so only its name is compared.
  const sought = { ...(system === NATIONAL && { code }), ...(known && { name: known }) }
  return { ...answer, candidates: codes.nearest(standard, sought, day) }
}
