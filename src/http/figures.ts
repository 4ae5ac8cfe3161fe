/** The figures over HTTP: rates, reasons, flows, further measures, and the way down to a stay and its messages; each also as CSV and XLSX. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { ROLES } from '../pipeline/callers.ts'
import { readFiguresQuestion, readStayMessagesQuestion } from '../reports/figures/question.ts'
import { CATEGORY_NAMES } from '../reports/figures/reasons.ts'
import { SHEET_FORMATS, type SheetFormat, type SheetWanted, XLSX } from '../reports/figures/sheet-format.ts'
import type { SheetName } from '../reports/figures/sheets.ts'
import { BASES, SCOPES } from '../reports/settlement-rate.ts'
import { stayNumbersOf } from '../reports/stay-numbers.ts'
import { LISTED_STATES } from '../store/queries/figures/pages.ts'
import { GROUPINGS, VIEWS } from '../store/queries/figures/sums.ts'
import { GROUPS } from './document-groups.ts'
import { offloaded } from './offloaded.ts'
import type { ReportRoutesContext } from './reports.ts'
import type { Door } from './roles.ts'

const text = (description: string, example?: string) =>
  z.string().optional().openapi({ description, example })
const FORMAT = z.enum(SHEET_FORMATS).optional().openapi({
  description: 'csv为UTF-8（带BOM）的同一张表；xlsx为Excel工作簿：第一张为查询条件，第二张为同一张表',
})

const PAGED = {
  after: text('上一页答复中的next；不填为第一页'),
  limit: text('每页行数，默认50，最多500', '50'),
}

const Query = z.object({
  area: text('医保区划；市、省代码含其全部区划；不填为全部', '621025'),
  view: text(`${VIEWS.join('|')}：参保地在该区划（默认）、就医地在该区划`, 'outbound'),
  from: text('出院日期起（含），YYYY-MM-DD或YYYY-MM。必填', '2025-01'),
  to: text('出院日期止（含），YYYY-MM-DD或YYYY-MM。必填', '2025-03'),
  asOf: text('统计时点：只计此日及以前发生的事件；默认今天', '2025-04-05'),
  institution: text('只计该定点医药机构', 'H34010490001'),
  format: FORMAT,
})
const SCOPED = { scope: text(`范围 ${SCOPES.join('|')}，默认all`, 'cross') }

const count = (description: string) => z.int().openapi({ description })
const percent = (description: string) => z.number().nullable().openapi({ description })
const whose = {
  area: z.string().nullable(),
  view: z.enum(VIEWS),
  period: z.object({ from: z.string(), to: z.string() }),
  asOf: z.string(),
  status: z.enum(['interim', 'provisional', 'final']).openapi({ description: '期中、快报、终报' }),
  institution: z.string().nullable(),
}
const then = z
  .object({ asOf: z.string(), numerator: count('分子'), denominator: count('分母'), rate: percent('%') })
  .nullable()
const category = z.enum(CATEGORY_NAMES)
const words = { zh: z.string(), en: z.string() }
const reason = { category, code: z.string(), hop: z.string().openapi({ description: '发现处' }), ...words }

const Rates = z
  .object({
    ...whose,
    by: z.enum(GROUPINGS),
    rows: z.array(
      z.object({
        key: z.string().openapi({ description: '区划、月份或机构；by=none时为空' }),
        indicators: z.array(
          z.object({
            indicator: z.enum(['CPR', 'IPR', 'OAR-all', 'OAR-cross']),
            scope: z.enum(SCOPES),
            basis: z.enum(BASES),
            numerator: count('直接结算人次'),
            denominator: count('住院人次'),
            rate: percent('直接结算率（%）'),
            gap: count('分母减分子'),
            reasons: z.record(category, z.int()).openapi({ description: '差额按类别，合计恒等于gap' }),
            components: z.record(z.string(), z.int()).openapi({ description: '构成，合计为全口径分母' }),
            target: percent('目标（%），须超过'),
            targetYear: z.int().nullable(),
            reached: z.boolean().nullable().openapi({ description: '按未舍入的比值' }),
            baseline2020: percent('2020年基数（%）'),
            provisional: then.openapi({ description: '快报数' }),
            final: then.openapi({ description: '终报数' }),
            restated: z.boolean().openapi({ description: '与快报数不同' }),
          }),
        ),
      }),
    ),
  })
  .openapi('Rates')
const Reasons = z
  .object({
    ...whose,
    scope: z.enum(SCOPES),
    gap: z.object({ broad: count('全口径差额'), narrow: count('窄口径差额') }),
    categories: z.array(z.object({ category, ...words, broad: z.int(), narrow: z.int() })),
    details: z.array(z.object({ ...reason, broad: z.int(), narrow: z.int() })),
    attempts: z
      .object({ total: z.int(), details: z.array(z.object({ ...reason, n: z.int() })) })
      .openapi({ description: '被拒的入院登记，尚无对应住院：不在分母内，列在旁边；住院一经知晓即进入分母' }),
  })
  .openapi('MissReasons')
const Flows = z
  .object({
    ...whose,
    level: z.enum(['province', 'city']),
    flows: z.array(
      z.object({
        insured: z.string(),
        treatment: z.string(),
        stays: z.int(),
        direct: z.int(),
        rate: percent('%'),
      }),
    ),
  })
  .openapi('Flows')
const open = z.looseObject({})
const Measures = z
  .object({
    ...whose,
    persons: count('住院人数'),
    lanes: z
      .array(open)
      .openapi({ description: '按业务：结算请求、成功率、技术与业务失败率、冲正率、撤销率、费用' }),
    visits: z
      .array(open)
      .openapi({ description: '按业务：就诊数、至少成功一次的就诊数、有成功结算的机构数' }),
    failures: z.array(open).openapi({ description: '失败分布：原因代码、发现处、笔数' }),
    times: z.array(open).openapi({ description: '各交易各环节的平均与95%响应时间（毫秒），不分区划' }),
    stays: open.openapi({ description: '住院：备案率、次均费用、基金支付' }),
  })
  .openapi('Measures')
const Stays = z
  .object({ ...whose, scope: z.enum(SCOPES), stays: z.array(open), next: z.string().nullable() })
  .openapi('ReportedStays')
const Messages = z
  .object({ institution: z.string(), stay: z.string(), messages: z.array(open), next: z.string().nullable() })
  .openapi('StayMessages')

const route = (name: string, summary: string, query: z.ZodObject, schema: z.ZodType) =>
  createRoute({
    method: 'get',
    path: `/v1/reports/${name}`,
    tags: [GROUPS.reports],
    summary,
    request: { query },
    responses: {
      200: {
        description: 'format=csv、xlsx时为同一张表',
        content: {
          ...{ 'application/json': { schema }, 'text/csv': { schema: z.string() } },
          [XLSX]: { schema: z.string().openapi({ format: 'binary' }) },
        },
      },
      400: { description: '统计条件不正确（application/problem+json）' },
    },
  })

const LIST = Query.extend({
  ...{ ...SCOPED, ...PAGED },
  state: text(`${LISTED_STATES.join('|')}；missed为全部未直接结算`, 'missed'),
  category: text(`原因类别 ${CATEGORY_NAMES.join('|')}`, 'filing'),
})
const ROUTES: readonly (readonly [SheetName, ReturnType<typeof route>])[] = [
  [
    'rates',
    route(
      'rates',
      '直接结算率：各指标、各口径，按区划、月份或机构',
      Query.extend({ by: text(GROUPINGS.join('|'), 'county') }),
      Rates,
    ),
  ],
  ['reasons', route('reasons', '未直接结算的原因', Query.extend(SCOPED), Reasons)],
  ['flows', route('flows', '流向：参保地与就医地', Query, Flows)],
  [
    'measures',
    route('measures', '成功率、失败、响应时间、冲正与撤销、备案与费用', Query.extend(SCOPED), Measures),
  ],
  ['stays', route('stays', '住院清单', LIST, Stays)],
]
const messagesRoute = route(
  'stay-messages',
  '一次住院的全部报文',
  z.object({
    institution: text('定点医药机构编码。必填', 'H34010490001'),
    stay: text('住院（就诊ID）。必填', 'S01'),
    insured: text('参保地医保区划。必填', '621025'),
    ...PAGED,
    format: FORMAT,
  }),
  Messages,
)

/** Adds the routes to those of the reports. */
export function addFigureRoutes(app: OpenAPIHono<Door>, context: ReportRoutesContext): void {
  const stays = stayNumbersOf(context.dialect.operations)
  const { elapsed, now } = context
  const wantedOf = (c: Context<Door>, format = 'json'): SheetWanted => {
    const role = c.get('caller')?.role
    return { format: format as SheetFormat, role: role ? ROLES[role] : '未设调用方名单', at: now() }
  }
  /** How long the question has taken, for whoever looks at the page. */
  const timed = async (answer: Promise<Response>, since: number) => {
    const response = await answer
    response.headers.set('server-timing', `figures;dur=${(elapsed() - since).toFixed(1)}`)
    return response
  }
  for (const [sheet, described] of ROUTES) {
    app.openapi(described, async (c) => {
      const since = elapsed()
      const { format, ...raw } = c.req.valid('query') as Record<string, string | undefined>
      const { isKnownArea, today } = context
      const asked = readFiguresQuestion(raw, { isKnownArea, today: today() })
      await context.indexed()
      return timed(
        offloaded(c, context.offload, 'figures', { sheet, asked, wanted: wantedOf(c, format), stays }),
        since,
      )
    })
  }
  app.openapi(messagesRoute, async (c) => {
    const since = elapsed()
    const { format, ...raw } = c.req.valid('query') as Record<string, string | undefined>
    const asked = readStayMessagesQuestion(raw)
    await context.indexed()
    return timed(
      offloaded(c, context.offload, 'stay-messages', { asked, wanted: wantedOf(c, format), stays }),
      since,
    )
  })
}
