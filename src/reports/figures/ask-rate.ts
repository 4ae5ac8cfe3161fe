/** Answers the question for the settlement rate from the figures, in the same shape as a count over all stays gives. */
import { type Area, prefixOf } from '../../domain/area.ts'
import type { Day } from '../../domain/day.ts'
import type { FiguresStore } from '../../store/queries/figures/open.ts'
import { countPersons, type StaysAsked, sumStays } from '../../store/queries/figures/sums.ts'
import type { RateQuestions } from '../question.ts'
import { type RateQuestion, rateOf, type SettlementRate } from '../settlement-rate.ts'
import { componentsOf } from './rates.ts'

/** @returns one figure where scope and basis are both given, else one for each question */
export function answerRate(
  { $client }: FiguresStore,
  { questions, single }: RateQuestions,
): SettlementRate | SettlementRate[] {
  const sums = new Map<Day, ReturnType<typeof sumStays>>()
  const persons = new Map<string, number>()
  const answers = questions.map((question) => {
    const asked = askedBy(question)
    const sumsOn = (asOf: Day) => {
      const known = sums.get(asOf) ?? sumStays($client, { ...asked, asOf }, 'none')
      sums.set(asOf, known)
      return known
    }
    const { scope } = question
    const people = persons.get(scope) ?? countPersons($client, asked, scope === 'all' ? null : scope)
    persons.set(scope, people)
    return rateOf(question, (asOf) => componentsOf(sumsOn(asOf), scope), people)
  })
  return single ? answers[0]! : answers
}

function askedBy({ area, from, to, asOf }: Pick<RateQuestion, 'area' | 'from' | 'to' | 'asOf'>): StaysAsked {
  return { view: 'outbound', prefix: prefixOf(area as Area), from, to, asOf, institution: null }
}
