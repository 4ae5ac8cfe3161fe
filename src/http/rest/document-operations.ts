/** The operators' door as the document describes it. */
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'

const PATHS = [
  { path: '/health', summary: '进程是否存活', text: '存活' },
  { path: '/ready', summary: '是否就绪；未就绪为503', text: '就绪' },
  { path: '/v1/open-cases', summary: '结果未明的请求：已多久、下一步、由谁处理', text: '未明清单' },
  {
    path: '/v1/destinations',
    summary: '各目的地：熔断、自何时、并发上限、在途、等候、通常用时、最近一次探询',
    text: '目的地',
  },
  { path: '/metrics', summary: 'Prometheus指标（文本格式）：各段用时、各目的地状态', text: '指标' },
  { path: '/v1/tally', summary: '结算与撤销报文的合计：受理、已结、未明、已冲正', text: '合计' },
  { path: '/problems', summary: '出错类型一览', text: '一览' },
] as const

/** The routes of `src/http/operations.ts`. */
export const operationsDescribed: readonly RouteConfig[] = PATHS.map(({ path, summary, text }) =>
  createRoute({
    method: 'get',
    path,
    tags: ['运行'],
    summary,
    responses: { 200: { description: text, content: { 'application/json': { schema: z.unknown() } } } },
  }),
)
