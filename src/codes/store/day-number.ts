/**
 * Days as 16-bit numbers, counted from 1970, for spans in the packed store. A span that begins before 1970 has no
 * first day, one that ends after 2149 has no end; national tables begin in 2019 and write 2099 for no end.
 */
import type { Day } from '../../domain/day.ts'

const DAY_MS = 86_400_000

/** First day of a span that has none. */
export const ALWAYS = 0
/** End of a span that has none. */
export const NEVER = 0xffff

const digit = (text: string, at: number) => text.charCodeAt(at) - 48

/** Days from March to a month of the civil calendar; starting in March puts the leap day last. */
function sinceEra(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const m = month > 2 ? month - 3 : month + 9
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return y * 365 + leaps + Math.floor((153 * m + 2) / 5) + day
}

const EPOCH = sinceEra(1970, 1, 1)

/** Number of a day, clamped at both ends. */
export function dayNumber(day: Day): number {
  const year = digit(day, 0) * 1000 + digit(day, 1) * 100 + digit(day, 2) * 10 + digit(day, 3)
  const month = digit(day, 5) * 10 + digit(day, 6)
  const number = sinceEra(year, month, digit(day, 8) * 10 + digit(day, 9)) - EPOCH
  return Math.min(Math.max(number, ALWAYS), NEVER)
}

/** The day of a number. */
export function dayOfNumber(number: number): Day {
  return new Date(number * DAY_MS).toISOString().slice(0, 10) as Day
}
