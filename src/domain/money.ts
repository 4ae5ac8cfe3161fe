/**
 * Money. Inside the gateway it is integer fen and nothing else; yuan exists only where a message is decoded or
 * encoded.
 */
declare const fen: unique symbol

/** Money in fen (分): a safe integer, negative only in cancellations and refunded lines. */
export type Fen = number & { readonly [fen]: true }

/** No money. */
export const ZERO = 0 as Fen

const YUAN = /^(-?)(\d{1,13})(?:\.(\d{1,2})0{0,4})?$/

/**
 * Reads yuan as provinces send it, as a number or as text. Digits move, nothing is multiplied:
 * `19.99 * 100` is `1998.9999999999998`.
 *
 * @param yuan `"19.9"`, `19.99`, `-0.01`; two decimals at most (trailing zeros are allowed: `"5.0000"`)
 * @returns `1990`, `1999`, `-1`
 * @throws {RangeError} on `""`, exponents, a third significant decimal
 */
export function fenFromYuan(yuan: string | number): Fen {
  const match = YUAN.exec(String(yuan))
  if (!match) throw new RangeError(`Cannot read yuan amount "${yuan}"`)
  const magnitude = Number(match[2] + (match[3] ?? '').padEnd(2, '0'))
  return (match[1] && magnitude ? -magnitude : magnitude) as Fen
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

const UNITS_A_FEN = 100_000_000n

/**
 * The amount of a line: price × quantity, rounded half away from zero to the fen.
 * Source: cross-region rules section 3, price 16,6 and quantity 16,4 [F: R2].
 *
 * @param price yuan with at most six decimals
 * @param quantity at most four decimals
 * @returns the amount; null where price or quantity is no such decimal, or the amount is beyond exact numbers
 */
export function lineAmount(price: string | number, quantity: string | number): Fen | null {
  const product = exactProduct(price, quantity)
  if (product === null) return null
  const half = UNITS_A_FEN / 2n
  const rounded = Number((product < 0n ? product - half : product + half) / UNITS_A_FEN)
  return Number.isSafeInteger(rounded) ? ((rounded + 0) as Fen) : null
}

/**
 * Whether an amount is price × quantity to within a fen, as it stands and before rounding.
 * Source: cross-region rules section 3: `| pric × cnt − amt | ≤ 0.01` [F: R2].
 */
export function isLineAmount(price: string | number, quantity: string | number, amount: Fen): boolean {
  const product = exactProduct(price, quantity)
  if (product === null) return false
  const difference = product - BigInt(amount) * UNITS_A_FEN
  return difference <= UNITS_A_FEN && difference >= -UNITS_A_FEN
}
