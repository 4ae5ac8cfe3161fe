/** An identity number is told from a mistyped one, and every other document number by the form of its kind. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identityCheck, isDocumentNumber, isIdentityNumber } from '../../src/domain/person.ts'
import { invented, numbered } from '../support/identity-numbers.ts'

describe('identityCheck()', () => {
  it.each(['990001197001019019', '990002195803029021', '990003198211159033', '990004199006209047'])(
    'gives the last place of %s, which the facts made up by other means',
    (number) => {
      expect(identityCheck(number.slice(0, 17))).toBe(number[17])
    },
  )

  it('makes the weighted sum of all eighteen places 1 modulo 11', () => {
    fc.assert(
      fc.property(invented, (number) => {
        const sum = [...number].reduce(
          (rest, digit) => (rest * 2 + (digit === 'X' ? 10 : Number(digit))) % 11,
          0,
        )
        expect(sum).toBe(1)
      }),
    )
  })
})

describe('isIdentityNumber()', () => {
  it('takes an invented number, and none with another check character', () => {
    fc.assert(
      fc.property(invented, (number) => {
        expect(isIdentityNumber(number)).toBe(true)
        const others = [...'0123456789X'].filter((character) => character !== number[17])
        expect(others.some((character) => isIdentityNumber(number.slice(0, 17) + character))).toBe(false)
      }),
    )
  })

  it('finds every single wrong digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(invented, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, place, more) => {
        const digits = [...number]
        const wrong = digits.with(place, String((Number(digits[place]) + more) % 10)).join('')
        expect(isIdentityNumber(wrong)).toBe(false)
        const swapped = digits
          .with(place, digits[place + 1]!)
          .with(place + 1, digits[place]!)
          .join('')
        if (swapped !== number && !swapped.slice(0, 17).includes('X'))
          expect(isIdentityNumber(swapped)).toBe(false)
      }),
    )
  })

  it.each<[string, string, boolean]>([
    ['a leap day', numbered('99000119960229001'), true],
    ['a leap day of another year', numbered('99000119970229001'), false],
    ['the last day of April', numbered('99000119900430001'), true],
    ['the day after it', numbered('99000119900431001'), false],
    ['month thirteen', numbered('99000119901301001'), false],
    ['month zero', numbered('99000119900001001'), false],
    ['day zero', numbered('99000119900100001'), false],
    ['seventeen places', '99000119900101001', false],
    ['nineteen places', `${numbered('99000119900101001')}0`, false],
    ['the old form of fifteen', '990001900101001', false],
    ['a space behind', `${numbered('99000119900101001')} `, false],
    ['nothing', '', false],
  ])('%s: %s is %s', (_what, number, expected) => {
    expect(isIdentityNumber(number)).toBe(expected)
  })

  it('takes X and refuses x', () => {
    const body = Array.from(
      { length: 1000 },
      (_, serial) => `99000119900101${String(serial).padStart(3, '0')}`,
    ).find((candidate) => identityCheck(candidate) === 'X')!
    expect(isIdentityNumber(`${body}X`)).toBe(true)
    expect(isIdentityNumber(`${body}x`)).toBe(false)
  })
})

const RESIDENT = numbered('81000019900101001')

describe('isDocumentNumber()', () => {
  it.each<[string, string, boolean]>([
    ['01', numbered('99000119900101001'), true],
    ['01', 'H1234567', false],
    ['02', '军字第0000001号', true],
    ['02', '', false],
    ['04', 'H1234567', true],
    ['04', 'H123456', false],
    ['04', 'H1234567890', true],
    ['05', 'M12345678', true],
    ['05', 'MM1234567', false],
    ['06', '12345678', true],
    ['06', '1234567', false],
    ['06', 'T12345678', false],
    ['07', 'ABC123456789012', true],
    ['07', 'ABC12345678901', false],
    ['07', '999000199001010017', true],
    ['07', '899000199001010017', false],
    ['17', RESIDENT, true],
    ['17', RESIDENT.slice(0, 17) + ((Number(RESIDENT[17]) + 1) % 10 || 0), false],
    ['17', numbered('84000019900101001'), false],
    ['17', numbered('99000119900101001'), false],
    ['99', 'a'.repeat(50), true],
    ['99', 'a'.repeat(51), false],
    ['99', '', false],
    ['a kind that a region added', '0', true],
  ])('kind %s: "%s" is %s', (kind, number, expected) => {
    expect(isDocumentNumber(kind, number)).toBe(expected)
  })
})
