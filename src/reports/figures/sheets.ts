/** The pages of the figures: what is asked, as an answer in JSON and as the rows of its table. */

import { type CsvCell, csvOf } from '../../csv.ts'
import type { Day } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'
import type { FiguresStore } from '../../store/queries/figures/open.ts'
import { type ListedStay, listStays } from '../../store/queries/figures/pages.ts'
import {
  countPersons,
  type StaySum,
  sumAttempts,
  sumFlows,
  sumFlowsOf,
  sumReasons,
  sumStays,
} from '../../store/queries/figures/sums.ts'
import { finalDay, percent, provisionalDay, statusOn } from '../settlement-rate.ts'
import { measureSheet } from './measures.ts'
import type { FiguresQuestion } from './question.ts'
import { gapOf, indicatorsOf } from './rates.ts'
import { CATEGORIES, CATEGORY_NAMES, type Category, MISS_REASONS } from './reasons.ts'

/** An answer, and the same as a table. */
export interface Sheet {
  readonly value: object
  readonly head: readonly string[]
  readonly rows: readonly (readonly CsvCell[])[]
}

/** What is asked of the same stays in every answer. */
function headOf({ area, view, from, to, asOf, institution }: FiguresQuestion) {
  return { area, view, period: { from, to }, asOf, status: statusOn(to, asOf), institution }
}

const relationOfScope = (scope: FiguresQuestion['scope']) => (scope === 'all' ? null : scope)

/** The rates, by area, month or institution, with what was provisional and final by then. */
function rateSheet({ $client }: FiguresStore, asked: FiguresQuestion): Sheet {
  const { area, by, to, asOf } = asked
  const year = Number(to.slice(0, 4))
  const on = (day: Day) => Map.groupBy(sumStays($client, { ...asked, asOf: day }, by), ({ key }) => key)
  const published = [provisionalDay(to), finalDay(to)].map((day) =>
    day <= asOf ? { day, sums: on(day) } : null,
  )
  const whose = (key: string) =>
    (by === 'province' || by === 'city' || by === 'county' ? key : area) as typeof area
  const of = (sums: readonly StaySum[], key: string, day: Day) =>
    indicatorsOf(sums, { area: asked.view === 'outbound' ? whose(key) : null, asOf: day, year })
  const now = on(asOf)
  if (by === 'none' && now.size === 0) now.set('', [])
  const rows = [...now].map(([key, sums]) => {
    const [provisional, final] = published.map((one) => one && of(one.sums.get(key) ?? [], key, one.day))
    const indicators = of(sums, key, asOf).map((rate, index) => {
      const figure = (then: typeof provisional) => {
        const known = then?.[index]
        return known
          ? { asOf: known.asOf, numerator: known.numerator, denominator: known.denominator, rate: known.rate }
          : null
      }
      const [first, last] = [figure(provisional), figure(final)]
      const restated =
        first !== null && (first.numerator !== rate.numerator || first.denominator !== rate.denominator)
      return { ...rate, provisional: first, final: last, restated }
    })
    return { key, indicators }
  })
  return {
    value: { ...headOf(asked), by, rows },
    head: [
      '分组',
      '指标',
      '口径',
      '分子',
      '分母',
      '直接结算率%',
      '目标%',
      '达到',
      '差额',
      '快报数%',
      '终报数%',
      '重述',
    ],
    rows: rows.flatMap(({ key, indicators }) =>
      indicators.map((rate) => [
        ...[
          key,
          rate.indicator,
          rate.basis === 'broad' ? '全口径' : '窄口径',
          rate.numerator,
          rate.denominator,
        ],
        ...[rate.rate, rate.target, rate.reached === null ? null : rate.reached ? '是' : '否', rate.gap],
        ...[rate.provisional?.rate ?? null, rate.final?.rate ?? null, rate.restated ? '是' : '否'],
      ]),
    ),
  }
}

const wordsOf = (category: string, code: string) => {
  const known = MISS_REASONS[code]
  return { zh: known?.zh ?? `${CATEGORIES[category as Category].zh}：${code}`, en: known?.en ?? code }
}

