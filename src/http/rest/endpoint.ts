/** One POST of the REST door: described once, for the document and for the requests alike. */
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import type { Call, Done } from './send.ts'
import { Problem } from './settlement-schemas.ts'

/** What an endpoint is. */
export interface Endpoint<Schema extends z.ZodType = z.ZodType> {
  /** Name of the operation: in the document, and in the key of a request. */
  readonly id: string
  /** Path with at most one parameter: `/v1/encounters/{encounter}/lines`. */
  readonly path: string
  readonly title: string
  /** National transactions behind it. */
  readonly text: string
  readonly request: Schema
  readonly response: z.ZodType
  /** Status of a yes. */
  readonly yes: 200 | 201
  /** Whether it changes something and so needs an `Idempotency-Key`. */
  readonly keyed: boolean
  run(call: Call<z.output<Schema>>): Promise<Done> | Done
}

/** Declares an endpoint; the identity, for its types. */
export function defineEndpoint<Schema extends z.ZodType>(endpoint: Endpoint<Schema>): Endpoint {
  return endpoint as unknown as Endpoint
}

/** Name of the path's parameter. */
export function parameterOf(path: string): string | null {
  return /\{(\w+)\}/.exec(path)?.[1] ?? null
}

/** Longest id in a path, as in the national interface. */
const ID_CHARACTERS_MAX = 30

/** Form of an id in a path. */
export const pathId = z
  .string()
  .min(1)
  .max(ID_CHARACTERS_MAX)
  .regex(/^[\w.-]+$/, '只能含字母、数字、点和横线')

const PARAMETERS: Readonly<Record<string, string>> = {
  encounter: '就诊ID mdtrt_id，登记时取得',
  settlement: '结算ID setl_id',
}

/** Problems that any request may end in, by status. */
const NOES: Readonly<Record<number, string>> = {
  400: '请求体不可读，或缺少Idempotency-Key',
  401: '调用方未登记',
  403: '机构或就诊不属于调用方',
  404: '没有找到',
  409: '同一请求正在处理，或该就诊有未明结果的结算',
  410: '该键的请求或该就诊的登记已归档，本次未向平台发送，请先查询状态',
  413: '请求体过大',
  415: '内容类型须为application/json',
  422: '字段、编码、金额有误，平台拒绝，或键已用于内容不同的请求',
  500: '网关内部错误，请先查询',
  503: '未发出，稍后可用原键重发',
  504: '结果未明，可能已办理，请先查询，勿重复收费',
}

const RETRY_AFTER = {
  'Retry-After': { description: '多少秒后可用原键重发', schema: { type: 'integer' as const } },
}

/** The responses of a problem, by status. */
export function problemResponses(statuses: readonly number[] = Object.keys(NOES).map(Number)) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: NOES[status] ?? '出错',
        ...(status === 503 ? { headers: RETRY_AFTER } : {}),
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  )
}

const REPLAYED = {
  'Idempotent-Replayed': {
    description: 'true表示这是同一键先前请求的答复，逐字节相同',
    schema: { type: 'string' as const },
  },
}

const key = z.string().openapi({
  param: { name: 'Idempotency-Key', in: 'header' },
  description: '本次请求的唯一键，重发时不变；同键同文得到原答复',
  example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
})

const prefer = z
  .string()
  .optional()
  .openapi({
    param: { name: 'Prefer', in: 'header' },
    description:
      '调用方愿意等待的整秒数（RFC 7240），自请求到达起算；到时仍未发出的不再发出，答复budget-spent',
    example: 'wait=20',
  })

/** The endpoint as the document describes it. */
export function routeOf(endpoint: Endpoint): RouteConfig {
  const { id, path, title, text, request, response, yes, keyed } = endpoint
  const parameter = parameterOf(path)
  const params = parameter
    ? z.object({ [parameter]: pathId.openapi({ description: PARAMETERS[parameter] ?? '' }) })
    : undefined
  return createRoute({
    method: 'post',
    path,
    operationId: id,
    tags: ['医院 REST'],
    summary: title,
    description: text,
    security: [{ apiKey: [] }, { bearer: [] }, {}],
    request: {
      ...(params ? { params } : {}),
      headers: z.object({ ...(keyed ? { 'Idempotency-Key': key } : {}), Prefer: prefer }),
      body: { required: true, content: { 'application/json': { schema: request } } },
    },
    responses: {
      [yes]: {
        description: '已办理',
        ...(keyed ? { headers: REPLAYED } : {}),
        content: { 'application/json': { schema: response } },
      },
      ...problemResponses(),
    },
  })
}
