/** Refused rows of a file: all are counted, the first are listed. */
import type { RefusedStayRow } from './import-row.ts'

/** Maximum refused rows listed in one answer. */
export const REFUSED_LISTED_MAX = 1000

/** The refused rows of one file. */
export interface Refusals {
  /** Rows may be added in any order. */
  add(row: RefusedStayRow): void
  /** The first of them in file order, and their total. */
  told(): { readonly refused: readonly RefusedStayRow[]; readonly refusedTotal: number }
}

/** Creates an empty list. It holds at most twice as many rows as it returns. */
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
