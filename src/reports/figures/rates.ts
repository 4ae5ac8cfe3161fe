/** The rates from sums of stays: every indicator, against both denominators, with its target. Pure. */
import type { Area } from '../../domain/area.ts'
import type { Day } from '../../domain/day.ts'
import type { StaySum } from '../../store/queries/figures/sums.ts'
import {
  BASES,
  type Basis,
  type Components,
  exceeds,
  type Figure,
  figureOf,
  type Scope,
} from '../settlement-rate.ts'
import { type PlannedRate, targetOf } from '../targets.ts'
import { CATEGORY_NAMES, type Category } from './reasons.ts'

/** Every indicator with the stays that it counts: the plan that names OAR does not say whether the province itself is meant. */
export const INDICATOR_SCOPES = [
  ['CPR', 'cross'],
  ['IPR', 'intra'],
  ['OAR-all', 'all'],
  ['OAR-cross', 'cross'],
] as const satisfies readonly (readonly [string, Scope])[]

/** One indicator against one denominator. */
export interface IndicatorRate extends Figure {
  readonly indicator: (typeof INDICATOR_SCOPES)[number][0]
  readonly scope: Scope
  readonly basis: Basis
  /** Denominator less numerator. */
  readonly gap: number
  /** The gap by category; they add up to it. */
  readonly reasons: Readonly<Record<Category, number>>
  readonly components: Components
  /** Percent to be exceeded, of the year to which the plan gives it. */
  readonly target: number | null
  readonly targetYear: number | null
  /** By the unrounded quotient. */
  readonly reached: boolean | null
  readonly baseline2020: number | null
}

const NO_REASONS = Object.fromEntries(CATEGORY_NAMES.map((name) => [name, 0])) as Record<Category, number>

/** The stays of a scope by class. */
export function componentsOf(sums: readonly StaySum[], scope: Scope): Components {
  const components = { direct: 0, withdrawnOnly: 0, selfPayUploaded: 0, manual: 0 }
  for (const { relation, state, n } of sums) if (scope === 'all' || relation === scope) components[state] += n
  return components
}

/** Missed stays of a scope by category. */
export function gapOf(sums: readonly StaySum[], scope: Scope, basis: Basis): Record<Category, number> {
  const reasons = { ...NO_REASONS }
  for (const { relation, state, category, n } of sums) {
    const counts = state === 'manual' || (basis === 'broad' && state !== 'direct')
    if (counts && (scope === 'all' || relation === scope)) reasons[category as Category] += n
  }
  return reasons
}

/**
 * All indicators of some stays.
 *
 * @param area whose targets hold; null where no single area is asked
 * @param year of the period's end
 */
export function indicatorsOf(
  sums: readonly StaySum[],
  { area, asOf, year }: { readonly area: Area | null; readonly asOf: Day; readonly year: number },
): IndicatorRate[] {
  return INDICATOR_SCOPES.flatMap(([indicator, scope]) => {
    const planned = area && targetOf(indicator === 'OAR-cross' ? 'OAR-all' : indicator, area, year)
    const components = componentsOf(sums, scope)
    return BASES.map((basis): IndicatorRate => {
      const figure = figureOf(components, { asOf, basis })
      const gap = figure.denominator - figure.numerator
      const reasons = gapOf(sums, scope, basis)
      return { indicator, scope, basis, ...figure, gap, reasons, components, ...against(figure, planned) }
    })
  })
}

function against(figure: Figure, planned: PlannedRate | null) {
  return {
    target: planned && planned.target / 100,
    targetYear: planned?.year ?? null,
    reached: planned && figure.denominator > 0 ? exceeds(figure, planned.target) : null,
    baseline2020: planned?.baseline2020 ? planned.baseline2020 / 100 : null,
  }
}
