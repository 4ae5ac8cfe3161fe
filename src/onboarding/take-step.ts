/** Takes a step with openings of an institution: all of them, or none. */
import type { Day, Instant } from '../domain/day.ts'
import {
  type LaneOpening,
  type OnboardingScore,
  type OnboardingState,
  type OnboardingStep,
  openingName,
  stepFault,
} from '../domain/onboarding.ts'
import { type BookedStep, bookOf, type Onboarding, stepsOf } from './book.ts'
import { addSteps } from './file.ts'

/** A step that may not be taken, as one Chinese sentence for the person who asked. */
export class OnboardingRefused extends Error {
  override readonly name = 'OnboardingRefused'
}

/** What is asked. */
export interface StepAsked {
  readonly institution: string
  readonly openings: readonly LaneOpening[]
  readonly state: OnboardingState
  /** Absent: from today. */
  readonly from?: Day | undefined
  readonly by: string
  readonly reason: string
  readonly score?: OnboardingScore | undefined
}

/** What a step is judged by. */
export interface StepPlace {
  readonly dataDir: string
  readonly shipped: readonly BookedStep[]
  readonly today: Day
  readonly now: Instant
  /** Lanes that the register has open for an institution; null where it does not list it. */
  lanesOf(institution: string): ReadonlySet<string> | null
}

/** Whether a step is the last one again: who heard no answer asks once more. */
function isSame(last: OnboardingStep | undefined, { state, from, by, reason }: OnboardingStep): boolean {
  return last?.state === state && last.from === from && last.by === by && last.reason === reason
}

/**
 * Takes it. The same step again changes nothing.
 *
 * @returns the openings with all their steps
 * @throws {OnboardingRefused} where one of them may not take it: then nothing was changed
 */
export function takeStep(place: StepPlace, asked: StepAsked): readonly Onboarding[] {
  const { dataDir, shipped, today, now } = place
  const { institution, openings, state, from = today, by, reason, score } = asked
  const lanes = place.lanesOf(institution)
  if (!lanes) throw new OnboardingRefused(`定点医药机构${institution}未登记，没有变更`)
  const step: OnboardingStep = {
    ...{ state, from, by: by.trim(), reason: reason.trim(), at: now },
    ...(score && { score }),
  }
  const added = addSteps(dataDir, (standing) => {
    const book = bookOf([...shipped, ...standing])
    const fresh = openings.filter((one) => !isSame(stepsOf(book, institution, one).at(-1), step))
    for (const opening of fresh) {
      const open = lanes.has(opening.lane)
      const fault = stepFault(stepsOf(book, institution, opening), step, { open, today })
      if (fault) throw new OnboardingRefused(`${institution}${openingName(opening)}：${fault}；没有变更`)
    }
    return fresh.map((opening) => ({ institution, ...opening, ...step }))
  })
  if (!added) throw new OnboardingRefused('另一人正在变更开通状态，没有变更，请稍后再试')
  const book = bookOf([...shipped, ...added])
  return openings.map((opening) => ({ institution, ...opening, steps: stepsOf(book, institution, opening) }))
}
