/** Exact ratios: integers in parts of 10⁸, so that the product of two ratios of four decimals is still exact. */
import { asFen, type Fen } from '../domain/money.ts'

/** A ratio in parts of 10⁸: `0.85` is 85000000. */
export type Ratio = number

/** The whole. */
export const ONE: Ratio = 100_000_000

const DECIMAL = /^(\d{1,7})(?:\.(\d{1,8}))?$/

/**
 * Reads a ratio as the parameter files carry it.
 *
 * @param value `0.85`
 * @throws {RangeError} on another form
 */
export function ratioFrom(value: number): Ratio {
  const match = DECIMAL.exec(String(value))
  if (!match) throw new RangeError(`Not a ratio: ${value}`)
  return Number(match[1]) * ONE + Number((match[2] ?? '').padEnd(8, '0'))
}

/** The product of two ratios, cut to parts of 10⁸. */
export function timesRatio(left: Ratio, right: Ratio): Ratio {
  return Number((BigInt(left) * BigInt(right)) / BigInt(ONE))
}

/** Divides with rounding half up (half away from zero). */
function divided(dividend: bigint, divisor: bigint): Fen {
  const half = divisor / 2n
  return asFen(Number((dividend < 0n ? dividend - half : dividend + half) / divisor))
}

/** A share of an amount, rounded half up to the fen. */
export function shareOf(amount: Fen, ratio: Ratio): Fen {
  return divided(BigInt(amount) * BigInt(ratio), BigInt(ONE))
}

/** The amount of which a part is the given share, rounded half up to the fen. */
export function wholeOf(part: Fen, ratio: Ratio): Fen {
  return divided(BigInt(part) * BigInt(ONE), BigInt(ratio))
}

/** A product of amount and ratio that is not rounded yet, in parts of 10⁸ fen. */
export function unrounded(amount: Fen, ratio: Ratio): bigint {
  return BigInt(amount) * BigInt(ratio)
}

/** Rounds what `unrounded` gave, half up to the fen. */
export function rounded(parts: bigint): Fen {
  return divided(parts, BigInt(ONE))
}

/** Writes a ratio with four decimals as a number, as `pool_prop_selfpay` carries it. */
export function fourDecimals(ratio: Ratio): number {
  return Number((ratio / ONE).toFixed(4))
}
