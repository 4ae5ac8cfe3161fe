/** Schemas of the routes about codes. They validate requests and appear in the OpenAPI document. */
import { z } from '@hono/zod-openapi'
import { dayField } from './question.ts'

/** Maximum codes in one request: some milliseconds of work, so that no bill waits behind it. */
export const CODES_MAX = 1000
/** The maximum with candidates: each costs as much as a hundred translations. */
export const CODES_WITH_CANDIDATES_MAX = 50

const CODE_CHARACTERS_MAX = 255
const NAME_CHARACTERS_MAX = 500
const SYSTEM_CHARACTERS_MAX = 100

const told = (description: string, example?: string) =>
  z.string().openapi({ description, ...(example && { example }) })
const code = z.string().min(1).max(CODE_CHARACTERS_MAX)

/** Path parameters of one code. */
export const CodePath = z.object({
  standard: z.string().openapi({ description: '编码标准，如diagnosis、drug', example: 'diagnosis' }),
  code: code.openapi({ description: '国家编码；含斜杠时须转义为%2F', example: 'I10.x00x002' }),
})

/** Query parameters of one code. */
export const CodeQuery = z.strictObject({
  day: dayField.optional().openapi({
    type: 'string',
    description: '费用日期YYYY-MM-DD；不填为今天（北京时间）',
    example: '2025-06-01',
  }),
})

const Edition = z
  .object({
    version: told('版本'),
    from: told('启用日期'),
    dataAsOf: z.string().optional().openapi({ description: '数据截至' }),
    published: z.string().optional().openapi({ description: '发布日期' }),
    source: z.object({
      text: told('来源'),
      grade: z.enum(['F', 'K', 'A', 'not verified']).openapi({
        description: 'F已核对原文；K公认、未核对原文；A假定；not verified未核实',
      }),
    }),
  })
  .openapi('CodeEdition')

/** One national code on a day. */
export const CodeAnswer = z
  .object({
    standard: told('编码标准'),
    code: told('编码，按国家编码表的写法'),
    name: z.string().nullable().openapi({ description: '名称' }),
    day: told('查询日期'),
    edition: Edition.openapi({ description: '当日生效的版本' }),
    state: z.enum(['active', 'grey', 'heading', 'retired', 'not-yet-valid']).openapi({
      description: 'active可用；grey灰码；heading类目；retired已停用；not-yet-valid尚未启用',
    }),
    text: z.string().nullable().openapi({ description: '不可用时的中文说明' }),
    from: z.string().nullable().openapi({ description: '该行启用日期；空为随版本' }),
    until: z.string().nullable().openapi({ description: '该行停用日期（不含当日）' }),
    since: z.string().nullable().openapi({ description: '停用或将启用的日期' }),
    fallBack: z.boolean().openapi({ description: '其他、未特指一类的编码' }),
    replacedBy: z.string().nullable().openapi({ description: '替代编码，只供人选用' }),
    attributes: z.record(z.string(), z.string()).openapi({ description: '编码表的其他列' }),
  })
  .openapi('CodeAnswer')

/** A batch of codes. */
export const TranslateRequest = z
  .strictObject({
    standard: z
      .string()
      .min(1)
      .openapi({ description: '编码标准，或item（收费项目）', example: 'diagnosis' }),
    system: z.string().min(1).max(SYSTEM_CHARACTERS_MAX).openapi({
      description: '院内编码体系；national为国家编码本身',
      example: 'H62010290001-diagnosis',
    }),
    day: dayField.optional().openapi({
      type: 'string',
      description: '费用日期；不填为今天（北京时间）',
      example: '2026-06-01',
    }),
    reverse: z.boolean().default(false).openapi({ description: '由国家编码查全部院内编码' }),
    candidates: z
      .boolean()
      .default(false)
      .openapi({
        description: `无结果的编码附最相近的国家编码；此时至多${CODES_WITH_CANDIDATES_MAX}个编码`,
      }),
    codes: z
      .array(z.union([code, z.strictObject({ code, name: z.string().max(NAME_CHARACTERS_MAX).optional() })]))
      .min(1)
      .max(CODES_MAX)
      .openapi({ description: '编码，或编码与名称', example: ['I10.x01', 'I50.950'] }),
  })
  .openapi('TranslateRequest')

const relation = z.enum(['equivalent', 'narrower', 'broader', 'related']).openapi({
  description: '院内编码相对国家编码：等同、窄于、宽于、相关',
})

const Target = z
  .object({
    code: told('编码'),
    name: told('名称'),
    relation,
    together: z.boolean().openapi({ description: 'true须与同组其他目标同时使用；false为可选之一' }),
    group: z.int().optional().openapi({ description: '组号，各组互为备选' }),
    priority: z.int().optional().openapi({ description: '组内次序，1为先' }),
    edition: told('国家编码表的版本；反查时为对照表的版本'),
    provenance: z.string().optional().openapi({ description: '该行的依据' }),
  })
  .openapi('CodeTarget')

const Unusable = z.object({
  code: z.string(),
  relation,
  reason: z.string(),
  name: z.string().optional(),
  since: z.string().optional(),
  replacedBy: z.string().optional(),
})

const Result = z
  .object({
    code: told('所给的编码'),
    name: z.string().optional(),
    targets: z.array(Target),
    reason: z.string().optional().openapi({
      description:
        '没有目标的原因：not-mapped、not-in-national-table、out-of-scope、needs-review、retired、grey、heading、not-yet-valid、not-in-table、wrong-shape、before-first-edition',
    }),
    text: z.string().optional().openapi({ description: '中文说明' }),
    map: z.string().optional().openapi({ description: '对照表及其版本' }),
    several: z.boolean().optional().openapi({ description: '反查：不止一个' }),
    unusable: z.array(Unusable).optional().openapi({ description: '对照表中有、当日不可用的目标' }),
    candidates: z
      .array(z.object({ code: z.string(), name: z.string() }))
      .optional()
      .openapi({ description: '最相近的国家编码，只供人选用' }),
  })
  .openapi('CodeTranslation')

/** Answer to a batch: one result per code, in order. */
export const TranslateAnswer = z
  .object({
    standard: z.string(),
    system: z.string(),
    day: told('查询日期'),
    reverse: z.boolean(),
    results: z.array(Result).openapi({ description: '与codes同序，一一对应' }),
  })
  .openapi('TranslateAnswer')
