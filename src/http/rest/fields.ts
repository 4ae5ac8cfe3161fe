/**
 * Field types of the REST API: English names, money in integer fen, days and times in Shanghai. Every description
 * names the national field it maps to. Unknown names are refused, so that a misspelt amount is not lost.
 */
import { z } from '@hono/zod-openapi'
import { parseDay } from '../../domain/day.ts'

/** Maximum rows in one request, as in the national interface. */
export const ROWS_MAX = 2000

/** Text of 1 to `max` characters. */
export function text(max: number, description: string, example: string) {
  return z.string().min(1).max(max).openapi({ description, example })
}

/** A short code with values fixed by the national specification. */
export function code(max: number, description: string, example: string) {
  const told = '只能含字母、数字、点和横线'
  return z
    .string()
    .max(max)
    .regex(/^[\w.-]+$/, told)
    .openapi({ description, example })
}

/** An amount in fen. */
export function fen(description: string, example: number) {
  return z.int().openapi({ description: `${description}，整数分`, example })
}

/** A non-negative amount in fen. */
export function positiveFen(description: string, example: number) {
  return z
    .int()
    .min(0)
    .openapi({ description: `${description}，整数分`, example })
}

/** A decimal as text, to avoid rounding. */
export function decimal(places: number, description: string, example: string) {
  const shape = new RegExp(`^-?\\d{1,10}(?:\\.\\d{1,${places}})?$`)
  return z.string().regex(shape, `须为文本形式的小数，至多${places}位小数`).openapi({ description, example })
}

function isDay(value: string): boolean {
  try {
    parseDay(value)
    return true
  } catch {
    return false
  }
}

/** A day `YYYY-MM-DD`. */
export function day(description: string, example = '2025-03-12') {
  return z
    .string()
    .refine(isDay, '须为日期YYYY-MM-DD')
    .openapi({ description: `${description}，YYYY-MM-DD`, example, format: 'date' })
}

const TIME = /^\d{4}-\d{2}-\d{2} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/

/** A time `YYYY-MM-DD HH:mm:ss` in Shanghai. */
export function time(description: string, example = '2025-03-12 08:00:00') {
  return z
    .string()
    .refine((value) => TIME.test(value) && isDay(value.slice(0, 10)), '须为时间YYYY-MM-DD HH:mm:ss')
    .openapi({ description: `${description}，北京时间YYYY-MM-DD HH:mm:ss`, example })
}

/** A boolean. */
export function flag(description: string) {
  return z.boolean().openapi({ description })
}

/** A boolean from the platform; null if it gave neither value. */
export function said(description: string) {
  return z
    .boolean()
    .nullable()
    .openapi({ description: `${description}；未说明为空` })
}

/** A warning that a platform sends with a successful answer. */
export const warning = z
  .string()
  .optional()
  .openapi({ description: '平台随成功应答给出的警告 warn_msg；没有则不出现，窗口应看到' })

/** Codes that were passed on although invalid in their standard. */
export const warnings = z
  .array(
    z.object({
      field: z.string().openapi({ description: '本请求中的字段', example: 'doctor.code' }),
      standard: z.string().openapi({ description: '编码标准', example: 'physician' }),
      reason: z.string().openapi({ description: '原因', example: 'wrong-shape' }),
      text: z
        .string()
        .openapi({ description: '供窗口显示的说明', example: '医师编码的格式不符合国家编码规则' }),
    }),
  )
  .readonly()
  .optional()
  .openapi({
    description:
      '不符合国家编码标准、但已照原样上传的编码；没有则不出现。机构约定为拒绝（codes为refuse）时不上传',
  })

/** An area code. */
export function area(description: string, example: string) {
  return z
    .string()
    .regex(/^[1-8]\d{5}$/, '须为六位医保区划')
    .openapi({ description, example })
}

/** An object with code and name. */
export function named(what: string, fields: string, example: { code: string; name: string }) {
  return z
    .strictObject({
      code: text(30, `${what}编码`, example.code),
      name: text(100, `${what}名称`, example.name),
    })
    .openapi({ description: `${what}（${fields}）` })
}

/** The clerk. */
export const operator = z
  .strictObject({
    id: text(30, '经办人编号 opter', '0007'),
    name: text(50, '经办人姓名 opter_name', '窗口一'),
  })
  .openapi('Operator', { description: '经办人；不填则以网关名义' })

/** Common fields of a request that does not belong to an encounter. */
export const head = {
  institution: code(12, '定点医药机构编号 fixmedins_code', 'H62100290001'),
  insuredArea: area('参保地医保区划 insuplc_admdvs', '440100'),
  treatmentArea: area('就医地医保区划 mdtrtarea_admvs；不填则取机构登记所在区划', '621002').optional(),
  operator: operator.optional(),
}

/** Optional common fields of a request under an encounter. */
export const under = {
  operator: operator.optional(),
  insuredArea: area(
    '参保地医保区划 insuplc_admdvs；只在两个参保地的平台给出同一就诊ID时须填',
    '621002',
  ).optional(),
}

/** The credential presented at the counter. */
export const credential = z
  .strictObject({
    type: z
      .enum(['01', '02', '03'])
      .openapi({ description: '就诊凭证类型 mdtrt_cert_type：01电子凭证 02身份证 03社会保障卡' }),
    number: text(50, '就诊凭证编号 mdtrt_cert_no', '99000000ECTOKEN00000000044000001'),
  })
  .openapi('Credential', { description: '就诊凭证' })

/** Insurance type. */
export const insuranceType = code(6, '险种类型 insutype：310职工基本医疗保险 390城乡居民基本医疗保险', '310')

/** Disease of a visit for a chronic condition. */
export const disease = z
  .strictObject({
    code: text(30, '病种编码 dise_codg', 'M03900'),
    name: text(500, '病种名称 dise_name', '高血压'),
  })
  .openapi('Disease', { description: '门诊慢特病等病种' })

/** One diagnosis. */
export const diagnosis = z
  .strictObject({
    code: text(20, '诊断代码 diag_code：本院所用编码体系', 'I10.x00x002'),
    system: z
      .enum(['national'])
      .optional()
      .openapi({ description: '编码已是国家编码时填national；不填则按本院所用编码体系' }),
    name: text(100, '诊断名称 diag_name', '高血压'),
    type: z
      .enum(['1', '2', '3'])
      .default('1')
      .openapi({ description: '诊断类别 diag_type：1西医 2中医主病 3中医主证' }),
    main: flag('主诊断标志 maindiag_flag；都不填则第一条为主诊断').optional(),
    department: text(50, '诊断科室 diag_dept', '内科'),
    doctor: named('诊断医生', 'dise_dor_no、dise_dor_name', { code: 'D621002000001', name: '医师甲' }),
    at: time('诊断时间 diag_time'),
  })
  .openapi('Diagnosis')

/** The diagnoses of a visit or stay. */
export const diagnoses = z
  .array(diagnosis)
  .min(1)
  .max(100)
  .openapi({ description: '诊断 diseinfo，至少一条' })

/** Rule for a line: it has a national code, or one of the institution's own. */
export const codeOrLocalCode = [
  (line: { readonly code?: unknown; readonly localCode?: unknown }) =>
    line.code !== undefined || line.localCode !== undefined,
  { path: ['localCode'] as PropertyKey[], message: 'code与localCode不能都为空' },
] as const
