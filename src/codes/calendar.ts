/** Which edition is in force on a day, and the day in the form of the store. */
import type { Day } from '../domain/day.ts'
import type { LiveBook } from './pack.ts'
import { dayNumber } from './store/day-number.ts'
import type { EditionHead } from './store/rows.ts'

/** An edition in use, with its index in the packed book. */
export interface LiveEdition extends EditionHead {
  readonly place: number
}

/** The editions in use of a packed book, by first day. */
export function liveEditions({ book, live }: LiveBook): readonly LiveEdition[] {
  return live.map((place) => ({ ...book.editions[place]!, place }))
}

/** Maps days to the editions of a table or map. */
export interface Calendar {
  /** The latest edition in force on a day. */
  editionOn(day: Day): LiveEdition | undefined
  /** The day as the number that spans of rows use. */
  numberOf(day: Day): number
}

/** Makes a calendar. It caches the last day asked for, because the lines of a bill mostly share one day. */
export function createCalendar(editions: readonly LiveEdition[]): Calendar {
  let lastDay: Day | null = null
  let lastEdition: LiveEdition | undefined
  let lastNumber = 0

  function turnTo(day: Day): void {
    lastEdition = editions.findLast(({ from }) => from <= day)
    lastNumber = dayNumber(day)
    lastDay = day
  }

  return {
    editionOn(day) {
      if (day !== lastDay) turnTo(day)
      return lastEdition
    },
    numberOf(day) {
      if (day !== lastDay) turnTo(day)
      return lastNumber
    },
  }
}

/** The edition of a packed book that is in force on a day. */
export function inForceOn(book: LiveBook, day: Day): LiveEdition | undefined {
  return liveEditions(book).findLast(({ from }) => from <= day)
}
