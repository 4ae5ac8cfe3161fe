/** An area code is taken by its form, and two areas are local, within a province or across provinces to each other. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Area,
  cityOf,
  hasAreaShape,
  liesIn,
  parseArea,
  provinceOf,
  type Relation,
  relationOf,
} from '../../src/domain/area.ts'

const anyArea = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.nat(99_999))
  .map(([first, rest]) => parseArea(`${first}${String(rest).padStart(5, '0')}`))

describe('parseArea() and hasAreaShape()', () => {
  it.each(['110000', '621025', '130399', '130371', '820000'])('take %s', (text) => {
    expect(parseArea(text)).toBe(text)
    expect(hasAreaShape(text)).toBe(true)
  })

  it.each(['', '010000', '900000', '62102', '6210250', '62102a', ' 621025', '621025\n', '６２１０２５'])(
    'refuse "%s"',
    (text) => {
      expect(() => parseArea(text)).toThrow(RangeError)
      expect(hasAreaShape(text)).toBe(false)
    },
  )
})

describe('provinceOf() and cityOf()', () => {
  it('cut to two and four digits', () => {
    expect(provinceOf(parseArea('621025'))).toBe('620000')
    expect(cityOf(parseArea('621025'))).toBe('621000')
    expect(cityOf(parseArea('130399'))).toBe('130300')
  })
})

describe('relationOf()', () => {
  it.each<[string, string, Relation]>([
    ['621025', '621025', 'local'],
    ['621025', '621002', 'local'],
    ['621025', '621000', 'local'],
    ['621025', '620102', 'intra'],
    ['621025', '620000', 'intra'],
    ['621025', '610102', 'cross'],
    ['621025', '640000', 'cross'],
    ['110101', '110108', 'local'],
    ['500101', '500201', 'intra'],
  ])('%s treated in %s is %s', (insured, treatment, expected) => {
    expect(relationOf(insured as Area, treatment as Area)).toBe(expected)
  })

  it('is the same both ways round, and local to itself', () => {
    fc.assert(
      fc.property(anyArea, anyArea, (one, other) => {
        expect(relationOf(one, other)).toBe(relationOf(other, one))
        expect(relationOf(one, one)).toBe('local')
        expect(relationOf(one, other) === 'cross').toBe(provinceOf(one) !== provinceOf(other))
      }),
    )
  })
})

describe('liesIn()', () => {
  it.each<[string, string, boolean]>([
    ['621025', '620000', true],
    ['621025', '621000', true],
    ['621025', '621025', true],
    ['621025', '621002', false],
    ['621025', '620100', false],
    ['621025', '610000', false],
    ['621000', '621025', false],
    ['620000', '621000', false],
    ['310101', '310000', true],
  ])('%s in %s: %s', (code, region, expected) => {
    expect(liesIn(code as Area, region as Area)).toBe(expected)
  })

  it('every area lies in itself, its city and its province', () => {
    fc.assert(
      fc.property(anyArea, (code) => {
        expect([code, cityOf(code), provinceOf(code)].every((region) => liesIn(code, region))).toBe(true)
      }),
    )
  })
})
