/** One POST of the REST API, described once for both the document and the requests. */
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import { type DocumentGroup, GROUPS } from '../document-groups.ts'
import type { Examples } from './examples.ts'
import { problemResponses } from './problem-responses.ts'
import type { Call, Done } from './send.ts'

/** The parts of an endpoint that handle a request. */
export interface Handled<Schema extends z.ZodType = z.ZodType> {
  /** Name of the operation, in the document and in the key of a request. */
  readonly id: string
  /** Path with at most one parameter: `/v1/encounters/{encounter}/lines`. */
  readonly path: string
  readonly request: Schema
  /** Status on success. */
  readonly yes: 200 | 201
  /** Whether it has an effect and therefore needs an `Idempotency-Key`. */
  readonly keyed: boolean
  run(call: Call<z.output<Schema>>): Promise<Done> | Done
}

/** An endpoint with its description in the document. */
export interface Endpoint<Schema extends z.ZodType = z.ZodType> extends Handled<Schema> {
  readonly title: string
  /** National transactions behind it. */
  readonly text: string
  readonly response: z.ZodType
  readonly group: DocumentGroup
  /** Example requests; the simulator answers each as documented. */
  readonly examples: Examples
  /**
   * What its answer supplies to other operations: by operation id, the path parameter and the field that fills it.
   */
  readonly gives?: Readonly<Record<string, 'encounter' | 'settlement'>>
}

/** Declares an endpoint; the identity function, for type inference. */
export function defineEndpoint<Schema extends z.ZodType>(endpoint: Endpoint<Schema>): Endpoint {
  return endpoint as unknown as Endpoint
}

/** Name of the path parameter. */
export function parameterOf(path: string): string | null {
  return /\{(\w+)\}/.exec(path)?.[1] ?? null
}

/** Longest id in a path: as wide as an answer may give it. */
const ID_CHARACTERS_MAX = 50

/** Pattern of an id in a path. */
export const pathId = z
  .string()
  .min(1)
  .max(ID_CHARACTERS_MAX)
  .regex(/^[\w.-]+$/, '只能含字母、数字、点和横线')

const PARAMETERS: Readonly<Record<string, string>> = {
  encounter: '就诊ID mdtrt_id：取自“门诊挂号或入院办理”应答中的encounter',
  settlement: '结算ID setl_id：取自“结算”应答中的settlement',
}

/** Header of a successful answer to a request with a key. */
export const REPLAYED = {
  'Idempotent-Replayed': {
    description: 'true表示这是同一键首次请求的应答，逐字节相同',
    schema: { type: 'string' as const },
  },
}

/** The key header with one value per example, under the same names. */
function keyOf(examples: Examples) {
  const keys = Object.entries(examples).map(
    ([name, { summary, key = '' }]) => [name, { summary, value: key }] as const,
  )
  return z.string().openapi({
    param: { name: 'Idempotency-Key', in: 'header', examples: Object.fromEntries(keys) },
    description:
      '本次请求的唯一键，重发时不变；键与内容相同时返回首次结果（首次仍在办理时等到有结果再返回），内容改变时须换新键。键属于定点医药机构，不属于调用方',
  })
}

/** The example bodies without their keys. */
function bodiesOf(examples: Examples) {
  const bodies = Object.entries(examples).map(
    ([name, { summary, value }]) => [name, { summary, value }] as const,
  )
  return Object.fromEntries(bodies)
}

/** OpenAPI links: which field of an answer fills the path of which operation. */
function linksOf(gives: NonNullable<Endpoint['gives']>) {
  const links = Object.entries(gives).map(([operationId, field]) => [
    operationId,
    { operationId, parameters: { [field]: `$response.body#/${field}` } },
  ])
  return Object.fromEntries(links)
}

const prefer = z
  .string()
  .optional()
  .openapi({
    param: { name: 'Prefer', in: 'header' },
    description:
      '调用方愿意等待的整秒数（RFC 7240），自请求到达起算；到时仍未发出的不再发出，返回budget-spent',
    example: 'wait=20',
  })

/** The endpoint in the document. */
export function routeOf(endpoint: Endpoint): RouteConfig {
  const { id, path, title, text, request, response, yes, keyed, examples, gives = {} } = endpoint
  const parameter = parameterOf(path)
  const params = parameter
    ? z.object({ [parameter]: pathId.openapi({ description: PARAMETERS[parameter] ?? '' }) })
    : undefined
  return createRoute({
    method: 'post',
    path,
    operationId: id,
    tags: [GROUPS[endpoint.group]],
    summary: title,
    description: text,
    security: [{ apiKey: [] }, { bearer: [] }, {}],
    request: {
      ...(params ? { params } : {}),
      headers: z.object({ ...(keyed ? { 'Idempotency-Key': keyOf(examples) } : {}), Prefer: prefer }),
      body: {
        required: true,
        content: { 'application/json': { schema: request, examples: bodiesOf(examples) } },
      },
    },
    responses: {
      [yes]: {
        description: '已办理',
        ...(keyed ? { headers: REPLAYED } : {}),
        content: { 'application/json': { schema: response } },
        links: linksOf(gives),
      },
      ...problemResponses(),
    },
  })
}
