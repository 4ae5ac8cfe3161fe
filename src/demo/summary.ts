/** What a day came to, as one object: printed as one JSON line, or as tables for a person. */
import { gte, sql } from 'drizzle-orm'
import type { Reconciliation } from '../ledger/reconciliation.ts'
import type { SettlementRate } from '../reports/settlement-rate.ts'
import type { Database } from '../store/database.ts'
import { outcome } from '../store/schema.ts'
import { pairOf } from './bills.ts'
import type { BillOutcome } from './counter.ts'
import type { GoodsDay } from './goods.ts'
import type { Beside } from './out-of-area.ts'

/** How many bills ended how. */
export interface Tally {
  settled: number
  refused: number
  unknown: number
}

/** Percentiles of a time in milliseconds. */
export interface Percentiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
}

/** A day's summary. */
export interface Summary extends Tally {
  readonly lost: number
  readonly doubled: number
  readonly fenDifference: number
  /** By lane; those with rules of their own by their way. */
  readonly byLane: Readonly<Record<string, Tally>>
  readonly byPair: Readonly<Record<string, Tally>>
  /** How many bills were refused for which reason. */
  readonly reasons: Readonly<Record<string, number>>
  readonly cancelled: number
  /** Sales that were told by the codes on boxes. */
  readonly goods: GoodsDay
  /** Messages that were sent twice, and those of them that were answered with other bytes. */
  readonly sentTwice: number
  readonly answeredOtherwise: number
  /** Purchases out of area that were paid, those given back, prescriptions that were dispensed. */
  readonly beside: Beside
  readonly rates: readonly SettlementRate[]
  readonly messages: number
  readonly ownMs: Percentiles
  readonly commitMs: Percentiles
  readonly counterpartMs: Percentiles
  readonly seconds: number
  readonly restarts: number
}

const fresh = (): Tally => ({ settled: 0, refused: 0, unknown: 0 })

function tallies(
  outcomes: readonly BillOutcome[],
  keyOf: (outcome: BillOutcome) => string,
): Record<string, Tally> {
  const result: Record<string, Tally> = {}
  for (const one of outcomes) {
    const key = keyOf(one)
    const tally = result[key] ?? fresh()
    tally[one.state] += 1
    result[key] = tally
  }
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function reasonsOf(outcomes: readonly BillOutcome[]): Record<string, number> {
  const result: Record<string, number> = {}
  for (const { state, reason, text } of outcomes) {
    if (state !== 'refused') continue
    const key = reason || text.slice(0, 30)
    result[key] = (result[key] ?? 0) + 1
  }
  return Object.fromEntries(Object.entries(result).sort(([, a], [, b]) => b - a))
}

/** Percentiles of a column of the journal since an instant, in milliseconds with three decimals. */
function percentiles(
  database: Database,
  column: 'ownMicros' | 'commitMicros' | 'counterpartMicros',
  since: number,
) {
  const rows = database
    .select({ micros: outcome[column] })
    .from(outcome)
    .where(sql`${gte(outcome.at, since)} and ${outcome.counterpartMicros} is not null`)
    .orderBy(outcome[column])
    .all()
  const at = (share: number) =>
    (rows[Math.min(rows.length - 1, Math.floor(rows.length * share))]?.micros ?? 0) / 1000
  return { count: rows.length, percentiles: { p50: at(0.5), p90: at(0.9), p99: at(0.99) } }
}

/** Puts the summary together. */
export function summarise(given: {
  readonly outcomes: readonly BillOutcome[]
  readonly goods: GoodsDay
  readonly beside: Beside
  readonly agreement: Reconciliation
  readonly rates: readonly SettlementRate[]
  readonly database: Database
  readonly since: number
  readonly seconds: number
  readonly restarts: number
}): Summary {
  const { outcomes, goods, beside, agreement, rates, database, since, seconds, restarts } = given
  const all = tallies(outcomes, () => 'all').all ?? fresh()
  const twice = outcomes.filter(({ sameBytes }) => sameBytes !== null)
  const own = percentiles(database, 'ownMicros', since)
  return {
    ...all,
    lost: agreement.lost,
    doubled: agreement.doubled,
    fenDifference: agreement.fenDifference,
    byLane: tallies(outcomes, ({ bill }) => bill.way ?? bill.lane),
    byPair: tallies(outcomes, ({ bill }) => pairOf(bill)),
    reasons: reasonsOf(outcomes),
    cancelled: outcomes.filter(({ cancelled }) => cancelled).length,
    goods,
    sentTwice: twice.length,
    answeredOtherwise: twice.filter(({ sameBytes }) => !sameBytes).length,
    ...{ beside, rates },
    messages: own.count,
    ownMs: own.percentiles,
    commitMs: percentiles(database, 'commitMicros', since).percentiles,
    counterpartMs: percentiles(database, 'counterpartMicros', since).percentiles,
    seconds,
    restarts,
  }
}

/** Whether the day may be called good: nothing lost, doubled, unknown or different, and every repeat answered alike. */
export function isSound(summary: Summary, agreement: Reconciliation): boolean {
  return agreement.differences.length === 0 && summary.unknown === 0 && summary.answeredOtherwise === 0
}
