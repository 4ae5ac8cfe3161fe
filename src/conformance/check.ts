/** Checks of a conformance run, and their totals. */

/** A check and its result. */
export interface Check {
  /** Its group: a way of care (`outpatient`), or a group of the catalogue. */
  readonly lane: string
  /** Number of the transaction. */
  readonly transaction: string
  /** The property checked: `2207 the same message again has the same answer`. */
  readonly name: string
  /** What happened instead; null if it passed. */
  readonly fault: string | null
  readonly ms: number
}

/** Totals of a run. */
export interface Score {
  readonly passed: number
  readonly failed: number
  /** Transactions with at least one passed and no failed check. */
  readonly transactions: number
  readonly lanes: number
}

/** Checks of one lane. */
export interface LaneScore {
  readonly lane: string
  readonly transactions: number
  readonly passed: number
  readonly failed: number
}

const numbersIn = (checks: readonly Check[]) => new Set(checks.map(({ transaction }) => transaction))
const failedIn = (checks: readonly Check[]) => checks.filter(({ fault }) => fault !== null)

/** Computes the totals. */
export function scoreOf(checks: readonly Check[]): Score {
  const failed = failedIn(checks)
  const wrong = numbersIn(failed)
  const conforming = [...numbersIn(checks)].filter((number) => !wrong.has(number))
  return {
    passed: checks.length - failed.length,
    failed: failed.length,
    transactions: conforming.length,
    lanes: new Set(checks.map(({ lane }) => lane)).size,
  }
}

/** Lanes in the order played. */
export function lanesOf(checks: readonly Check[]): LaneScore[] {
  const byLane = Map.groupBy(checks, ({ lane }) => lane)
  return [...byLane].map(([lane, own]) => {
    const failed = failedIn(own).length
    return { lane, transactions: numbersIn(own).size, passed: own.length - failed, failed }
  })
}
