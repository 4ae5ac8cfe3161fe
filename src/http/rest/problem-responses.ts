/** Errors in the document: each status once, with an example of every problem that has it. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import { PROBLEMS, type ProblemCode } from '../../domain/problems.ts'
import { Problem } from './settlement-schemas.ts'

/** Problems that any request may have, by status. */
export const NOES: Readonly<Record<number, string>> = {
  400: '请求体不可读，或缺少Idempotency-Key',
  401: '调用方未登记',
  403: '机构、就诊或院内编码体系不属于调用方，或调用方角色无此权限',
  404: '没有找到',
  409: '等待时限内同一请求仍在办理（可能已办理，勿重复收费，稍后用原键重发），或该就诊有结果未知的结算',
  410: '该键的请求或该就诊的登记已归档，本次未向平台发送，请先查询状态',
  413: '请求体过大',
  415: '内容类型须为application/json',
  421: '请求所用的主机名不是本网关的名称',
  422: '字段、编码、金额有误，平台拒绝，或键已用于内容不同的请求',
  500: '网关内部错误，请先查询',
  503: '未发出，稍后可用原键重发',
  504: '结果未知，可能已办理，请先查询，勿重复收费',
}

/** Header of a 503. */
export const RETRY_AFTER = {
  'Retry-After': { description: '多少秒后可用原键重发', schema: { type: 'integer' as const } },
}

const LINK = {
  Link: {
    description: '到何处查询结果：</v1/status?key=…>; rel="status"',
    schema: { type: 'string' as const },
  },
}

/** Problems specific to codes, reports and operators, which no transaction has. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...['invalid-report', 'unknown-standard', 'before-first-edition', 'archive-failed', 'report-busy'],
  ...['cross-site', 'method-not-allowed', 'unknown-transaction'],
])

/** Details for examples, instead of the wording in the table. */
const DETAILS: Partial<Record<ProblemCode, object>> = {
  'invalid-field': {
    detail: 'data.psn_no（人员编号）不能为空',
    fields: [{ field: 'data.psn_no', text: '人员编号不能为空' }],
  },
  'fund-refused': { detail: '平台拒绝：未查询到备案信息', stage: 'dispatch', reason: 'E101' },
  'outcome-unknown': { detail: '平台未应答，可能已办理：勿重复收费，请用原键查询状态', stage: 'dispatch' },
}

const codesOf = (status: string) =>
  (Object.keys(PROBLEMS) as ProblemCode[]).filter(
    (code) => String(PROBLEMS[code].status) === status && !ELSEWHERE.has(code),
  )

/** The problem as a caller gets it. */
function exampleOf(code: ProblemCode) {
  const { status, title, zh, retry, reason } = PROBLEMS[code]
  const said = { type: `/problems/${code}`, title, status, detail: zh, instance: '20261201093000000001' }
  return { summary: zh, value: { ...said, stage: 'receive', retry, reason, ...DETAILS[code] } }
}

/** Registers them as components of a document, referenced by `problemResponses`. */
export function registerProblems(registry: OpenAPIHono['openAPIRegistry']): void {
  registry.register('Problem', Problem)
  const schema = { $ref: '#/components/schemas/Problem' }
  for (const [status, description] of Object.entries(NOES)) {
    const codes = codesOf(status)
    const examples = Object.fromEntries(codes.map((code) => [code, exampleOf(code)]))
    registry.registerComponent('responses', `Problem${status}`, {
      description: `${description}。类型：${codes.join('、')}`,
      content: { 'application/problem+json': { schema, examples } },
      ...(status === '503' && { headers: RETRY_AFTER }),
      ...(status === '504' && { headers: LINK }),
    })
  }
}

/** The responses of a problem, by status. */
export function problemResponses(statuses: readonly number[] = Object.keys(NOES).map(Number)) {
  return Object.fromEntries(
    statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
  )
}
