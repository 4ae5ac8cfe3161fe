/**
 * Benefit parameters of the simulated regions, read from `regions/*.json`. They are for a simulator: `basis` and `src`
 * in the files say which figures stand in a seed plan, were found, derived or assumed. Never quote them to the public.
 */
import { z } from 'zod'
import { type Area, provinceOf } from '../domain/area.ts'
import { asFen, fenFromYuan } from '../domain/money.ts'
import { ratioFrom } from './ratio.ts'
import anhui from './regions/anhui-hefei.json' with { type: 'json' }
import gansu from './regions/gansu-qingyang.json' with { type: 'json' }
import guangdong from './regions/guangdong-guangzhou.json' with { type: 'json' }
import hunan from './regions/hunan-yiyang.json' with { type: 'json' }
import ningxia from './regions/ningxia-wuzhong.json' with { type: 'json' }

/** Levels of hospitals for deductibles and ratios, lowest first. */
export const LEVELS = ['community', 'level1', 'level2', 'level3', 'level3_top'] as const

/** One level. */
export type Level = (typeof LEVELS)[number]

/** Groups of insured persons with their own ratios. */
export type PersonGroup = 'active' | 'retiree' | 'adult' | 'child'

/** How a treatment lies to the insured place for the benefit; `in_area` takes no reduction. */
export type OutKind = 'long_term' | 'referral' | 'emergency' | 'temporary_filed' | 'not_filed'

const ratio = z.number().transform(ratioFrom)
const fen = z.number().transform((yuan) => fenFromYuan(yuan))
const cap = fen.nullable()
const byLevel = <T extends z.ZodType>(value: T) =>
  z.object({ community: value, level1: value, level2: value, level3: value, level3_top: value })
const byPerson = <T extends z.ZodType>(value: T) =>
  z.partialRecord(z.enum(['active', 'retiree', 'adult', 'child']), value)
const values = <T extends z.ZodType>(value: T) =>
  z.object({ values: value }).transform((row) => (row as { values: z.output<T> }).values)
const single = <T extends z.ZodType>(value: T) =>
  z.object({ value }).transform((row) => (row as { value: z.output<T> }).value)

const OUT_RULE = /^(?:(as in area)|(not payable)|ratio - (0\.\d+))$/

/** `as in area`, `not payable`, `ratio - 0.10` → how much to take off; null if nothing is payable. */
const outpatientRule = z.string().transform((text, context) => {
  const match = OUT_RULE.exec(text)
  if (!match) {
    context.addIssue({ code: 'custom', message: `Unknown outpatient rule "${text}"` })
    return z.NEVER
  }
  if (match[2]) return null
  return match[1] ? 0 : ratioFrom(Number(match[3]))
})

const reduction = z.object({
  mode: z.enum(['pp', 'factor', 'firstSelfPay']),
  value: ratio,
  limit_pp: ratio.nullable(),
})

const tier = z.object({ from: fen, to: cap, ratio })

const upperLayer = z.object({
  kind: z.enum(['above_ceiling', 'accumulated_burden']),
  fund: z.string(),
  tiers: z.array(tier).min(1),
  annual_cap: cap,
  priority_person: z
    .object({
      categories: z.array(z.string()),
      threshold_factor: ratio,
      ratio_bonus: ratio,
      no_cap: z.boolean(),
    })
    .optional(),
})

const insurance = z.object({
  insutype: z.string(),
  inpatient: z.object({
    deductible_by_level: values(byLevel(fen)),
    repeat_deductible: z.object({
      from_stay: z.int(),
      factor: ratio,
      same_level_only: z.boolean().default(false),
    }),
    ratio_by_level: values(byPerson(byLevel(ratio))),
    annual_cap: single(cap),
  }),
  upper_layer: upperLayer,
  out_of_area: z.record(
    z.enum(['long_term', 'referral', 'emergency', 'temporary_filed', 'not_filed']),
    reduction,
  ),
  outpatient: z.object({
    deductible_by_level: values(byLevel(fen)),
    ratio_by_level: values(byPerson(byLevel(ratio))),
    annual_cap: values(byPerson(fen)),
    out_of_area: z.object({
      long_term: outpatientRule,
      referral: outpatientRule,
      emergency: outpatientRule,
      temporary_filed: outpatientRule,
      not_filed: outpatientRule,
    }),
  }),
  chronic_outpatient: z.object({
    ratio_by_level: values(byPerson(byLevel(ratio))),
    annual_cap_by_disease: values(z.record(z.string(), fen)),
  }),
  personal_account: z.object({ opening_balance: byPerson(fen) }).optional(),
})

const region = z.object({
  id: z.string(),
  area_code: z.string(),
  province_code: z.string(),
  insurances: z.object({ employee: insurance, resident: insurance }),
  medical_assistance: z.object({
    categories: z.record(z.string(), z.object({ name: z.string(), ratio, annual_threshold: fen })),
    annual_cap: single(fen),
    outpatient_share_of_cap: single(ratio),
    out_of_area: z.record(
      z.enum(['long_term', 'referral', 'emergency', 'temporary_filed', 'not_filed']),
      z.boolean(),
    ),
  }),
  catalog: z.object({
    class_b_first_self_pay: ratio,
    high_value_consumable_first_self_pay: ratio,
    bed_cap_per_day: z.object({ level1: fen, level2: fen, level3: fen }),
  }),
})

/** Parameters of one region, with money in fen and exact ratios. */
export type Region = z.infer<typeof region>

/** Parameters of one insurance of a region. */
export type InsuranceRules = z.infer<typeof insurance>

/** How a place of treatment splits a line. */
export type CatalogRules = Region['catalog']

/** The five regions by the code of their province. */
export const REGIONS: Readonly<Record<string, Region>> = Object.fromEntries(
  // 'basis' and 'src' stay in the files; what the engine does not need falls away here.
  [gansu, anhui, ningxia, hunan, guangdong].map((raw) => {
    const { out_of_area, ...assistance } = raw.medical_assistance
    const { basis: _basis, src: _src, ...flags } = out_of_area
    const parsed = region.parse({ ...raw, medical_assistance: { ...assistance, out_of_area: flags } })
    return [parsed.province_code, parsed]
  }),
)

/** Places of treatment that the simulator has no figures for split as most regions do (docs/facts/cross-region.md, Simulator [A]). */
const OTHER_CATALOG: CatalogRules = {
  class_b_first_self_pay: ratioFrom(0.1),
  high_value_consumable_first_self_pay: ratioFrom(0.2),
  bed_cap_per_day: { level1: asFen(2500), level2: asFen(3500), level3: asFen(5000) },
}

/** Catalogue parameters of a place of treatment. */
export function catalogOf(treatment: Area): CatalogRules {
  return REGIONS[provinceOf(treatment)]?.catalog ?? OTHER_CATALOG
}
