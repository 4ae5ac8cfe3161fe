/** Resolves which edition a query means, by day, version, or both. */
import type { EditionHead } from '../../codes/store/rows.ts'
import { addDays, type Day } from '../../domain/day.ts'
import { editionInForce } from '../codes/question.ts'
import { FhirFault, notFound } from './operation-outcome.ts'

/** Time parameters of the request. */
export interface AskedAsOf {
  readonly date?: Day | undefined
  readonly version?: string | undefined
}

/**
 * The day of a query. A version without a day means today or, if another edition is in force by now, the last day of
 * the named one.
 *
 * @param what name of the table or map, for the error message
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
    const inForce = editionInForce(editions, date)
    if (inForce === edition) return date
    const text = `${what}在${date}生效的是${inForce ? `${inForce.version}版` : '无'}，不是所指定的版本`
    throw new FhirFault(422, { code: 'business-rule', text })
  }
  if (editionInForce(editions, today) === edition) return today
  const next = editions[index + 1]
  return next && next.from <= today ? addDays(next.from, -1) : edition.from
}
