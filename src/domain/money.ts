/**
 * Money. Inside the gateway it is integer fen and nothing else; yuan exists only where a message is decoded or
 * encoded.
 */
declare const fen: unique symbol

/** Money in fen (分): a safe integer, negative only in cancellations and refunded lines. */
export type Fen = number & { readonly [fen]: true }

/** No money. */
export const ZERO = 0 as Fen

const MINUS = 0x2d
const POINT = 0x2e
const DIGIT_0 = 0x30

/**
 * Reads a decimal into an integer of so many places after the point, digit by digit: a bill has hundreds of them.
 *
 * @param wholeMax digits before the point, at most; with `places` no more than 15, so that the integer is exact
 * @param zerosMax zeros after the places, at most
 * @returns NaN where the text is no such decimal
 */
function digitsOf(text: string, places: number, wholeMax: number, zerosMax: number): number {
  const negative = text.charCodeAt(0) === MINUS
  const first = negative ? 1 : 0
  let at = first
  let value = 0
  for (; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - DIGIT_0
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (at === first || at - first > wholeMax) return Number.NaN
  let left = places
  if (at < text.length) {
    if (text.charCodeAt(at) !== POINT || at + 1 === text.length) return Number.NaN
    let zeros = 0
    for (at += 1; at < text.length; at += 1) {
      const digit = text.charCodeAt(at) - DIGIT_0
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
  return negative && value !== 0 ? -value : value
}

/**
 * Reads yuan as provinces send it, as a number or as text. Digits move, nothing is multiplied:
 * `19.99 * 100` is `1998.9999999999998`.
 *
 * @param yuan `"19.9"`, `19.99`, `-0.01`; two decimals at most (trailing zeros are allowed: `"5.0000"`)
 * @returns `1990`, `1999`, `-1`
 * @throws {RangeError} on `""`, exponents, a third significant decimal
 */
export function fenFromYuan(yuan: string | number): Fen {
  const amount = digitsOf(String(yuan), 2, 13, 4)
  if (Number.isNaN(amount)) throw new RangeError(`Cannot read yuan amount "${yuan}"`)
  return amount as Fen
}

/**
 * Writes fen as yuan with exactly two decimals.
 *
 * @param amount `-1`
 * @returns `"-0.01"`
 */
export function yuanFromFen(amount: Fen): string {
  const digits = String(Math.abs(amount)).padStart(3, '0')
  return `${amount < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/**
 * Asserts that a number is an amount: an integer that arithmetic on doubles keeps exact.
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

const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d+))?$/

/** Reads a decimal into an integer of `places` digits after the point; null where it has more or is no decimal. */
function scaled(value: string | number, places: number): bigint | null {
  const match = DECIMAL.exec(String(value))
  if (!match) return null
  const fraction = (match[3] ?? '').replace(/0+$/, '')
  if (fraction.length > places) return null
  const magnitude = BigInt(match[2] + fraction.padEnd(places, '0'))
  return match[1] ? -magnitude : magnitude
}

/** Price × quantity in units of 10⁻⁸ fen, exact; null where price or quantity is no such decimal. */
function exactProduct(price: string | number, quantity: string | number): bigint | null {
  const unit = scaled(price, 6)
  const count = scaled(quantity, 4)
  return unit === null || count === null ? null : unit * count
}

/** Price × quantity in units of 10⁻¹⁰ yuan where plain numbers hold it exactly, as those of nearly all lines; else NaN. */
function plainProduct(price: string | number, quantity: string | number): number {
  const product = digitsOf(String(price), 6, 9, ZEROS_MAX) * digitsOf(String(quantity), 4, 9, ZEROS_MAX)
  return Number.isSafeInteger(product) ? product : Number.NaN
}

const UNITS_A_FEN = 100_000_000n
const PLAIN_UNITS_A_FEN = 100_000_000

/** Zeros after the last place, as many as anyone writes. */
const ZEROS_MAX = 20

/**
 * The amount of a line: price × quantity, rounded half away from zero to the fen.
 * Source: cross-region rules section 3, price 16,6 and quantity 16,4 [F: R2].
 *
 * @param price yuan with at most six decimals
 * @param quantity at most four decimals
 * @returns the amount; null where price or quantity is no such decimal, or the amount is beyond exact numbers
 */
export function lineAmount(price: string | number, quantity: string | number): Fen | null {
  const plain = plainProduct(price, quantity)
  if (!Number.isNaN(plain)) return roundedFen(plain)
  const product = exactProduct(price, quantity)
  if (product === null) return null
  const half = UNITS_A_FEN / 2n
  const rounded = Number((product < 0n ? product - half : product + half) / UNITS_A_FEN)
  return Number.isSafeInteger(rounded) ? ((rounded + 0) as Fen) : null
}

/** Half away from zero; exact, since what is left over of a safe integer is. */
function roundedFen(product: number): Fen {
  const magnitude = Math.abs(product)
  const rest = magnitude % PLAIN_UNITS_A_FEN
  const fen = (magnitude - rest) / PLAIN_UNITS_A_FEN + (rest * 2 >= PLAIN_UNITS_A_FEN ? 1 : 0)
  return ((product < 0 ? -fen : fen) + 0) as Fen
}

/**
 * Whether an amount is price × quantity to within a fen, as it stands and before rounding.
 * Source: cross-region rules section 3: `| pric × cnt − amt | ≤ 0.01` [F: R2].
 */
export function isLineAmount(price: string | number, quantity: string | number, amount: Fen): boolean {
  const plain = plainProduct(price, quantity)
  const expected = amount * PLAIN_UNITS_A_FEN
  if (!Number.isNaN(plain) && Number.isSafeInteger(expected)) {
    return Math.abs(plain - expected) <= PLAIN_UNITS_A_FEN
  }
  const product = exactProduct(price, quantity)
  if (product === null) return false
  const difference = product - BigInt(amount) * UNITS_A_FEN
  return difference <= UNITS_A_FEN && difference >= -UNITS_A_FEN
}
