/** Which edition is in force on a day. */
import type { Day } from '../domain/day.ts'
import type { LiveBook } from './pack.ts'
import type { EditionHead } from './store/rows.ts'

/** An edition in use: what is known of it, and its place in the packed book. */
export interface LiveEdition extends EditionHead {
  readonly place: number
}

/** The editions in use of a packed book, in order of their first day. */
export function liveEditions({ book, live }: LiveBook): readonly LiveEdition[] {
  return live.map((place) => ({ ...book.editions[place]!, place }))
}

/** Finds the last edition that is in force on a day; the answer of the last day asked is kept. */
export function createCalendar(editions: readonly LiveEdition[]): (day: Day) => LiveEdition | undefined {
  let lastDay: Day | null = null
  let last: LiveEdition | undefined
  return (day) => {
    if (day === lastDay) return last
    last = editions.findLast(({ from }) => from <= day)
    lastDay = day
    return last
  }
}
