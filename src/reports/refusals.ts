/** Refused rows of a file: all are counted, and the first are told. */
import type { RefusedStayRow } from './import-row.ts'

/** Refused rows that one answer lists. */
export const REFUSED_LISTED_MAX = 1000

/** The refused rows of one file. */
export interface Refusals {
  /** In any order. */
  add(row: RefusedStayRow): void
  /** The first of them in the order of the file, and how many there are in all. */
  told(): { readonly refused: readonly RefusedStayRow[]; readonly refusedTotal: number }
}

/** Makes it; never more than twice as many rows as are listed are held. */
export function createRefusals(): Refusals {
  let first: RefusedStayRow[] = []
  let total = 0
  const cut = () => {
    first = first.sort((one, other) => one.line - other.line).slice(0, REFUSED_LISTED_MAX)
  }
  return {
    add(row) {
      total += 1
      first.push(row)
      if (first.length === 2 * REFUSED_LISTED_MAX) cut()
    },
    told() {
      cut()
      return { refused: first, refusedTotal: total }
    },
  }
}
