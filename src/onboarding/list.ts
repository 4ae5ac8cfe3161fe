/** What is listed of openings: each with its state today and all its steps, and how many institutions have come how far. */
import type { Day } from '../domain/day.ts'
import type { Lane } from '../domain/lane.ts'
import type { LaneOpening, Population, Reach } from '../domain/onboarding.ts'
import {
  ONBOARDING_STATES,
  type OnboardingState,
  POPULATIONS,
  REACHES,
  stateOn,
} from '../domain/onboarding.ts'
import type { Onboarding, OnboardingBook } from './book.ts'

/** Which are listed; a field that is absent asks for all. `area` is the beginning of the area in the code. */
export interface OnboardingFilter {
  readonly institution?: string | undefined
  readonly lane?: Lane | undefined
  readonly state?: OnboardingState | undefined
  /** `430900` a city, `430000` a province. */
  readonly area?: string | undefined
}

/** An opening as it is listed. */
export interface ListedOnboarding extends Onboarding {
  /** Today; null where its first step is to come. */
  readonly state: OnboardingState | null
}

/** The list. */
export interface OnboardingList {
  /** Institutions that have an opening in this state. */
  readonly institutions: Readonly<Record<OnboardingState, number>>
  readonly openings: readonly ListedOnboarding[]
}

/** Lists them, by institution. */
export function listOnboarding(book: OnboardingBook, filter: OnboardingFilter, today: Day): OnboardingList {
  const { institution, lane, state, area = '' } = filter
  const prefix = area.replace(/(?:00){1,2}$/, '')
  const openings = [...book.values()]
    .flat()
    .map((one): ListedOnboarding => ({ ...one, state: stateOn(one.steps, today) }))
    .filter(
      (one) =>
        (institution === undefined || one.institution === institution) &&
        (lane === undefined || one.lane === lane) &&
        (state === undefined || one.state === state) &&
        one.institution.slice(1).startsWith(prefix),
    )
    .sort((one, other) =>
      one.institution < other.institution ? -1 : Number(one.institution > other.institution),
    )
  const counted = (Object.keys(ONBOARDING_STATES) as OnboardingState[]).map((of) => {
    const codes = openings.filter((one) => one.state === of).map((one) => one.institution)
    return [of, new Set(codes).size]
  })
  return { institutions: Object.fromEntries(counted), openings }
}

/** The openings that are meant by `all`, or by one of each. */
export function openingsOf(
  lane: Lane,
  reach: Reach | 'all',
  population: Population | 'all',
): readonly LaneOpening[] {
  const each = <Key extends string>(of: Readonly<Record<Key, string>>, one: Key | 'all') =>
    one === 'all' ? (Object.keys(of) as Key[]) : [one]
  return each(REACHES, reach).flatMap((one) =>
    each(POPULATIONS, population).map((whom) => ({ lane, reach: one, population: whom })),
  )
}
