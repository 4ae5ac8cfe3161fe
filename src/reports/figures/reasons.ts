/**
 * Why a stay was not settled directly: each miss has one reason, and each reason one category. Failure reasons of the field:
 * docs/facts/cross-region.md, Failure reasons [A]; which category each belongs to is ours [A].
 */
import type { ProblemCode } from '../../domain/problems.ts'

/** The categories in the order of reports, with their names. */
export const CATEGORIES = {
  filing: { zh: '备案', en: 'Filing' },
  participation: { zh: '参保与身份', en: 'Participation' },
  institution: { zh: '机构或业务未开通', en: 'Institution or lane' },
  credential: { zh: '就医凭证', en: 'Credential' },
  codes: { zh: '编码对照', en: 'Code map' },
  amounts: { zh: '金额与单据', en: 'Amounts and documents' },
  entitlement: { zh: '待遇', en: 'Entitlement' },
  link: { zh: '网络与就医地平台', en: 'Link' },
  platform: { zh: '国家平台', en: 'National platform' },
  province: { zh: '参保省', en: 'Insured province' },
  choice: { zh: '患者选择', en: 'Patient’s choice' },
  unknown: { zh: '不明', en: 'Unknown' },
} as const

/** One category. */
export type Category = keyof typeof CATEGORIES

/** Names of the categories in the order of reports. */
export const CATEGORY_NAMES = Object.keys(CATEGORIES) as Category[]

/** A reason: its category and what it says. */
interface ReasonRow {
  readonly category: Category
  readonly zh: string
  readonly en: string
}

const row = (category: Category, zh: string, en: string): ReasonRow => ({ category, zh, en })

/** Every reason that has a code of the field, and those that follow from what is known of a stay. */
export const MISS_REASONS: Readonly<Record<string, ReasonRow>> = {
  E000: row('unknown', '平台拒绝，原因见其说明文字', 'Refused; the platform’s own words say why'),
  E101: row('filing', '未办理异地就医备案', 'No filing'),
  E102: row('filing', '备案地与就医地不符', 'Filed for another place'),
  E103: row('filing', '备案不在有效期', 'Filing has lapsed'),
  E201: row('participation', '未参保或暂停参保', 'Not insured, or suspended'),
  E202: row('participation', '多地参保', 'Insured in several places'),
  E203: row('participation', '人员身份不符', 'Identity does not match'),
  E204: row('participation', '账户或人员被锁定', 'Locked'),
  E301: row('institution', '机构或业务未开通', 'Institution or lane not open'),
  E302: row('institution', '协议暂停或终止', 'Contract suspended'),
  E401: row('credential', '就医凭证不可用', 'Credential not usable'),
  E501: row('codes', '项目编码不可用', 'Item code not usable'),
  E502: row('codes', '诊断编码不可用', 'Diagnosis code not usable'),
  E503: row('amounts', '金额不平', 'Amounts do not add up'),
  E504: row('amounts', '单据重复或次序不符', 'Sent twice, or out of order'),
  E505: row('amounts', '住院时间重叠', 'Overlaps with another stay'),
  E601: row('entitlement', '病种未认定', 'Disease not certified'),
  E602: row('entitlement', '外伤待核实', 'Trauma to be examined'),
  E603: row('entitlement', '待遇受监控', 'Entitlement under review'),
  E701: row('province', '参保地超时未答复', 'Insured place answered late'),
  E702: row('province', '参保地公告停机', 'Insured place announced a stop'),
  E703: row('platform', '国家平台故障', 'National platform failed'),
  E704: row('link', '就医地平台或线路不可用', 'Platform of the place of treatment or the line is down'),
  E705: row('province', '参保地无法计算待遇', 'Insured place could not calculate'),
  E801: row('province', '结算期已关闭', 'Period is closed'),
  E901: row('choice', '患者选择全额自费', 'Paid in full by choice'),
  'self-paid': row(
    'choice',
    '医院登记自费结算，网关没有被拒记录',
    'Told as self-paid, and nothing was refused',
  ),
  withdrawn: row('unknown', '直接结算已撤销，未再结算', 'Settled, withdrawn, and not settled again'),
  manual: row('unknown', '手工报销，网关没有办理记录', 'Claimed by hand, and nothing was tried here'),
  'no-reason': row('unknown', '平台拒绝而未说明原因', 'Refused without a reason'),
}

/** Category of what was refused without a reason of the field, by its problem. */
const OF_PROBLEM: Partial<Record<ProblemCode, Category>> = {
  'destination-down': 'link',
  'destination-busy': 'link',
  'budget-spent': 'link',
  'outcome-unknown': 'link',
  'journal-down': 'link',
  'compare-first': 'link',
  'not-ready': 'link',
  'gateway-busy': 'link',
  'internal-fault': 'link',
  'institution-closed': 'institution',
  'foreign-institution': 'institution',
  'bad-codes': 'codes',
  'bad-amounts': 'amounts',
  'invalid-field': 'amounts',
  'key-conflict': 'amounts',
  'encounter-busy': 'amounts',
  'key-in-flight': 'amounts',
  'key-retired': 'amounts',
}

/** Why something failed: in one category, with the code that says so and where it was found. */
export interface Miss {
  readonly category: Category
  /** Failure reason of the field, else the problem, else a word of `MISS_REASONS`. */
  readonly code: string
  /** `gateway` or a destination; empty where nothing was sent. */
  readonly hop: string
}

/** What a failed message said of itself. */
export interface Failed {
  readonly reason: string | null
  readonly problem: string | null
  readonly hop: string | null
}

/** The reason of a failed message. */
export function missOf({ reason, problem, hop }: Failed): Miss {
  const found = reason === null ? undefined : MISS_REASONS[reason]
  const where = hop ?? ''
  if (found && reason !== null) return { category: found.category, code: reason, hop: where }
  const category = (problem === null ? undefined : OF_PROBLEM[problem as ProblemCode]) ?? 'unknown'
  const bare = problem === null || problem === 'fund-refused'
  return { category, code: reason ?? (bare ? 'no-reason' : problem), hop: where }
}
