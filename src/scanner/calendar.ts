/**
 * Days and times as the wire writes them, as patterns and as matchers of bytes that say the same. A `RegExp` over a copy
 * of each time of a bill would cost as much as the rest of its line.
 *
 * An event lies in the years 2000 to 2079. The interface is of 2020, and what systems write where they know nothing lies
 * outside: 0001-01-01, 1899-12-30, 1900-01-01, 1970-01-01, 2099-12-31, 9999-12-31. [K] A limit of no clock, so that the
 * same message is judged the same on every day.
 */
import type { Matcher } from './pattern.ts'

const MONTH_DAY =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))'
const EVENT = `(?:20[0-7]\\d-${MONTH_DAY}|20(?:[0246][048]|[1357][26])-02-29)`
const LEAP = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)'
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d'

/** When something happened: `2026-11-30 09:44:07`, or its day alone. */
export const EVENT_TIME = new RegExp(`^${EVENT}(?: ${CLOCK})?$`)
/** Any day or time of the calendar: a birth, or `9999-12-31` where something never ends. */
export const ANY_TIME = new RegExp(`^(?:\\d{4}-${MONTH_DAY}|${LEAP}-02-29)(?: ${CLOCK})?$`)

/** Matchers of these patterns, by their source. */
export const CALENDAR: ReadonlyMap<string, Matcher> = new Map([
  [EVENT_TIME.source, matcherOf(2000, 2079)],
  [ANY_TIME.source, matcherOf(0, 9999)],
])

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const DASH = 0x2d
const BLANK = 0x20
const COLON = 0x3a

function matcherOf(first: number, last: number): Matcher {
  return (bytes, start, end) => {
    const length = end - start
    if (length !== 10 && length !== 19) return false
    const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2)
    const month = twoDigits(bytes, start + 5)
    const day = twoDigits(bytes, start + 8)
    if (year < first || year > last || bytes[start + 4] !== DASH || bytes[start + 7] !== DASH) return false
    if (month < 1 || month > 12 || day < 1) return false
    if (day > DAYS[month - 1]! && !(month === 2 && day === 29 && isLeap(year))) return false
    return length === 10 || isClock(bytes, start + 10)
  }
}

function isClock(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== BLANK || bytes[at + 3] !== COLON || bytes[at + 6] !== COLON) return false
  const hour = twoDigits(bytes, at + 1)
  const minute = twoDigits(bytes, at + 4)
  const second = twoDigits(bytes, at + 7)
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
}

/** The number of two digits; far below zero where one of them is none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1_000_000
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}
