/**
 * Direct-settlement rate (直接结算率): stays settled directly ÷ all stays, for a region's insured treated elsewhere.
 * Pure: the same stays and parameters give the same figure. Source: docs/facts/rates.md, Counting.
 */
import { type Area, liesIn, relationOf } from '../domain/area.ts'
import { addDays, type Day } from '../domain/day.ts'
import { type Stay, standingSettlements } from './stay.ts'
import { type Indicator, targetOf } from './targets.ts'

/** Which stays: across provinces, within the province but outside the city, or both. In order of output. */
export const SCOPES = ['cross', 'intra', 'all'] as const
/** Denominator: every known stay, or only those paid by the bureau. In order of output. */
export const BASES = ['broad', 'narrow'] as const

/** One of `SCOPES`. */
export type Scope = (typeof SCOPES)[number]
/** One of `BASES`. */
export type Basis = (typeof BASES)[number]

/** Parameters of the rate. */
export interface RateQuestion {
  /** Insured area: a county, or a city or province with all its areas. */
  readonly area: Area
  /** First day of discharge. */
  readonly from: Day
  /** Last day of discharge. */
  readonly to: Day
  /** Ignores everything that happened later. */
  readonly asOf: Day
  readonly scope: Scope
  readonly basis: Basis
}

/** Stays by class. They add up to the broad denominator. */
export interface Components {
  readonly direct: number
  readonly withdrawnOnly: number
  readonly selfPayUploaded: number
  readonly manual: number
}

/** A figure on its own. `rate` is a percentage with two decimals, null if there are no stays. */
export interface Figure {
  readonly asOf: Day
  readonly numerator: number
  readonly denominator: number
  readonly rate: number | null
}

/** The answer. */
export interface SettlementRate extends Figure {
  readonly indicator: Indicator
  readonly area: Area
  readonly period: { readonly from: Day; readonly to: Day }
  /** Before the provisional date, from then on, or from the final date on. */
  readonly status: 'interim' | 'provisional' | 'final'
  readonly scope: Scope
  readonly basis: Basis
  /** Percentage to be exceeded. */
  readonly target: number | null
  /** Whether the unrounded rate is above the target: 70.00 % does not reach 70. */
  readonly reached: boolean | null
  /** Percentage. */
  readonly baseline2020: number | null
  readonly components: Components
  /** Persons with a stay of the broad denominator. */
  readonly persons: number
  /** The provisional figure, if it differs. */
  readonly restatedFrom?: Figure
}

const INDICATORS = { cross: 'CPR', intra: 'IPR', all: 'OAR-all' } as const
const PROVISIONAL_AFTER_DAYS = 5

/** The day from which the figure of a period is provisional: five days after its end. */
export function provisionalDay(to: Day): Day {
  return addDays(to, PROVISIONAL_AFTER_DAYS)
}

/** The day from which it is final: 31 March of the next year, the end of yearly clearing. */
export function finalDay(to: Day): Day {
  return `${Number(to.slice(0, 4)) + 1}-03-31` as Day
}

/** What a figure of a period is on a day. */
export function statusOn(to: Day, asOf: Day): 'interim' | 'provisional' | 'final' {
  return asOf < provisionalDay(to) ? 'interim' : asOf < finalDay(to) ? 'provisional' : 'final'
}

/**
 * Classes a stay by what is known on a day. One stay has one class, the first that fits:
 * `direct` — a direct settlement stands and no manual claim was paid; `manual` — a manual claim was accepted;
 * `selfPayUploaded` — a self-paid bill was uploaded; `withdrawnOnly` — settled directly, and withdrawn.
 *
 * @returns null if the stay is not known on that day
 */
export function classOf({ events }: Pick<Stay, 'events'>, asOf: Day): keyof Components | null {
  const known = (kind: string) => events.some(({ event, at }) => event === kind && at <= asOf)
  if (known('M')) return 'manual'
  if (known('D') && standingSettlements(events, asOf) >= 1) return 'direct'
  if (known('U')) return 'selfPayUploaded'
  return known('D') ? 'withdrawnOnly' : null
}