/** Why stays were missed. What is by category adds up to the gap; refused admissions without a stay stand beside it. */
function reasonSheet({ $client }: FiguresStore, asked: FiguresQuestion): Sheet {
  const { scope } = asked
  const sums = sumStays($client, asked, 'none')
  const [broad, narrow] = [gapOf(sums, scope, 'broad'), gapOf(sums, scope, 'narrow')]
  const total = (gap: Record<Category, number>) => CATEGORY_NAMES.reduce((sum, name) => sum + gap[name], 0)
  const categories = CATEGORY_NAMES.map((category) => ({
    ...{ category, ...CATEGORIES[category] },
    ...{ broad: broad[category], narrow: narrow[category] },
  }))
  const worded = <Row extends { category: string; code: string }>(row: Row) => ({
    ...row,
    ...wordsOf(row.category, row.code),
  })
  const relation = relationOfScope(scope)
  const details = sumReasons($client, asked, relation).map(worded)
  const attempts = sumAttempts($client, asked, relation, ATTEMPT_LATER).map(worded)
  const known = attempts.reduce((sum, { n }) => sum + n, 0)
  return {
    value: {
      ...headOf(asked),
      ...{ scope, gap: { broad: total(broad), narrow: total(narrow) }, categories, details },
      attempts: { total: known, details: attempts },
    },
    head: ['类别', '原因代码', '原因', '发现处', '全口径差额', '窄口径差额', '未成住院的被拒入院'],
    rows: [
      ...details.map((one) => [
        CATEGORIES[one.category as Category].zh,
        one.code,
        one.zh,
        one.hop,
        one.broad,
        one.narrow,
        0,
      ]),
      ...attempts.map((one) => [
        CATEGORIES[one.category as Category].zh,
        one.code,
        one.zh,
        one.hop,
        0,
        0,
        one.n,
      ]),
    ],
  }
}

/** As `LATER_DAYS` of the fold. */
const ATTEMPT_LATER = '+3 days'

/** From where to where: provinces for all, cities for an area. */
function flowSheet({ $client }: FiguresStore, asked: FiguresQuestion): Sheet {
  const whole = asked.area === null && asked.institution === null
  const found = whole ? sumFlows($client, asked) : sumFlowsOf($client, asked)
  const flows = found.map((one) => ({ ...one, rate: percent(one.direct, one.stays) }))
  return {
    value: { ...headOf(asked), level: whole ? 'province' : 'city', flows },
    head: ['参保地', '就医地', '住院人次', '直接结算人次', '直接结算率%'],
    rows: flows.map(({ insured, treatment, stays, direct, rate }) => [
      insured,
      treatment,
      stays,
      direct,
      rate,
    ]),
  }
}

/** Single stays, newest first. */
function staySheet({ $client }: FiguresStore, asked: FiguresQuestion): Sheet {
  const { scope, state, category, limit } = asked
  const after = asked.after === null ? null : afterOf(asked.after)
  const list = { relation: relationOfScope(scope), state, category, after, limit: limit + 1 }
  const found = listStays($client, asked, list)
  const stays = found
    .slice(0, limit)
    .map((one) => ({ ...one, ...(one.code === '' ? { zh: '', en: '' } : wordsOf(one.category, one.code)) }))
  const last = stays.at(-1)
  const next = found.length > limit && last ? cursorOf(last) : null
  return {
    value: { ...headOf(asked), scope, stays, next },
    head: [
      '机构',
      '住院',
      '参保地',
      '就医地',
      '入院',
      '出院',
      '状态',
      '类别',
      '原因代码',
      '原因',
      '发现处',
      '总费用（分）',
      '基金（分）',
    ],
    rows: stays.map((one) => [
      ...[one.institution, one.stay, one.insured, one.treatment, one.admitted, one.discharged, one.state],
      ...[one.category, one.code, one.zh, one.hop, one.total, one.fund],
    ]),
  }
}

const cursorOf = ({ discharged, institution, stay, insured }: ListedStay) =>
  Buffer.from(JSON.stringify([discharged, institution, stay, insured.slice(0, 2)])).toString('base64url')

function afterOf(cursor: string): readonly [string, string, string, string] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(read) && read.length === 4 && read.every((one) => typeof one === 'string'))
      return read as unknown as readonly [string, string, string, string]
  } catch {
    // Told below.
  }
  throw new GatewayError('invalid-report', 'report', 'after须为上一页的next')
}

/** Every page by its name. */
export const SHEETS = {
  rates: rateSheet,
  reasons: reasonSheet,
  flows: flowSheet,
  measures: ({ $client }: FiguresStore, asked: FiguresQuestion): Sheet => {
    const { value, head, rows } = measureSheet($client, asked)
    const persons = countPersons($client, asked, relationOfScope(asked.scope))
    return { value: { ...headOf(asked), persons, ...value }, head, rows }
  },
  stays: staySheet,
} as const

/** Name of a page. */
export type SheetName = keyof typeof SHEETS

/** A page as a file. */
export const sheetCsv = ({ head, rows }: Sheet): string => csvOf(head, rows)
