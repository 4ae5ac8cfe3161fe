/**
 * Times as serializers of hospital systems write them, brought to the form of the wire. Source: forms sent by public
 * clients [F]; unpadded ones of C#, `/Date(…)/` of older .NET [K].
 *
 * | written | by |
 * |---|---|
 * | `2026-11-30T09:44:07.1234567+08:00`, `…Z` | Newtonsoft, Jackson |
 * | `2026-11-30 09:44:07.0` | JDBC, Oracle |
 * | `2026-11-30 09:44:07.123456+08` | PostgreSQL |
 * | `2026-11-30T09:44:07.123+08:00[Asia/Shanghai]` | `ZonedDateTime` of Java |
 * | `1796003047000`, as number or text | fastjson |
 * | `20261130094407`, `20261130094407123` | the interface itself, inside its ids |
 * | `2026/11/30 9:44:07`, `2026.11.30` | C# by its culture |
 * | `/Date(1796003047000+0800)/` | JavaScriptSerializer |
 */
import { type Instant, shanghaiTime } from '../../src/domain/day.ts'
import { ANY_TIME } from '../../src/scanner/calendar.ts'

const APART =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d{1,9})?)?\s?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)?(?:\[[\w/+-]+\])?)?$/i
const TOGETHER = /^(\d{4})()(\d{2})(\d{2})(?:(\d{2})(\d{2})(?:(\d{2})(?:\d{3})?)?)?$/
const EPOCH_MS = /^(\d{13})$|^\/Date\((\d{12,13})(?:[+-]\d{4})?\)\/$/
/** A number with fewer digits is no time that a serializer writes. */
const NUMBER_MIN = 1e11

/**
 * Reads a time in any of the forms.
 *
 * @param written text without blanks around it, or a number
 * @returns `yyyy-MM-dd HH:mm:ss` in Shanghai time, `yyyy-MM-dd` where only a day was written, whether the calendar has it
 *   or not; null if it has another form
 */
export function wireTime(written: string | number): string | null {
  if (typeof written === 'number' && !(written >= NUMBER_MIN)) return null
  const text = String(written)
  const epoch = EPOCH_MS.exec(text)
  if (epoch) return shanghaiTime(Number(epoch[1] ?? epoch[2]) as Instant)
  const parts = APART.exec(text) ?? TOGETHER.exec(text)
  if (!parts) return null
  const [, year, , month, date, hour, minute, second = '0', zone] = parts
  const day = `${year}-${padded(month!)}-${padded(date!)}`
  const clock = hour === undefined ? '' : ` ${padded(hour)}:${padded(minute!)}:${padded(second)}`
  if (zone === undefined || !ANY_TIME.test(day + clock)) return day + clock
  // Without the T it is no form of ECMAScript's, and the year 0001 of .NET would be read as 2001.
  const moved = shanghaiTime(Date.parse(`${day}T${clock.trim()}${zoned(zone)}`) as Instant)
  // The offset may move the first and the last day of the calendar out of it: these say that nothing is known.
  return ANY_TIME.test(moved) ? moved : day + clock
}

function padded(digits: string): string {
  return digits.padStart(2, '0')
}

/** `+0800` and `+08` as `+08:00`. */
function zoned(zone: string): string {
  return zone.length === 1 ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`
}
