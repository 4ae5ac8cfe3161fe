/** Money is read, written, added and multiplied exactly to the fen, and what is not exact is refused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asFen,
  decimalIn,
  decimalOf,
  type Fen,
  fenFromYuan,
  isLineAmount,
  lineAmount,
  PRICE,
  QUANTITY,
  sumOfFen,
  yuanFromFen,
  ZERO,
} from '../../src/domain/money.ts'

const fen = (amount: number) => amount as Fen
const largest = 999_999_999_999_999

describe('fenFromYuan()', () => {
  it.each<[string | number, number]>([
    ['0', 0],
    [0, 0],
    ['-0', 0],
    [-0, 0],
    ['-0.00', 0],
    ['0.01', 1],
    ['-0.01', -1],
    [-0.01, -1],
    ['19.9', 1990],
    [19.99, 1999],
    ['19.99', 1999],
    ['0.1', 10],
    ['1.10', 110],
    ['5.0000', 500],
    ['5.120000', 512],
    ['007.50', 750],
    [23442.46, 2344246],
    ['9999999999999.99', largest],
    ['-9999999999999.99', -largest],
  ])('reads %s as %d fen', (yuan, expected) => {
    expect(Object.is(fenFromYuan(yuan), expected)).toBe(true)
  })

  it.each<[string, string | number]>([
    ['empty text', ''],
    ['a space', ' '],
    ['a space before', ' 1'],
    ['a line end behind', '1\n'],
    ['a third decimal', '0.001'],
    ['a third decimal that is a number', 1.005],
    ['what doubles make of a sum', 0.1 + 0.2],
    ['an exponent', '1e2'],
    ['a number so small that it prints as an exponent', 1e-7],
    ['a number so large that it prints as an exponent', 1e21],
    ['a plus sign', '+1'],
    ['two signs', '--1'],
    ['a sign alone', '-'],
    ['a point without digits before', '.5'],
    ['a point without digits behind', '5.'],
    ['a comma', '1,00'],
    ['thousands', '1,000.00'],
    ['two points', '1.0.0'],
    ['fourteen digits before the point', '10000000000000'],
    ['a seventh zero behind the point', '1.0000000'],
    ['full-width digits', '１２'],
    ['hexadecimal', '0x10'],
    ['not a number', Number.NaN],
    ['no end', Number.POSITIVE_INFINITY],
  ])('rejects %s', (_what, yuan) => {
    expect(() => fenFromYuan(yuan)).toThrow(RangeError)
  })

  it('reads back whatever yuanFromFen() wrote', () => {
    fc.assert(
      fc.property(fc.integer({ min: -largest, max: largest }), (amount) => {
        const written = yuanFromFen(fen(amount))
        expect(written).toMatch(/^-?\d+\.\d{2}$/)
        expect(fenFromYuan(written)).toBe(amount)
      }),
    )
  })

  it('reads a JSON number as it reads its text', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000_000, max: 10_000_000_000 }), (amount) => {
        expect(fenFromYuan(JSON.parse(yuanFromFen(fen(amount))))).toBe(amount + 0)
      }),
    )
  })

  it('never rounds: a third decimal that is not zero is always rejected', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(99), fc.integer({ min: 1, max: 9 }), (whole, cents, third) => {
        expect(() => fenFromYuan(`${whole}.${String(cents).padStart(2, '0')}${third}`)).toThrow(RangeError)
      }),
    )
  })
})

describe('fenFromYuan() and the form of an amount', () => {
  const FORM = /^-?\d{1,13}(?:\.\d{1,2}0{0,4})?$/

  it('take the same texts', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0001259.-+ e'), maxLength: 12 })
    fc.assert(
      fc.property(text, (yuan) => {
        if (FORM.test(yuan)) expect(fenFromYuan(yuan)).toBe(Math.round(Number(yuan) * 100) + 0)
        else expect(() => fenFromYuan(yuan)).toThrow(RangeError)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('yuanFromFen()', () => {
  it.each<[number, string]>([
    [0, '0.00'],
    [-0, '0.00'],
    [1, '0.01'],
    [-1, '-0.01'],
    [99, '0.99'],
    [100, '1.00'],
    [-100, '-1.00'],
    [123456, '1234.56'],
  ])('writes %d as %s', (amount, expected) => {
    expect(yuanFromFen(fen(amount))).toBe(expected)
  })
})

describe('asFen() and sumOfFen()', () => {
  it('take what doubles keep exact, and nothing beyond', () => {
    expect(asFen(Number.MAX_SAFE_INTEGER)).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => asFen(Number.MAX_SAFE_INTEGER + 1)).toThrow(RangeError)
    expect(asFen(Number.MIN_SAFE_INTEGER)).toBe(Number.MIN_SAFE_INTEGER)
    expect(() => asFen(Number.MIN_SAFE_INTEGER - 1)).toThrow(RangeError)
    expect(() => asFen(0.5)).toThrow(RangeError)
    expect(() => asFen(Number.NaN)).toThrow(RangeError)
    expect(Object.is(asFen(-0), 0)).toBe(true)
  })

  it('add nothing to zero, and reject a sum that is no longer exact', () => {
    expect(sumOfFen([])).toBe(ZERO)
    expect(sumOfFen([fen(1), fen(-1)])).toBe(0)
    expect(sumOfFen([fen(Number.MAX_SAFE_INTEGER - 1), fen(1)])).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => sumOfFen([fen(Number.MAX_SAFE_INTEGER), fen(1)])).toThrow(RangeError)
  })

  it('give the same sum in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e12, max: 1e12 }), { maxLength: 50 }), (amounts) => {
        const oracle = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n)
        expect(BigInt(sumOfFen(amounts.map(fen)))).toBe(oracle)
        expect(sumOfFen(amounts.map(fen).reverse())).toBe(sumOfFen(amounts.map(fen)))
      }),
    )
  })
})

/** A decimal of whole and fractional digits, as text; zeros are cut as a client may do. */
function decimal(places: number) {
  return fc
    .record({
      minus: fc.boolean(),
      units: fc.bigInt({ min: 0n, max: 10n ** BigInt(places + 4) }),
      trimmed: fc.boolean(),
    })
    .map(({ minus, units, trimmed }) => {
      const digits = String(units).padStart(places + 1, '0')
      const written = `${digits.slice(0, -places)}.${digits.slice(-places)}`
      const text = trimmed ? written.replace(/\.?0+$/, '') : written
      return { text: `${minus ? '-' : ''}${text}`, units: minus ? -units : units }
    })
}

