/** The mapping-quality report over HTTP: how well the codes of institutions are mapped to the national standards (贯标). */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Day } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Offload } from '../offload/offload.ts'
import { boundTo, maySee } from '../pipeline/callers.ts'
import { readMappingQualityQuestion } from '../reports/mapping-quality/question.ts'
import { GROUPS } from './document-groups.ts'
import { offloaded } from './offloaded.ts'
import { callerOf, type Door } from './roles.ts'

/** Dependencies of the route. */
export interface MappingQualityRoutesContext {
  readonly offload: Pick<Offload, 'answer'>
  /** Today in Shanghai. */
  today(): Day
  /** Resolves when the tables contain everything answered so far. */
  indexed(): Promise<void>
}

const text = (description: string, example: string) => z.string().optional().openapi({ description, example })

const Query = z.object({
  institution: text('定点医药机构编码；不填则为期内交易日志中的全部机构', 'H62010290001'),
  from: text('报文日期起（含）；默认截止日及之前29天', '2025-06-01'),
  to: text('报文日期止（含）；默认今天', '2025-06-30'),
  limit: text('每个机构待对码清单的行数，默认50', '50'),
  format: z.enum(['json', 'csv']).optional().openapi({ description: 'csv只含待对码清单' }),
})

const count = (description: string) => z.int().openapi({ description })
const Share = z.object({
  judged: count('判断过的编码，重发再次计入'),
  refused: count('拒收'),
  converted: count('已转换'),
  percent: z.number().nullable().openapi({ description: '转换率（%）' }),
})
const Report = z
  .object({
    from: z.string(),
    to: z.string(),
    asOf: z.string().openapi({ description: '按哪一天的编码判断' }),
    institutions: z
      .array(
        z.object({
          institution: z.string(),
          name: z.string(),
          coverage: z
            .array(
              z.object({
                system: z.string(),
                standard: z.string(),
                edition: z.string().nullable().openapi({ description: '对照表版本；没有对照表时为空' }),
                mapped: count('已对码'),
                decidedNone: count('确定无对应'),
                open: count('待对码'),
              }),
            )
            .readonly(),
          lines: Share,
          diagnoses: Share,
          open: count('待对码个数'),
          openFen: count('待对码涉及金额（分）'),
          solved: count('期内拒收、现已可用'),
          worklist: z
            .array(
              z.object({
                standard: z.string(),
                system: z.string(),
                code: z.string(),
                name: z.string(),
                reason: z.string(),
                times: count('拒收报文数'),
                places: count('涉及明细数或就诊数'),
                fen: count('涉及金额（分）'),
                last: z.string().nullable(),
                candidates: z.array(z.object({ code: z.string(), name: z.string() })).readonly(),
              }),
            )
            .readonly(),
          further: z
            .array(
              z.object({
                standard: z.string(),
                field: z.string(),
                reason: z.string(),
                code: z.string().openapi({ description: '可能指向个人的编码不显示' }),
                times: count('报文数'),
                last: z.string(),
              }),
            )
            .readonly()
            .openapi({ description: '不对码（手术操作、中医、病种、医师等）、但不符合国家编码标准的编码' }),
        }),
      )
      .readonly(),
  })
  .openapi('MappingQuality')

const PATH = '/v1/reports/mapping-quality'
/** Its former path, still used by programs. */
const FORMER_PATH = '/v1/reports/conformance'

const routeAt = (path: string, deprecated: boolean) =>
  createRoute({
    method: 'get',
    path,
    deprecated,
    tags: [GROUPS.reports],
    summary: '贯标报告：对码覆盖、转换率、待对码清单',
    request: { query: Query },
    responses: {
      200: {
        description: '按机构；format=csv时为待对码清单',
        content: { 'application/json': { schema: Report }, 'text/csv': { schema: z.string() } },
      },
      400: { description: '统计条件不正确（application/problem+json）' },
    },
  })

/** The routes of the report. Paths are absolute, so mount at `/`. Errors are thrown for the app's `onError`. */
export function mappingQualityRoutes(context: MappingQualityRoutesContext): OpenAPIHono<Door> {
  const { offload, today, indexed } = context
  const app = new OpenAPIHono<Door>({
    defaultHook: (result) => {
      if (result.success) return
      throw new GatewayError('invalid-report', 'report', '同一参数只能给出一次，format只能是json或csv')
    },
  })
  for (const route of [routeAt(PATH, false), routeAt(FORMER_PATH, true)])
    app.openapi(route, async (c) => {
      const { format, ...raw } = c.req.valid('query')
      const question = readMappingQualityQuestion(raw, today())
      const caller = callerOf(c)
      if (question.institution !== null && !maySee(caller, question.institution)) {
        throw new GatewayError('foreign-institution', 'report', '该定点医药机构不属于调用方')
      }
      await indexed()
      const asked = { ...question, among: boundTo(caller), csv: format === 'csv' }
      return offloaded(c, offload, 'mapping-quality', asked)
    })
  return app
}
