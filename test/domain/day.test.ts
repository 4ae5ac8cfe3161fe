/** A day is one of the Shanghai calendar, and times of the wire are read and written as Shanghai time. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  compactTime,
  compactTimeMs,
  dayOf,
  daysBetween,
  type Instant,
  instantFromShanghai,
  parseDay,
  shanghaiTime,
} from '../../src/domain/day.ts'

const at = (iso: string) => Date.parse(iso) as Instant

describe('parseDay()', () => {
  it.each(['2025-03-31', '2024-02-29', '2000-02-29', '2025-12-31', '2025-01-01', '0100-01-01', '9999-12-31'])(
    'reads %s',
    (text) => {
      expect(parseDay(text)).toBe(text)
    },
  )

  it.each([
    '',
    '2025-02-29',
    '1900-02-29',
    '2025-04-31',
    '2025-00-10',
    '2025-13-01',
    '2025-01-00',
    '2025-01-32',
    '2025-1-1',
    '20250101',
    '2025/01/01',
    '2025-01-01 00:00:00',
    ' 2025-01-01',
    '2025-01-01\n',
    '10000-01-01',
  ])('rejects "%s"', (text) => {
    expect(() => parseDay(text)).toThrow(RangeError)
  })
})

describe('parseDay() and the calendar of Date', () => {
  const part = (width: number) =>
    fc
      .oneof(fc.nat({ max: 10 ** width - 1 }), fc.nat({ max: 40 }))
      .map((value) => String(value).padStart(width, '0'))

  it('know the same days', () => {
    const text = fc.tuple(part(4), part(2), part(2), fc.constantFrom('-', '-', '-', '/', ''))
    fc.assert(
      fc.property(text, ([year, month, day, dash]) => {
        const written = [year, month, day].join(dash)
        const read = new Date(`${written}T00:00:00Z`)
        const known =
          !Number.isNaN(read.getTime()) && read.toISOString().startsWith(`${written}T`) && year >= '0100'
        if (known) expect(parseDay(written)).toBe(written)
        else expect(() => parseDay(written)).toThrow(RangeError)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('dayOf()', () => {
  it('turns over at midnight in Shanghai, sixteen hours into the UTC day', () => {
    expect(dayOf(at('2025-03-31T15:59:59.999Z'))).toBe('2025-03-31')
    expect(dayOf(at('2025-03-31T16:00:00.000Z'))).toBe('2025-04-01')
    expect(dayOf(at('2024-12-31T16:00:00.000Z'))).toBe('2025-01-01')
    expect(dayOf(at('2024-02-28T16:00:00.000Z'))).toBe('2024-02-29')
  })

  it('keeps to eight hours in the years of summer time', () => {
    expect(dayOf(at('1988-07-01T15:30:00Z'))).toBe('1988-07-01')
  })
})

describe('addDays() and daysBetween()', () => {
  it.each<[string, number, string]>([
    ['2025-01-31', 1, '2025-02-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2025-02-28', 1, '2025-03-01'],
    ['2025-01-01', -1, '2024-12-31'],
    ['2025-06-15', 0, '2025-06-15'],
    ['2024-02-29', 365, '2025-02-28'],
  ])('%s and %d days is %s', (from, days, to) => {
    expect(addDays(parseDay(from), days)).toBe(to)
    expect(daysBetween(parseDay(from), parseDay(to))).toBe(days)
  })

  it('undo each other, and text order is the order of time', () => {
    const days = fc.integer({ min: -100_000, max: 100_000 })
    const start = parseDay('2025-06-15')
    fc.assert(
      fc.property(days, days, (first, second) => {
        const [one, other] = [addDays(start, first), addDays(start, second)]
        expect(parseDay(one)).toBe(one)
        expect(daysBetween(one, other)).toBe(second - first)
        expect(addDays(one, second - first)).toBe(other)
        expect(Math.sign(one < other ? -1 : one > other ? 1 : 0)).toBe(Math.sign(first - second))
      }),
    )
  })
})

describe('instantFromShanghai()', () => {
  it.each<[string, string]>([
    ['2025-03-12 08:00:42', '2025-03-12T00:00:42.000Z'],
    ['2025-03-12T08:00:42', '2025-03-12T00:00:42.000Z'],
    ['2025-03-12 08:00', '2025-03-12T00:00:00.000Z'],
    ['2025-03-12', '2025-03-11T16:00:00.000Z'],
    ['2025-03-12 00:00:00', '2025-03-11T16:00:00.000Z'],
    ['2025-03-12 23:59:59', '2025-03-12T15:59:59.000Z'],
    ['2025-03-12 08:00:42.5', '2025-03-12T00:00:42.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(new Date(instantFromShanghai(text)).toISOString()).toBe(expected)
  })

  it.each([
    '',
    '2025-03-12 24:00:00',
    '2025-03-12 23:60:00',
    '2025-03-12 23:59:60',
    '2025-02-30 08:00:00',
    '2025-03-12 8:00:00',
    '2025-03-12 08:00:00Z',
    '2025-03-12T08:00:00+08:00',
    '20250312080000',
    '2025-03-12  08:00:00',
  ])('rejects "%s"', (text) => {
    expect(() => instantFromShanghai(text)).toThrow(RangeError)
  })
})

describe('shanghaiTime(), compactTime() and compactTimeMs()', () => {
  it('write the forms of the wire', () => {
    const instant = at('2025-03-31T16:00:07.045Z')
    expect(shanghaiTime(instant)).toBe('2025-04-01 00:00:07')
    expect(compactTime(instant)).toBe('20250401000007')
    expect(compactTimeMs(instant)).toBe('20250401000007045')
  })

  it('are read back to the second, and say the same day as dayOf()', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (ms) => {
        const instant = ms as Instant
        expect(instantFromShanghai(shanghaiTime(instant))).toBe(ms - (ms % 1000))
        expect(shanghaiTime(instant).slice(0, 10)).toBe(dayOf(instant))
      }),
    )
  })
})
