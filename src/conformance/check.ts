/** One thing that a conformance run looked at, and what all of them come to. */

/** A check and how it ended. */
export interface Check {
  /** What it belongs to: a way of care (`outpatient`), or a group of the catalogue. */
  readonly lane: string
  /** Number of the transaction. */
  readonly transaction: string
  /** A fact: `2207 the same message again has the same answer`. */
  readonly name: string
  /** What was met instead; null if it passed. */
  readonly fault: string | null
  readonly ms: number
}

/** A run in four numbers. */
export interface Score {
  readonly passed: number
  readonly failed: number
  /** Transactions of which at least one check passed and none failed. */
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

/** Adds them up. */
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

/** Lanes in the order in which they were played. */
export function lanesOf(checks: readonly Check[]): LaneScore[] {
  const byLane = Map.groupBy(checks, ({ lane }) => lane)
  return [...byLane].map(([lane, own]) => {
    const failed = failedIn(own).length
    return { lane, transactions: numbersIn(own).size, passed: own.length - failed, failed }
  })
}
