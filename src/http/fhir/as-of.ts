/** Which edition a question is about, by its day, its version, or both. */
import type { EditionHead } from '../../codes/store/rows.ts'
import { addDays, type Day } from '../../domain/day.ts'
import { editionOn } from '../codes/question.ts'
import { FhirFault, notFound } from './operation-outcome.ts'

/** What the request says about time. */
export interface AskedAsOf {
  readonly date?: Day | undefined
  readonly version?: string | undefined
}

/**
 * The day of a question. Where a version is named and no day, it is the present day or, where another edition is in
 * force by now, the last day of the one that is named.
 *
 * @param what name of the table or map, for the sentence
 * @throws {FhirFault} if there is no such version, or another one was in force on the day
 */
export function dayAsked(
  editions: readonly EditionHead[],
  { date, version }: AskedAsOf,
  today: Day,
  what: string,
): Day {
  if (version === undefined) return date ?? today
  const index = editions.findIndex((one) => one.version === version)
  const edition = editions[index]
  if (!edition) {
    const known = editions.map((one) => one.version).join('、')
    throw notFound(`${what}没有该版本，现有：${known}`)
  }
  if (date !== undefined) {
    const inForce = editionOn(editions, date)
    if (inForce === edition) return date
    const text = `${what}在${date}生效的是${inForce ? `${inForce.version}版` : '无'}，不是所指定的版本`
    throw new FhirFault(422, { code: 'business-rule', text })
  }
  if (editionOn(editions, today) === edition) return today
  const next = editions[index + 1]
  return next && next.from <= today ? addDays(next.from, -1) : edition.from
}
