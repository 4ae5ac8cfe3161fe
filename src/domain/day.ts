/**
 * Time: instants are UTC milliseconds, days are Shanghai calendar days. China has one time zone and no daylight
 * saving.
 */
declare const day: unique symbol
declare const instant: unique symbol

/** A Shanghai calendar day `YYYY-MM-DD`; compared as text. */
export type Day = string & { readonly [day]: true }

/** UTC milliseconds since 1970. */
export type Instant = number & { readonly [instant]: true }

const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000
const DAY_MS = 24 * 3600 * 1000
const DASH = 0x2d
const DIGIT_0 = 0x30
const DAYS_OF_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const WIRE_INSTANT = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?)?$/

/**
 * Parses a day.
 *
 * @param text `2025-03-31`
 * @throws {RangeError} if it is malformed or not in the calendar
 */
export function parseDay(text: string): Day {
  if (!isDay(text)) throw new RangeError(`Not a day (YYYY-MM-DD): "${text}"`)
  return text as Day
}

/** Checks the digits: a bill has hundreds of days, and a `Date` for each costs as much as the rest of a line. */
function isDay(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const last = month === 2 && isLeap(year) ? 29 : (DAYS_OF_MONTHS[month - 1] ?? 0)
  const day = digits(text, 8, 10)
  return year >= 100 && day >= 1 && day <= last
}

/** The number formed by digits; −1 if one of them is not a digit. */
function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - DIGIT_0
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** The Shanghai day of an instant. */
export function dayOf(at: Instant): Day {
  return new Date(at + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10) as Day
}

/** Whether an instant lies in the Shanghai day of another one. */
export function isSameDay(at: Instant, other: Instant): boolean {
  return Math.floor((at + SHANGHAI_OFFSET_MS) / DAY_MS) === Math.floor((other + SHANGHAI_OFFSET_MS) / DAY_MS)
}

/** The day `days` later (negative: earlier). */
export function addDays(from: Day, days: number): Day {
  return new Date(Date.parse(`${from}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as Day
}

/** The day of the month after: `dayOfNextMonth('2025-01-31', 20)` is `2025-02-20`. */
export function dayOfNextMonth(from: Day, day: number): Day {
  const [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7))]
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10) as Day
}

/** How many days lie from one day to another: 0 for the same day. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

/**
 * Parses a wire time, which has no offset and means Shanghai.
 *
 * @param text `2025-03-12 08:00:42`, `2025-03-12T08:00:42`, `2025-03-12`
 * @throws {RangeError} if it is malformed or impossible
 */
export function instantFromShanghai(text: string): Instant {
  const match = WIRE_INSTANT.exec(text)
  if (!match) throw new RangeError(`Not a time (YYYY-MM-DD HH:mm:ss): "${text}"`)
  parseDay(text.slice(0, 10))
  const [hour, minute, second] = [Number(match[4] ?? 0), Number(match[5] ?? 0), Number(match[6] ?? 0)]
  if (hour > 23 || minute > 59 || second > 59) throw new RangeError(`Not a time of day: "${text}"`)
  const utc = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]), hour, minute, second)
  return (utc - SHANGHAI_OFFSET_MS) as Instant
}

/** Writes an instant as `yyyy-MM-dd HH:mm:ss` in Shanghai time. */
export function shanghaiTime(at: Instant): string {
  return new Date(at + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** Writes an instant as `yyyyMMddHHmmss` in Shanghai time, the form inside message ids. */
export function compactTime(at: Instant): string {
  return shanghaiTime(at).replace(/\D/g, '')
}

/** Writes an instant as `yyyyMMddHHmmssSSS` in Shanghai time: `refmsg_time` and `respond_time`. */
export function compactTimeMs(at: Instant): string {
  return new Date(at + SHANGHAI_OFFSET_MS).toISOString().slice(0, 23).replace(/\D/g, '')
}
