/** A treatment elsewhere is covered by a filing for that place and day, and otherwise refused with its reason. */
import { describe, expect, it } from 'vitest'
import { parseArea } from '../../src/domain/area.ts'
import { parseDay } from '../../src/domain/day.ts'
import { FILING_KINDS, type Filing, filingFor } from '../../src/domain/filing.ts'

function filing(destination: string, from: string, until: string | null): Filing {
  return {
    kind: '11',
    destination: parseArea(destination),
    from: parseDay(from),
    until: until === null ? null : parseDay(until),
  }
}

const here = filing('620100', '2025-03-01', '2025-03-31')
const province = filing('620000', '2025-03-10', null)
const elsewhere = filing('340100', '2025-01-01', null)
const over = filing('620100', '2024-01-01', '2024-12-31')

describe('filingFor()', () => {
  it.each<[string, readonly Filing[], string, Filing | 'E101' | 'E102' | 'E103']>([
    ['none at all', [], '2025-03-15', 'E101'],
    ['one for another place', [elsewhere], '2025-03-15', 'E102'],
    ['the day before the first', [here], '2025-02-28', 'E103'],
    ['the first day', [here], '2025-03-01', here],
    ['a day within', [here], '2025-03-15', here],
    ['the last day', [here], '2025-03-31', here],
    ['the day after the last', [here], '2025-04-01', 'E103'],
    ['without an end, the day before', [province], '2025-03-09', 'E103'],
    ['without an end, the first day', [province], '2025-03-10', province],
    ['without an end, years later', [province], '2099-12-31', province],
    ['one that stands behind one that is over', [over, here], '2025-03-15', here],
    ['over here, standing elsewhere', [over, elsewhere], '2025-03-15', 'E103'],
    ['the first of two that stand', [here, province], '2025-03-15', here],
  ])('%s', (_what, filings, on, expected) => {
    const verdict = filingFor(filings, parseArea('620102'), parseDay(on))
    expect(verdict).toEqual(
      typeof expected === 'string' ? { valid: false, reason: expected } : { valid: true, filing: expected },
    )
  })

  it.each<[string, string, boolean]>([
    ['620100', '620102', true],
    ['620100', '621002', false],
    ['620000', '621002', true],
    ['620102', '620102', true],
    ['620102', '620100', false],
    ['310000', '310115', true],
  ])('a filing for %s covers %s: %s', (destination, treatment, expected) => {
    const verdict = filingFor(
      [filing(destination, '2025-01-01', null)],
      parseArea(treatment),
      parseDay('2025-03-15'),
    )
    expect(verdict).toMatchObject(expected ? { valid: true } : { valid: false, reason: 'E102' })
  })
})

describe('FILING_KINDS', () => {
  it('holds three long-term and three temporary kinds', () => {
    const groups = Object.values(FILING_KINDS).map(({ group }) => group)
    expect(groups.filter((group) => group === 'long-term')).toHaveLength(3)
    expect(groups.filter((group) => group === 'temporary')).toHaveLength(3)
  })
})
