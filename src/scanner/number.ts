/** Numbers in JSON bytes, taken only where they are written as `JSON.stringify` would write them. */

const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
/** Digits up to which a decimal comes back from a double as it was written. */
const DIGITS_MAX = 15

/**
 * The end of a plain number: no exponent, no zero too many, at most 15 digits.
 *
 * @param whole whether a fraction is not allowed
 * @returns the position after it, −1 where there is none
 */
export function numberEnd(bytes: Uint8Array, start: number, whole: boolean): number {
  let at = start
  const negative = bytes[at] === MINUS
  if (negative) at += 1
  const first = at
  while (isDigit(bytes[at])) at += 1
  const digits = at - first
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) return -1
  let fraction = 0
  if (bytes[at] === POINT) {
    if (whole) return -1
    at += 1
    const from = at
    while (isDigit(bytes[at])) at += 1
    fraction = at - from
    if (fraction === 0 || bytes[at - 1] === ZERO) return -1
    // Very small ones are written with an exponent.
    if (digits === 1 && bytes[first] === ZERO && fraction > 6) return -1
  } else if (negative && digits === 1 && bytes[first] === ZERO) return -1
  if (digits + fraction > DIGITS_MAX || bytes[at] === 0x65 || bytes[at] === 0x45) return -1
  return at
}

/** Digits before the point of a number, or of its text, without zeros at its head. */
export function digitsBefore(bytes: Uint8Array, start: number, end: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start
  while (at < end && bytes[at] === ZERO) at += 1
  const from = at
  while (at < end && bytes[at] !== POINT) at += 1
  return at - from
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}