/**
 * Computes the rate. Stays outside the area, period or scope are ignored, and so are local ones. `components`
 * counts each stay once in the class given by `classOf`, and sums to the broad denominator whatever the basis; the
 * narrow denominator is direct + manual.
 */
export function settlementRate(stays: Iterable<Stay>, question: RateQuestion): SettlementRate {
  const { asOf } = question
  const counted = [...stays].filter((stay) => isAsked(stay, question))
  const persons = new Set(counted.filter((stay) => classOf(stay, asOf)).map(({ person }) => person))
  return rateOf(question, (day) => countClasses(counted, day), persons.size)
}

/**
 * The rate of stays that were counted.
 *
 * @param classes counts them as they were known on a day
 * @param persons those with a stay
 */
export function rateOf(
  question: RateQuestion,
  classes: (asOf: Day) => Components,
  persons: number,
): SettlementRate {
  const { area, from, to, asOf, scope, basis } = question
  const components = classes(asOf)
  const figure = figureOf(components, question)
  const indicator = INDICATORS[scope]
  const target = targetOf(indicator, area, Number(to.slice(0, 4)))
  const restatedFrom = restatement(classes, question, figure)
  return {
    indicator,
    area,
    period: { from, to },
    asOf,
    status: statusOn(to, asOf),
    scope,
    basis,
    numerator: figure.numerator,
    denominator: figure.denominator,
    rate: figure.rate,
    target: target && target.target / 100,
    reached: target && figure.denominator > 0 ? exceeds(figure, target.target) : null,
    baseline2020: target?.baseline2020 ? target.baseline2020 / 100 : null,
    components,
    persons,
    ...(restatedFrom && { restatedFrom }),
  }
}

/** Whether a stay matches area, period and scope. */
function isAsked(stay: Stay, { area, from, to, scope }: RateQuestion): boolean {
  if (stay.discharged < from || stay.discharged > to || !liesIn(stay.insuredArea, area)) return false
  const relation = relationOf(stay.insuredArea, stay.treatmentArea)
  return scope === 'all' ? relation !== 'local' : relation === scope
}

function countClasses(stays: readonly Stay[], asOf: Day): Components {
  const components = { direct: 0, withdrawnOnly: 0, selfPayUploaded: 0, manual: 0 }
  for (const stay of stays) {
    const found = classOf(stay, asOf)
    if (found) components[found] += 1
  }
  return components
}

/** The figure of some stays by class. */
export function figureOf(
  components: Components,
  { asOf, basis }: Pick<RateQuestion, 'asOf' | 'basis'>,
): Figure {
  const paid = components.direct + components.manual
  const denominator = basis === 'narrow' ? paid : paid + components.selfPayUploaded + components.withdrawnOnly
  return { asOf, numerator: components.direct, denominator, rate: percent(components.direct, denominator) }
}

/** The provisional figure, where the asked one is later and differs. */
function restatement(
  classes: (asOf: Day) => Components,
  { to, basis, asOf }: RateQuestion,
  now: Figure,
): Figure | null {
  const published = provisionalDay(to)
  if (asOf <= published) return null
  const then = figureOf(classes(published), { asOf: published, basis })
  return then.numerator === now.numerator && then.denominator === now.denominator ? null : then
}

/** Whether the quotient is above a target in hundredths of a percent; in integers, so nothing is rounded. */
export function exceeds({ numerator, denominator }: Figure, target: number): boolean {
  return numerator * 10_000 > target * denominator
}

/** Percent with two decimals, half up: 8 of 11 → `72.73`. */
export function percent(numerator: number, denominator: number): number | null {
  if (denominator === 0) return null
  return Math.floor((numerator * 20_000 + denominator) / (2 * denominator)) / 100
}
