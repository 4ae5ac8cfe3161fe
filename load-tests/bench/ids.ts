/** Ids of the requests of a run: message id and encounter in one. Both ends of a run read the number at their end. */

/** Length of an id: that of a national message id. */
export const ID_LENGTH = 30
/** Digits at the end of an id: its number in this run. */
export const SERIAL_DIGITS = 10

const run = `ZJ${Date.now().toString(36).toUpperCase()}`.padEnd(ID_LENGTH - SERIAL_DIGITS, '0')
let serial = 0

/** An id that nobody has used. One process generates the load of a run, so the numbers are dense. */
export function freshId(): string {
  serial += 1
  return run + String(serial).padStart(SERIAL_DIGITS, '0')
}

/**
 * The number at the end of an id.
 *
 * @returns NaN where the text is none of our ids
 */
export function serialOf(id: string): number {
  return id.length === ID_LENGTH ? Number(id.slice(-SERIAL_DIGITS)) : Number.NaN
}
