/**
 * Onboarding (联网开通): how an institution comes to settle directly in one lane, for people of one reach and one population:
 * it applies, changes its system, is tested, is opened, and may be suspended. Steps are dated, are added and never changed.
 * Source: plan of Yiyang, 边申报试点边推进 … 改造和测试 [F]; that a lane opens by population: plan of Anhui, employees first [F];
 * which step follows which [A].
 */
import type { Relation } from './area.ts'
import type { Day, Instant } from './day.ts'
import { LANES, type Lane } from './lane.ts'

/** States, with their names at the counter. */
export const ONBOARDING_STATES = {
  applied: '已申请',
  changed: '已完成系统改造',
  tested: '已通过测试',
  opened: '已开通',
  suspended: '已暂停',
} as const

/** One of them. */
export type OnboardingState = keyof typeof ONBOARDING_STATES

/** Where the people of a lane come from: another city of the province, another province. The own city needs no opening. */
export const REACHES = { intra: '省内异地', cross: '跨省' } as const satisfies Partial<
  Record<Relation, string>
>

/** One of them. */
export type Reach = keyof typeof REACHES

/** Whom a lane is open for, by the insurance that pays. */
export const POPULATIONS = { employee: '职工医保', resident: '居民医保' } as const

/** One of them. */
export type Population = keyof typeof POPULATIONS

/** Insurances `insutype` (险种类型) of each population; others are of neither. [F: value set of public client code] */
const INSURANCES: Readonly<Record<Population, readonly string[]>> = {
  employee: ['310', '320', '330', '340', '350', '360', '370', '510'],
  resident: ['380', '390', '391', '392'],
}

const POPULATION_OF: ReadonlyMap<string, Population> = new Map(
  Object.entries(INSURANCES).flatMap(([population, codes]) =>
    codes.map((code) => [code, population as Population] as const),
  ),
)

/**
 * The population of an insurance.
 *
 * @param insurance `insutype`, `"310"`; undefined where the message names none
 * @returns null where it is of neither, or not named
 */
export function populationOf(insurance: string | undefined): Population | null {
  return (insurance && POPULATION_OF.get(insurance)) || null
}

/** What is opened at an institution: one lane, one reach, one population. */
export interface LaneOpening {
  readonly lane: Lane
  readonly reach: Reach
  readonly population: Population
}

/** Result of a run of the conformance kit, as `--json` prints it. */
export interface OnboardingScore {
  readonly passed: number
  readonly failed: number
  readonly transactions: number
  readonly lanes: number
}

/** One step of an opening. */
export interface OnboardingStep {
  readonly state: OnboardingState
  /** First Shanghai day on which it holds. */
  readonly from: Day
  /** Who took it. */
  readonly by: string
  /** Why. */
  readonly reason: string
  /** When it was written down. */
  readonly at: Instant
  /** What a test was passed with. */
  readonly score?: OnboardingScore
}

/** Which states may follow which; a suspended opening may be resumed, or changed and tested again. */
const NEXT: Readonly<Record<OnboardingState, readonly OnboardingState[]>> = {
  applied: ['changed'],
  changed: ['tested'],
  tested: ['opened', 'changed'],
  opened: ['suspended'],
  suspended: ['opened', 'changed'],
}

/** States that decide whether money moves: they may be set for a day to come, and never for one that is over. */
const GATING: readonly OnboardingState[] = ['opened', 'suspended']

/** Longest name of a person and longest reason, in characters. */
const NAME_LENGTH_MAX = 100
const REASON_LENGTH_MAX = 500

/**
 * The state on a day.
 *
 * @param steps oldest first
 * @returns null where no step holds yet
 */
export function stateOn(steps: readonly OnboardingStep[], day: Day): OnboardingState | null {
  return steps.findLast(({ from }) => from <= day)?.state ?? null
}

/** An opening, whose population a message may not say. */
export type AskedOpening = Omit<LaneOpening, 'population'> & { readonly population: Population | null }

/** How it is called: `跨省普通门诊（居民医保）直接结算`. */
export function openingName({ lane, reach, population }: AskedOpening): string {
  const people = population === null ? '' : `（${POPULATIONS[population]}）`
  return `${REACHES[reach]}${LANES[lane]}${people}直接结算`
}

/** What may follow. @param open whether the register has the lane open where there is no step yet */
function nextStates(steps: readonly OnboardingStep[], open: boolean): readonly OnboardingState[] {
  const last = steps.at(-1)?.state
  if (last) return NEXT[last]
  return open ? NEXT.opened : ['applied']
}

/**
 * Judges the next step of an opening.
 *
 * @param steps those that stand, oldest first
 * @param step the next one
 * @param known `open`: whether the register has the lane open; `today`: the Shanghai day
 * @returns why it may not be taken, as a Chinese sentence; null where it may
 */
export function stepFault(
  steps: readonly OnboardingStep[],
  { state, from, by, reason, score }: OnboardingStep,
  { open, today }: { readonly open: boolean; readonly today: Day },
): string | null {
  const next = nextStates(steps, open)
  if (!next.includes(state)) {
    const last = steps.at(-1)?.state ?? (open ? 'opened' : null)
    const now = last === null ? '尚未申请' : `现为“${ONBOARDING_STATES[last]}”`
    const may = next.map((one) => `“${ONBOARDING_STATES[one]}”`).join('或')
    return `${now}，下一步只能是${may}，不能是“${ONBOARDING_STATES[state]}”`
  }
  if (by.trim() === '' || by.length > NAME_LENGTH_MAX) return `须写明经办人，至多${NAME_LENGTH_MAX}个字`
  if (reason.trim() === '' || reason.length > REASON_LENGTH_MAX)
    return `须写明原因，至多${REASON_LENGTH_MAX}个字`
  const last = steps.at(-1)
  if (last && from < last.from) return `生效日期${from}不能早于上一步的生效日期${last.from}`
  if (GATING.includes(state) && from < today) return `开通、暂停不能追溯，生效日期不能早于今天${today}`
  if (!GATING.includes(state) && from > today)
    return `“${ONBOARDING_STATES[state]}”须已办完，日期不能晚于今天${today}`
  if (score && state !== 'tested') return '只有测试一步可以附符合性检查结果'
  if (score && (score.failed > 0 || score.passed === 0))
    return `符合性检查未通过：通过${score.passed}项，未通过${score.failed}项`
  return null
}
