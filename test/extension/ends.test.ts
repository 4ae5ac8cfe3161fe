/** What the scanner asks of texts and times byte by byte is what the general way asks of them as texts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLANKS, trimmed } from '../../src/domain/blank.ts'
import { spellingOf } from '../../src/extension/spelling.ts'
import { ANY_TIME, EVENT_TIME } from '../../src/scanner/calendar.ts'
import { isBare, MAY_BLANK, saysNone } from '../../src/scanner/ends.ts'
import { compilePattern } from '../../src/scanner/pattern.ts'
import { runs } from '../support/runs.ts'

/** A text between its quotes, as it stands in a message. */
function within(text: string) {
  const bytes = Buffer.from(`"${text}"`)
  return { bytes, start: 1, end: bytes.length - 1 }
}

describe('isBare()', () => {
  const character = fc.oneof(
    fc.constantFrom(...BLANKS.map((unit) => String.fromCharCode(unit))),
    fc.constantFrom('a', '7', '院', '）', '𬌗', 'é', '\u0800', '\uffff', '\u3001', '\u2010', '\u00a1'),
  )

  it('says of a text what trimmed() makes of it', () => {
    fc.assert(
      fc.property(fc.array(character, { minLength: 1, maxLength: 4 }), (characters) => {
        const text = characters.join('')
        const { bytes, start, end } = within(text)
        expect(isBare(bytes, start, end), JSON.stringify(text)).toBe(trimmed(text) === text)
      }),
      { numRuns: runs(20_000) },
    )
  })

  it('need not be asked of a text of which no byte may be of a blank', () => {
    for (const unit of BLANKS) {
      const bytes = Buffer.from(String.fromCharCode(unit))
      expect(bytes.some((byte) => MAY_BLANK[byte] === 1)).toBe(true)
    }
    expect([...Buffer.from('H34-0.1_z')].every((byte) => MAY_BLANK[byte] === 0)).toBe(true)
  })
})

describe('saysNone()', () => {
  it.each([
    ['null', true],
    ['NULL', true],
    ['None', true],
    ['nulk', false],
    ['0000', false],
  ])('of %s says %s', (text, expected) => {
    expect(saysNone(Buffer.from(text), 0)).toBe(expected)
  })
})

describe('a time', () => {
  it.each([
    ['2026-11-30 09:44:07', true],
    ['2026-11-30', true],
    ['2028-02-29', true],
    ['2000-01-01', true],
    ['2079-12-31 23:59:59', true],
    ['2027-02-29', false],
    ['2026-04-31', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-11-30 24:00:00', false],
    ['2026-11-30 25:61:61', false],
    ['1999-12-31', false],
    ['2080-01-01', false],
    ['2099-12-31', false],
    ['2026-11-30T09:44:07', false],
    ['2026-11-30 09:44', false],
  ])('%s is of an event: %s', (text, expected) => {
    const { bytes, start, end } = within(text)
    expect(EVENT_TIME.test(text)).toBe(expected)
    expect(compilePattern(EVENT_TIME.source)(bytes, start, end)).toBe(expected)
  })

  it('may be of any year where nothing happened then', () => {
    for (const text of ['9999-12-31', '1949-10-01 00:00:00']) expect(ANY_TIME.test(text)).toBe(true)
    for (const text of ['1900-02-29', '2026-02-30']) expect(ANY_TIME.test(text)).toBe(false)
  })

  it.each([EVENT_TIME, ANY_TIME])('is judged by its bytes as %s judges it', (pattern) => {
    const matches = compilePattern(pattern.source)
    const two = (max: number) => fc.nat({ max }).map((number) => String(number).padStart(2, '0'))
    const year = fc.oneof(
      fc.integer({ min: 1990, max: 2110 }).map(String),
      fc.constantFrom('0000', '1900', '9999'),
    )
    const day = fc.tuple(year, two(14), two(33)).map((parts) => parts.join('-'))
    const clock = fc.tuple(two(26), two(62), two(62)).map((parts) => ` ${parts.join(':')}`)
    const written = fc.tuple(day, fc.oneof(clock, fc.constant(''))).map((parts) => parts.join(''))
    const broken = fc.tuple(written, fc.nat({ max: 18 }), fc.constantFrom('', 'x', ' ', '-', '中'))
    const spoilt = broken.map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1))
    fc.assert(
      fc.property(fc.oneof(written, spoilt), (text) => {
        const { bytes, start, end } = within(text)
        expect(matches(bytes, start, end), text).toBe(pattern.test(text))
      }),
      { numRuns: runs(20_000) },
    )
  })
})

describe('spellingOf()', () => {
  it('is one of all spellings of a name, and empty without a Latin one', () => {
    expect(new Set(['dscg_time', 'dscgTime', 'DSCG_TIME', 'Dscg-Time'].map(spellingOf))).toEqual(
      new Set(['dscgtime']),
    )
    expect(spellingOf('名称')).toBe('')
  })
})
