/** Reports over HTTP: the settlement rate, and the import of stays settled outside the gateway. */
import type { KeyObject } from 'node:crypto'
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import type { Day, Instant } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Dialect } from '../extension/dialect.ts'
import type { Offload } from '../offload/offload.ts'
import { STAY_FILE_HEADER } from '../reports/import-row.ts'
import { readRateQuestion } from '../reports/question.ts'
import { REFUSED_LISTED_MAX } from '../reports/refusals.ts'
import { BASES, SCOPES } from '../reports/settlement-rate.ts'
import { stayNumbersOf } from '../reports/stay-numbers.ts'
import { streamBody } from './body.ts'
import { GROUPS } from './document-groups.ts'
import { addFigureRoutes } from './figures.ts'
import { offloaded } from './offloaded.ts'
import type { Door } from './roles.ts'

/** Dependencies of the routes. */
export interface ReportRoutesContext {
  readonly offload: Pick<Offload, 'answer'>
  isKnownArea(code: string): boolean
  /** Key for the pseudonyms of persons. */
  pseudonymKey(): KeyObject
  /** Our own dialect: its operations declare which messages make up a stay. */
  readonly dialect: Pick<Dialect, 'operations'>
  /** Today in Shanghai. */
  today(): Day
  /** Resolves when the tables contain everything answered so far. */
  indexed(): Promise<void>
  /** Milliseconds on a clock that only goes on. */
  elapsed(): number
  now(): Instant
}

const BODY_BYTES_MAX = 32 * 1024 * 1024

const text = (description: string, example: string) => z.string().optional().openapi({ description, example })

/** All parameters are optional here, so that missing ones are reported in the same words as on the command line. */
const RateQuery = z.object({
  area: text('参保地医保区划；市、省代码含其全部区划。必填', '621025'),
  from: text('出院日期起（含），YYYY-MM-DD或YYYY-MM。必填', '2025-01'),
  to: text('出院日期止（含），YYYY-MM-DD或YYYY-MM。必填', '2025-03'),
  asOf: text('统计时点：只计此日及以前发生的事件；默认今天', '2025-04-05'),
  scope: text(`范围 ${SCOPES.join('|')}：跨省、省内异地、全部异地；不填则逐一给出`, 'cross'),
  basis: text(`口径 ${BASES.join('|')}：全口径、窄口径；不填则逐一给出`, 'broad'),
})

const count = (description: string) => z.int().openapi({ description })
const percent = (description: string) => z.number().nullable().openapi({ description })
const figure = {
  asOf: z.string().openapi({ description: '统计时点' }),
  numerator: count('直接结算人次'),
  denominator: count('住院人次'),
  rate: percent('直接结算率（%），四舍五入两位；分母为零时为空'),
}

const Rate = z
  .object({
    indicator: z.enum(['CPR', 'IPR', 'OAR-all']).openapi({ description: '指标' }),
    area: z.string().openapi({ description: '参保地' }),
    period: z.object({ from: z.string(), to: z.string() }).openapi({ description: '出院日期起止' }),
    ...figure,
    status: z.enum(['interim', 'provisional', 'final']).openapi({ description: '期中、快报、终报' }),
    scope: z.enum(SCOPES).openapi({ description: '范围' }),
    basis: z.enum(BASES).openapi({ description: '口径' }),
    target: percent('目标（%），须超过'),
    reached: z.boolean().nullable().openapi({ description: '是否达到目标，按未舍入的比值' }),
    baseline2020: percent('2020年基数（%）'),
    components: z
      .object({
        direct: count('直接结算'),
        withdrawnOnly: count('直接结算后撤销'),
        selfPayUploaded: count('自费上传'),
        manual: count('手工报销'),
      })
      .openapi({ description: '构成，合计为全口径分母' }),
    persons: count('人数'),
    restatedFrom: z.object(figure).optional().openapi({ description: '快报数，与现值不同时给出' }),
  })
  .openapi('SettlementRate')

const Imported = z
  .object({
    accepted: count('新增行数'),
    duplicates: count('已有行数'),
    refused: z
      .array(z.object({ line: count('行号，表头为1'), reason: z.string() }))
      .openapi({ description: `拒收的行，只列前${REFUSED_LISTED_MAX}行` }),
    refusedTotal: count('拒收行数'),
  })
  .openapi('StayImport')

const rateRoute = (path: string) =>
  createRoute({
    method: 'get',
    path,
    tags: [GROUPS.reports],
    summary: '异地就医住院费用直接结算率',
    request: { query: RateQuery },
    responses: {
      200: {
        description: 'scope、basis均给出时为一个对象，否则为数组',
        content: { 'application/json': { schema: z.union([Rate, z.array(Rate)]) } },
      },
      400: { description: '统计条件不正确（application/problem+json）' },
    },
  })

/** A manually claimed stay; the person is a number of the sender's own. */
const RECORDS_EXAMPLE = `${STAY_FILE_HEADER}
S01,P1,621025,340104,H34010490001,2025-01-02,2025-01-10,M,2025-02-10
`

const recordsRoute = createRoute({
  method: 'post',
  path: '/v1/reports/records',
  tags: [GROUPS.reports],
  summary: '导入未经网关的住院记录（手工报销、自费上传、历史结算）',
  request: {
    body: {
      required: true,
      description: `UTF-8 CSV，首行 ${STAY_FILE_HEADER}`,
      content: {
        'text/csv': {
          schema: z.string(),
          examples: { stay: { summary: '一次手工报销的住院', value: RECORDS_EXAMPLE } },
        },
      },
    },
  },
  responses: {
    200: { description: '逐行结果', content: { 'application/json': { schema: Imported } } },
    400: { description: '不是可用的文件（application/problem+json）' },
    413: { description: '文件过大（application/problem+json）' },
  },
})

/** The routes of the reports. Paths are absolute, so mount at `/`. Errors are thrown for the app's `onError`. */
export function reportRoutes(context: ReportRoutesContext): OpenAPIHono<Door> {
  const app = new OpenAPIHono<Door>({
    defaultHook: (result) => {
      if (!result.success) throw fault('同一参数只能给出一次，format只能是json、csv或xlsx')
    },
  })
  const stays = stayNumbersOf(context.dialect.operations)
  for (const path of ['/v1/reports/settlement-rate', '/reports/settlement-rate']) {
    app.openapi(rateRoute(path), async (c) => {
      await context.indexed()
      const { isKnownArea, today } = context
      const question = readRateQuestion(c.req.valid('query'), { isKnownArea, today: today() })
      return offloaded(c, context.offload, 'settlement-rate', { ...question, stays })
    })
  }
  addFigureRoutes(app, context)
  app.openapi(recordsRoute, async (c) => {
    const type = c.req.header('content-type') ?? ''
    if (!/^text\/csv\s*(;|$)/i.test(type)) throw fault('内容类型须为text/csv')
    const question = { today: context.today(), pseudonymKey: context.pseudonymKey(), stays }
    const file = streamBody(c.env.incoming, BODY_BYTES_MAX, FILE_SAYS)
    return offloaded(c, context.offload, 'stays-import', question, { given: file })
  })
  return app
}

const FILE_SAYS = {
  tooLarge: () => new GatewayError('body-too-large', 'report', '文件超过32MB，没有写入任何内容，请分次导入'),
  broken: () =>
    new GatewayError('unreadable-body', 'report', '文件中途断开，没有写入任何内容，请重新导入同一文件'),
}

function fault(sentence: string): GatewayError {
  return new GatewayError('invalid-report', 'report', sentence)
}
