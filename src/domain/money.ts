/** Money. Inside the gateway it is always integer fen; yuan exists only while a message is decoded or encoded. */
declare const fen: unique symbol

/** Money in fen (分): a safe integer, negative only in cancellations and refunded lines. */
export type Fen = number & { readonly [fen]: true }

/** No money. */
export const ZERO = 0 as Fen

const MINUS = 0x2d
const POINT = 0x2e
const DIGIT_0 = 0x30

/** Format of a decimal, and its unit as an integer. */
export interface DecimalForm {
  /** Significant decimal places; the integer counts units of the last one. */
  readonly places: number
  /** Maximum digits before the point. */
  readonly wholeMax: number
  /** Maximum zeros after those places. */
  readonly zerosMax: number
}

/** Amounts in yuan, counted in fen. */
export const YUAN: DecimalForm = { places: 2, wholeMax: 13, zerosMax: 4 }
/** Unit prices in yuan, counted in 10⁻⁶ yuan. Source: `pric` 16,6 [F: R2]. */
export const PRICE: DecimalForm = { places: 6, wholeMax: 10, zerosMax: Number.POSITIVE_INFINITY }
/** Units of `PRICE` per fen. */
export const PRICE_UNITS_A_FEN = 10_000
/** Quantities, counted in 10⁻⁴. Source: `cnt` 16,4 [F: R2]. */
export const QUANTITY: DecimalForm = { places: 4, wholeMax: 12, zerosMax: Number.POSITIVE_INFINITY }

/**
 * Parses a decimal into an integer, digit by digit, because a bill has hundreds of them. The only multiplication is
 * by ten.
 *
 * @param source text, or ASCII bytes that contain it from `start` to `end`
 * @returns NaN if it is malformed, or too large to be exact
 */
export function decimalIn(
  source: string | Uint8Array,
  start: number,
  end: number,
  { places, wholeMax, zerosMax }: DecimalForm,
): number {
  const unit = (at: number) => (typeof source === 'string' ? source.charCodeAt(at) : source[at]!)
  const negative = start < end && unit(start) === MINUS
  const first = negative ? start + 1 : start
  let at = first
  let value = 0
  for (; at < end; at += 1) {
    const digit = unit(at) - DIGIT_0
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (at === first || at - first > wholeMax) return Number.NaN
  let left = places
  if (at < end) {
    if (unit(at) !== POINT || at + 1 === end) return Number.NaN
    let zeros = 0
    for (at += 1; at < end; at += 1) {
      const digit = unit(at) - DIGIT_0
      if (digit < 0 || digit > 9) return Number.NaN
      if (left > 0) {
        value = value * 10 + digit
        left -= 1
      } else {
        zeros += 1
        if (digit !== 0 || zeros > zerosMax) return Number.NaN
      }
    }
  }
  for (; left > 0; left -= 1) value *= 10
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN
  return negative && value !== 0 ? -value : value
}

/** Parses a decimal given as text, or as a number in its printed form. @returns NaN as `decimalIn` does */
export function decimalOf(value: string | number, form: DecimalForm): number {
  const text = String(value)
  return decimalIn(text, 0, text.length, form)
}

/**
 * Parses yuan as provinces send it, as a number or text. The digits are shifted, not multiplied: `19.99 * 100` is
 * `1998.9999999999998`.
 *
 * @param yuan `"19.9"`, `19.99`, `-0.01`; two decimals at most (trailing zeros are allowed: `"5.0000"`)
 * @returns `1990`, `1999`, `-1`
 * @throws {RangeError} on `""`, exponents, a third significant decimal
 */
export function fenFromYuan(yuan: string | number): Fen {
  const amount = decimalOf(yuan, YUAN)
  if (Number.isNaN(amount)) throw new RangeError(`Cannot read yuan amount "${yuan}"`)
  return amount as Fen
}

/**
 * Formats fen as yuan with exactly two decimals.
 *
 * @param amount `-1`
 * @returns `"-0.01"`
 */
export function yuanFromFen(amount: Fen): string {
  const digits = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/**
 * Asserts that a number is an amount: an integer that double arithmetic keeps exact.
 *
 * @throws {RangeError} on fractions and beyond 2^53
 */
export function asFen(amount: number): Fen {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`Not an amount in fen: ${amount}`)
  return (amount + 0) as Fen
}

/** Adds amounts exactly. @throws {RangeError} when the sum leaves the safe integers */
export function sumOfFen(amounts: Iterable<Fen>): Fen {
  let sum = 0
  for (const amount of amounts) sum += amount
  return asFen(sum)
}

const UNITS_A_FEN = 100_000_000

/**
 * Amount of a line: price × quantity, rounded half away from zero to the fen. Source: docs/facts/cross-region.md,
 * Money, price 16,6 and quantity 16,4 [F: R2].
 *
 * @param price in units of `PRICE`; NaN if there is none
 * @param quantity in units of `QUANTITY`; NaN if there is none
 * @returns null if one of them is NaN, or the amount is too large to be exact
 */
export function lineAmount(price: number, quantity: number): Fen | null {
  const product = price * quantity
  if (Number.isSafeInteger(product)) return roundedFen(product)
  if (Number.isNaN(product)) return null
  const exact = BigInt(price) * BigInt(quantity)
  const half = BigInt(UNITS_A_FEN / 2)
  const rounded = Number((exact < 0n ? exact - half : exact + half) / BigInt(UNITS_A_FEN))
  return Number.isSafeInteger(rounded) ? ((rounded + 0) as Fen) : null
}

/** Half away from zero; exact, because the remainder of a safe integer is. */
function roundedFen(product: number): Fen {
  const magnitude = Math.abs(product)
  const rest = magnitude % UNITS_A_FEN
  const fen = (magnitude - rest) / UNITS_A_FEN + (rest * 2 >= UNITS_A_FEN ? 1 : 0)
  return ((product < 0 ? -fen : fen) + 0) as Fen
}

/**
 * Whether an amount equals the unrounded price × quantity to within a fen. Source: docs/facts/cross-region.md, Money:
 * `| pric × cnt − amt | ≤ 0.01` [F: R2].
 *
 * @param price in units of `PRICE`
 * @param quantity in units of `QUANTITY`
 */
export function isLineAmount(price: number, quantity: number, amount: Fen): boolean {
  const product = price * quantity
  const expected = amount * UNITS_A_FEN
  if (Number.isSafeInteger(product) && Number.isSafeInteger(expected)) {
    return Math.abs(product - expected) <= UNITS_A_FEN
  }
  if (Number.isNaN(product)) return false
  const difference = BigInt(price) * BigInt(quantity) - BigInt(amount) * BigInt(UNITS_A_FEN)
  return difference <= UNITS_A_FEN && difference >= -UNITS_A_FEN
}
