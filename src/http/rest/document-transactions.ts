/** The transactions of the catalogue in the OpenAPI document: one operation each, generated from its rows. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Catalogue } from '../../extension/catalogue.ts'
import { sampleInput } from '../../extension/catalogue-samples.ts'
import type { Dialect } from '../../extension/dialect.ts'
import { type Addressed, addressed, restLaneOf } from './addresses.ts'
import { REPLAYED } from './endpoint.ts'
import { problemResponses } from './problem-responses.ts'
import { nodesSchema } from './transaction-schema.ts'
import { restTransactionText } from './transaction-text.ts'
import { isKeyed, TransactionHead } from './transactions.ts'

type Registry = OpenAPIHono['openAPIRegistry']

/** The tag of a lane: `REST：进销存与追溯码`. */
const tagOf = (catalogue: Catalogue, path: string) => `REST：${catalogue.rest().lanes[restLaneOf(path)]}`

/** The hospital and the pharmacy of the examples, in a province whose specification adds required fields. */
const INSTITUTION = 'H43090290001'
const PHARMACY = 'P43090390001'
const PROVINCE = '43'

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` })

/** Registers shared components once. */
function registerCommon(registry: Registry): void {
  registry.register('TransactionHead', TransactionHead)
  registry.registerComponent('parameters', 'IdempotencyKey', {
    ...{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } },
    example: 'example-transaction',
    description:
      '本次请求的唯一键，重发时不变；键与内容相同时返回首次结果，内容改变时须换新键。键属于定点医药机构',
  })
  registry.registerComponent('parameters', 'Prefer', {
    ...{ name: 'Prefer', in: 'header', schema: { type: 'string' }, example: 'wait=20' },
    description: '调用方愿意等待的整秒数（RFC 7240）；到时仍未发出的不再发出，返回budget-spent',
  })
  registry.registerComponent('schemas', 'RefusedRows', {
    type: 'object',
    description: '清单部分受理时，平台未受理的行；其余各行已办理。全部受理则不出现',
    properties: {
      sent: { type: 'integer', description: '报送行数' },
      rows: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            row: { type: ['integer', 'null'], description: '行号，从1起；应答未指明的为空' },
            text: { type: 'string', description: '平台给出的原因' },
          },
        },
      },
    },
  })
}

const ANSWER = {
  messageId: { type: 'string', description: '发送方报文ID msgid' },
  encounter: { type: 'string', description: '就诊ID mdtrt_id；与就诊无关的不出现' },
  warning: { type: 'string', description: '平台随成功应答给出的警告 warn_msg；没有则不出现' },
} as const

/** Values for an example body: its sender, an existing diagnosis, a total equal to the sum of its parts. */
const VALUES = {
  ...{ diag_code: 'I10.x00x002', diag_name: '高血压' },
  ...{ dscg_maindiag_code: 'I10.x00x002', dscg_maindiag_name: '高血压' },
  medfee_sumamt: 6,
}

/** An example body: the required fields. */
function exampleOf(catalogue: Catalogue, number: string) {
  const institution = catalogue.heads.get(number)?.lane === 'pharmacy' ? PHARMACY : INSTITUTION
  const values = { ...VALUES, fixmedins_code: institution, orgCodg: institution }
  return { institution, ...sampleInput(catalogue, number, { province: PROVINCE, values }) }
}

function operationOf(catalogue: Catalogue, { operation, path }: Addressed) {
  const { transaction: number, name, title } = operation
  const head = catalogue.heads.get(number)!
  const { input, output } = catalogue.nodes(number, '')
  const isChange = isKeyed(operation)
  const rows = head.results?.some((form) => form.rows)
  return {
    operationId: name,
    tags: [tagOf(catalogue, path)],
    summary: title,
    description: restTransactionText(catalogue, head),
    security: [{ apiKey: [] }, { bearer: [] }, {}],
    parameters: [...(isChange ? [ref('parameters', 'IdempotencyKey')] : []), ref('parameters', 'Prefer')],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { allOf: [ref('schemas', 'TransactionHead'), nodesSchema(catalogue, input, true)] },
          examples: { sample: { summary: title, value: exampleOf(catalogue, number) } },
        },
      },
    },
    responses: {
      200: {
        description: isChange ? '已办理' : '查询结果',
        ...(isChange && { headers: REPLAYED }),
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['messageId', 'output'],
              properties: {
                ...ANSWER,
                ...(rows && { refusedRows: ref('schemas', 'RefusedRows') }),
                output:
                  output.length > 0
                    ? nodesSchema(catalogue, output, false)
                    : { description: '平台只确认，没有内容' },
              },
            },
          },
        },
      },
      ...problemResponses(),
    },
  }
}

/** Their part of the document. */
export interface DescribedTransactions {
  readonly paths: Readonly<Record<string, { readonly post: ReturnType<typeof operationOf> }>>
  readonly tags: readonly { readonly name: string; readonly description: string }[]
}

/** Describes them and registers their shared components. */
export function describeTransactions(registry: Registry, dialect: Dialect): DescribedTransactions {
  const { catalogue } = dialect
  if (!catalogue) return { paths: {}, tags: [] }
  registerCommon(registry)
  const own = addressed(dialect)
  const paths = Object.fromEntries(own.map((one) => [one.path, { post: operationOf(catalogue, one) }]))
  const byTag = Map.groupBy(own, ({ path }) => tagOf(catalogue, path))
  const tags = [...byTag].map(([name, ones]) => ({
    name,
    description: `国家接口${ones.map(({ operation }) => operation.transaction).join('、')}。字段用国家接口的名称，请求头部与医院REST相同。`,
    // Two hundred addresses: lanes are collapsed until opened.
    'x-tag-expanded': false,
  }))
  return { paths, tags }
}
