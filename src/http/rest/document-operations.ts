/** The operators' endpoint in the OpenAPI document. */
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import { GROUPS } from '../document-groups.ts'
import { onboardingFilter, onboardingStep } from '../onboarding.ts'
import { ARCHIVE_LIMITS } from '../operations.ts'
import { problemResponses } from './problem-responses.ts'

const PATHS = [
  { path: '/health', summary: '进程是否存活', text: '存活' },
  { path: '/ready', summary: '是否就绪；未就绪为503', text: '就绪' },
  {
    path: '/v1/destinations',
    summary: '各目的地：熔断状态与起始时间、并发上限、处理中、排队、通常耗时、最近一次探测',
    text: '目的地',
  },
  { path: '/metrics', summary: 'Prometheus指标（文本格式）：各环节耗时、各目的地状态', text: '指标' },
  { path: '/v1/tally', summary: '结算与撤销报文的合计：受理、已结、结果未知、已冲正', text: '合计' },
  { path: '/problems', summary: '错误类型一览', text: '一览' },
] as const

const JSON_ANSWER = { 'application/json': { schema: z.unknown() } }

const OPEN_CASES = createRoute({
  method: 'get',
  path: '/v1/open-cases',
  tags: [GROUPS.operations],
  summary: '结果未知的交易：总数，及其中一页：已持续多久、下一步、由谁处理',
  request: {
    query: z.object({
      limit: z.string().optional().openapi({ description: '一页的件数，1至1,000，默认100', example: '100' }),
      after: z.string().optional().openapi({ description: '上一页给出的next' }),
    }),
  },
  responses: {
    200: { description: '结果未知的交易', content: JSON_ANSWER },
    ...problemResponses([401, 422, 503]),
  },
})

const OPENINGS = createRoute({
  method: 'get',
  path: '/v1/onboarding',
  tags: [GROUPS.operations],
  summary: '各机构异地直接结算的开通状态与全部步骤，及各状态的机构数',
  request: { query: onboardingFilter },
  responses: {
    200: { description: '机构数与开通状态', content: JSON_ANSWER },
    ...problemResponses([401, 422]),
  },
})

/** Requests that change something, each with an example that changes nothing. */
const CHANGES = [
  createRoute({
    method: 'put',
    path: '/v1/recovery',
    tags: [GROUPS.operations],
    summary: '暂停或恢复对结果未知请求的查询',
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: z.object({ paused: z.boolean() }),
            examples: { resume: { summary: '恢复查询', value: { paused: false } } },
          },
        },
      },
    },
    responses: {
      200: { description: '当前是否暂停', content: JSON_ANSWER },
      ...problemResponses([401, 422]),
    },
  }),
  createRoute({
    method: 'post',
    path: '/v1/archive',
    tags: [GROUPS.operations],
    summary: '归档满若干天的交易日志',
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: z.object({ olderThanDays: z.int().min(ARCHIVE_LIMITS.youngestDays) }),
            examples: { years: { summary: '满十年的', value: { olderThanDays: 3650 } } },
          },
        },
      },
    },
    responses: {
      200: { description: '归档结果', content: JSON_ANSWER },
      ...problemResponses([401, 422, 503]),
    },
  }),
  createRoute({
    method: 'post',
    path: '/v1/onboarding',
    tags: [GROUPS.operations],
    summary: '办理开通的一步：申请、完成系统改造、通过测试、开通、暂停；经办人为调用方',
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: onboardingStep,
            examples: {
              change: {
                summary: '已申请的机构完成系统改造',
                value: {
                  ...{ institution: 'H43092190002', lane: 'outpatient', reach: 'cross', population: 'all' },
                  ...{ state: 'changed', reason: '接口改造完成' },
                },
              },
            },
          },
        },
      },
    },
    responses: {
      200: { description: '变更后的开通状态与全部步骤', content: JSON_ANSWER },
      ...problemResponses([401, 422]),
    },
  }),
  createRoute({
    method: 'post',
    path: '/platform/notices',
    tags: [GROUPS.operations],
    summary: '平台发来的通知（医保结算结果通知、医保订单信息同步）：按平台报文，只促使网关立即查询该订单',
    request: { body: { required: true, content: { 'application/json': { schema: z.unknown() } } } },
    responses: {
      200: { description: '平台报文格式的应答，infcode为0是已收到', content: JSON_ANSWER },
      ...problemResponses([401]),
    },
  }),
  createRoute({
    method: 'get',
    path: '/problems/{code}',
    tags: [GROUPS.operations],
    summary: '一种错误类型',
    request: { params: z.object({ code: z.string().openapi({ example: 'outcome-unknown' }) }) },
    responses: { 200: { description: '该类型', content: JSON_ANSWER }, 404: { description: '没有该类型' } },
  }),
]

const QUESTIONS: readonly RouteConfig[] = PATHS.map(({ path, summary, text }) =>
  createRoute({
    method: 'get',
    path,
    tags: [GROUPS.operations],
    summary,
    responses: { 200: { description: text, content: { 'application/json': { schema: z.unknown() } } } },
  }),
)

/** The routes of `src/http/operations.ts`. */
export const operationsDescribed: readonly RouteConfig[] = [OPEN_CASES, OPENINGS, ...QUESTIONS, ...CHANGES]
