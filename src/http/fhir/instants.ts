/** FHIR times with a UTC offset as days in Shanghai: the first day of a map must not depend on the time zone. */
import { type Day, dayOf, type Instant } from '../../domain/day.ts'

/** Whether a text is a dateTime or instant with its offset: `2025-12-31T16:00:00Z`. */
export function isInstant(text: string): boolean {
  return /T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text)
}

/** The day in Shanghai. @throws {RangeError} if the text is not a time */
export function shanghaiDay(text: string): Day {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new RangeError('No time')
  return dayOf(at as Instant)
}