/** The oracle: quotient and remainder of whole units, a remainder of half or more goes away from zero. */
function amountByRemainder(price: bigint, quantity: bigint): number {
  const product = price * quantity
  const size = product < 0n ? -product : product
  const rest = size % 100_000_000n
  const rounded = (size - rest) / 100_000_000n + (rest * 2n >= 100_000_000n ? 1n : 0n)
  return Number(product < 0n ? -rounded : rounded) + 0
}

/** The amount of a line as it is written. */
const amountOf = (price: string | number, quantity: string | number) =>
  lineAmount(decimalOf(price, PRICE), decimalOf(quantity, QUANTITY))

describe('lineAmount()', () => {
  it.each<[string | number, string | number, number]>([
    ['23.5', '2', 4700],
    [85.3, -2, -17060],
    ['0.005', '1', 1],
    ['0.004999', '1', 0],
    ['0.005', '-1', -1],
    ['0.004999', '-1', 0],
    ['0.01', '0.5', 1],
    ['0.01', '0.4999', 0],
    ['1.15', '1.5', 173],
    ['0.333333', '3', 100],
    ['0.000001', '0.0001', 0],
    ['19.9000000', '1.00000', 1990],
    ['0', '0', 0],
  ])('%s × %s is %d fen', (price, quantity, expected) => {
    expect(Object.is(amountOf(price, quantity), expected)).toBe(true)
  })

  it.each<[string, string | number, string | number]>([
    ['a seventh decimal of the price', '0.0000001', '1'],
    ['a fifth decimal of the quantity', '1', '0.00001'],
    ['an empty price', '', '1'],
    ['an empty quantity', '1', ''],
    ['an exponent', '1e2', '1'],
    ['a number that prints as an exponent', 1e-7, 1],
    ['a plus sign', '+1', '1'],
    ['a point without digits behind', '1.', '1'],
    ['a space', ' 1', '1'],
    ['eleven digits before the point of a price', '10000000000', '1'],
    ['thirteen digits before the point of a quantity', '1', '1000000000000'],
    ['a price that no number holds exactly', '9007199254.740993', '1'],
  ])('is null on %s', (_what, price, quantity) => {
    expect(amountOf(price, quantity)).toBeNull()
  })

  it('agrees with quotient and remainder over whole units', () => {
    fc.assert(
      fc.property(decimal(6), decimal(4), (price, quantity) => {
        expect(amountOf(price.text, quantity.text)).toBe(amountByRemainder(price.units, quantity.units))
      }),
      { numRuns: 1000 },
    )
  })

  it('is what isLineAmount() takes, and a fen beside it, as whole units say', () => {
    fc.assert(
      fc.property(decimal(6), decimal(4), fc.integer({ min: -2, max: 2 }), (price, quantity, beside) => {
        const amount = amountOf(price.text, quantity.text)! + beside
        const difference = price.units * quantity.units - BigInt(amount) * 100_000_000n
        const near = difference <= 100_000_000n && difference >= -100_000_000n
        expect(
          isLineAmount(decimalOf(price.text, PRICE), decimalOf(quantity.text, QUANTITY), fen(amount)),
        ).toBe(near)
      }),
      { numRuns: 1000 },
    )
  })

  it('only turns the sign when the quantity is turned', () => {
    fc.assert(
      fc.property(decimal(6), decimal(4), (price, { text }) => {
        const turned = text.startsWith('-') ? text.slice(1) : `-${text}`
        expect(amountOf(price.text, turned)).toBe(0 - amountOf(price.text, text)!)
      }),
    )
  })

  // Twelve digits each pass the form, and asFen() throws on what is beyond 2^53.
  it('is null where the amount is too large to be exact', () => {
    expect(amountOf('999999999999', '999999999999')).toBeNull()
  })
})

describe('decimalIn()', () => {
  const written = fc.oneof(
    decimal(6).map(({ text }) => text),
    fc.stringMatching(/^-?[0-9.]{0,18}$/),
    fc.string({ unit: 'binary-ascii', maxLength: 6 }),
  )

  it('reads bytes in the middle of others as it reads the text', () => {
    fc.assert(
      fc.property(written, fc.constantFrom(PRICE, QUANTITY), (text, form) => {
        const bytes = Buffer.from(`1${text}1`)
        expect(decimalIn(bytes, 1, bytes.length - 1, form)).toBe(decimalOf(text, form))
      }),
      { numRuns: 2000 },
    )
  })

  it('is what whole units say, or nothing', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), (units) => {
        const digits = String(units < 0n ? -units : units).padStart(7, '0')
        const text = `${units < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
        const exact = Number.isSafeInteger(Number(units))
        expect(decimalOf(text, PRICE)).toBe(exact ? Number(units) : Number.NaN)
      }),
      { numRuns: 2000 },
    )
  })
})
