/** `GET /v1/codes/{standard}/changes`: difference of two editions, for institutions that keep a copy of a table. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { CHANGES } from '../codes/changes.ts'
import { CHANGES_LIMIT } from '../codes/changes-page.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Offload } from '../offload/offload.ts'
import { GROUPS } from './document-groups.ts'

/** Dependencies of the route. */
export interface CodesChangesContext {
  readonly offload: Pick<Offload, 'answer'>
}

const Row = z
  .object({
    code: z.string(),
    name: z.string(),
    from: z.string().optional().openapi({ description: '可用起（含）' }),
    until: z.string().optional().openapi({ description: '停用日（不含）' }),
    grey: z.boolean().optional().openapi({ description: '灰码' }),
    fallBack: z.boolean().optional().openapi({ description: '残余类目' }),
    heading: z.boolean().optional().openapi({ description: '类目，不能用于结算' }),
    replacedBy: z.string().optional().openapi({ description: '替代编码' }),
    attributes: z.record(z.string(), z.string()).readonly().optional(),
  })
  .openapi('CodeRow')

const Edition = z.object({ version: z.string(), from: z.string(), published: z.string().optional() })

const Page = z
  .object({
    standard: z.string(),
    from: Edition,
    to: Edition,
    changes: z
      .array(
        z.object({
          code: z.string(),
          change: z.array(z.enum(CHANGES)).readonly(),
          before: Row.nullable().openapi({ description: '原行；新增时为空' }),
          after: Row.nullable().openapi({ description: '新行；停用时为空' }),
        }),
      )
      .readonly(),
    next: z.string().nullable().openapi({ description: '下一页的after；为空表示没有下一页' }),
  })
  .openapi('CodeChanges')

const route = createRoute({
  method: 'get',
  path: '/v1/codes/{standard}/changes',
  tags: [GROUPS.codes],
  summary: '编码标准两个版本之间的增量下载',
  request: {
    params: z.object({ standard: z.string().openapi({ description: '编码标准', example: 'diagnosis' }) }),
    query: z.object({
      from: z.string().optional().openapi({ description: '已有的版本。必填', example: '2.0' }),
      to: z.string().optional().openapi({ description: '要更新到的版本；默认最新的已发布版本' }),
      after: z.string().optional().openapi({ description: '上一页的next' }),
      limit: z
        .string()
        .optional()
        .openapi({ description: `每页行数，默认${CHANGES_LIMIT.usual}` }),
    }),
  },
  responses: {
    200: {
      description: '新增、停用、改名、替代和其他变更的行，按编码排序；带ETag',
      content: { 'application/json': { schema: Page } },
    },
    304: { description: '与If-None-Match相同' },
    400: { description: '参数不正确（application/problem+json）' },
    404: { description: '没有该标准或版本（application/problem+json）' },
  },
})

/** The route. Paths are absolute, so mount at `/`. Errors are thrown for the app's `onError`. */
export function codesChangesRoutes({ offload }: CodesChangesContext): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) throw new GatewayError('invalid-report', 'report', '同一参数只能给出一次')
    },
  })
  app.openapi(route, async (c) => {
    const question = { ...c.req.valid('param'), ...c.req.valid('query') }
    const { type, body, tag = '' } = await offload.answer('code-changes', question, c.req.raw.signal)
    c.header('etag', tag)
    const known = c.req.header('if-none-match') ?? ''
    if (known.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)) return c.body(null, 304)
    return c.body(body, 200, { 'content-type': type })
  })
  return app
}
