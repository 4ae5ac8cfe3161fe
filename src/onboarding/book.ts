/** Every step of every opening, by institution: those that come with the gateway, then those that its operators took. */
import type { Day } from '../domain/day.ts'
import {
  type AskedOpening,
  type LaneOpening,
  type OnboardingState,
  type OnboardingStep,
  POPULATIONS,
  stateOn,
} from '../domain/onboarding.ts'

/** A step, and of what it is. */
export interface BookedStep extends OnboardingStep, LaneOpening {
  readonly institution: string
}

/** An opening with its steps, oldest first. */
export interface Onboarding extends LaneOpening {
  readonly institution: string
  readonly steps: readonly OnboardingStep[]
}

/** All openings that have a step, by institution. It never changes: a step makes another book. */
export type OnboardingBook = ReadonlyMap<string, readonly Onboarding[]>

/** Gives the book of this moment. */
export interface OnboardingNow {
  current(): OnboardingBook
}

/** Nothing was ever applied for. */
export const EMPTY_BOOK: OnboardingBook = new Map()

/** The name of an opening within its institution. */
function nameOf({ lane, reach, population }: LaneOpening): string {
  return `${lane} ${reach} ${population}`
}

/** Puts the steps together. @param steps in the order in which they were taken */
export function bookOf(steps: readonly BookedStep[]): OnboardingBook {
  const byInstitution = Map.groupBy(steps, ({ institution }) => institution)
  return new Map(
    [...byInstitution].map(([institution, own]) => [
      institution,
      [...Map.groupBy(own, nameOf).values()].map((of): Onboarding => {
        const { lane, reach, population } = of[0]!
        return { institution, lane, reach, population, steps: of.map(stepOf) }
      }),
    ]),
  )
}

function stepOf({ state, from, by, reason, at, score }: BookedStep): OnboardingStep {
  return { state, from, by, reason, at, ...(score && { score }) }
}

/** The steps of an opening; none where there are none. */
export function stepsOf(
  book: OnboardingBook,
  institution: string,
  opening: LaneOpening,
): readonly OnboardingStep[] {
  const name = nameOf(opening)
  return book.get(institution)?.find((one) => nameOf(one) === name)?.steps ?? []
}

/** What is open at one institution on one day. */
export interface OpenLanes {
  /** @returns the state of an opening; null where nobody has applied for it and the register does not have it open */
  stateOf(asked: AskedOpening): OnboardingState | null
}

/**
 * What is open at an institution on a day, worked out once: each question is a look into a map.
 *
 * @param lanes lanes that the register has open: they speak for every opening that has no step by then
 */
export function openLanesOn(
  onboardings: readonly Onboarding[],
  lanes: ReadonlySet<string>,
  day: Day,
): OpenLanes {
  const states = new Map(
    onboardings.flatMap((one) => {
      const state = stateOn(one.steps, day)
      return state === null ? [] : [[nameOf(one), state] as const]
    }),
  )
  const stateOf = (opening: LaneOpening) =>
    states.get(nameOf(opening)) ?? (lanes.has(opening.lane) ? 'opened' : null)
  return {
    stateOf({ lane, reach, population }) {
      if (population !== null) return stateOf({ lane, reach, population })
      // Whose insurance is not said is let in where anybody is: the platform knows the insurance.
      const each = (Object.keys(POPULATIONS) as LaneOpening['population'][]).map((one) =>
        stateOf({ lane, reach, population: one }),
      )
      return each.includes('opened') ? 'opened' : each[0]!
    },
  }
}
