/** Further measures that bureaus publish: success, failures, times, reversals, filings, money. Definitions are ours where no source has one [A]. */
import type Sqlite from 'better-sqlite3'
import type { StaysAsked } from '../../store/queries/figures/sums.ts'
import {
  type LatencySum,
  sumCosts,
  sumLatency,
  sumTraffic,
  sumVisits,
  type TrafficSum,
} from '../../store/queries/figures/traffic.ts'
import { percent } from '../settlement-rate.ts'
import { quantileOf } from './buckets.ts'
import { type Category, missOf } from './reasons.ts'

/** Where a failure is technical: nobody said no to the case itself. */
const TECHNICAL: readonly Category[] = ['link', 'platform', 'province']

/** Final states of a message of money: an attempt that has no end yet is counted apart. */
const PENDING = ['unknown', 'undoing']

const sumOf = (rows: readonly TrafficSum[], of: 'n' | 'total' | 'fund' = 'n') =>
  rows.reduce((sum, row) => sum + row[of], 0)

function isTechnical({ code }: TrafficSum): boolean {
  const isReason = /^E\d+$/.test(code)
  const { category } = missOf({ reason: isReason ? code : null, problem: isReason ? null : code, hop: null })
  return isReason ? code.startsWith('E7') : TECHNICAL.includes(category)
}

/** Settlements of a lane. Shares in percent; null where there is nothing to divide by. */
function laneOfTraffic(lane: string, rows: readonly TrafficSum[]) {
  const settlements = rows.filter(({ kind }) => kind === 'settlement')
  const accepted = settlements.filter(({ state }) => state === 'accepted')
  const reversed = settlements.filter(({ state }) => state === 'reversed')
  const pending = settlements.filter(({ state }) => PENDING.includes(state))
  const failed = settlements.filter(({ state }) => ['refused', 'rejected', 'unsent'].includes(state))
  const withdrawn = rows.filter(({ kind, state }) => kind === 'cancellation' && state === 'accepted')
  const attempts = sumOf(settlements)
  const technical = sumOf(failed.filter(isTechnical))
  const settled = sumOf(accepted) + sumOf(reversed)
  return {
    ...{
      lane,
      attempts,
      accepted: sumOf(accepted),
      net: sumOf(accepted) - sumOf(withdrawn),
      pending: sumOf(pending),
    },
    successPercent: percent(sumOf(accepted), attempts),
    ...{ technicalFailures: technical, technicalPercent: percent(technical, attempts) },
    businessFailures: sumOf(failed) - technical,
    businessPercent: percent(sumOf(failed) - technical, attempts),
    ...{ reversals: sumOf(reversed), reversalPercent: percent(sumOf(reversed), settled) },
    ...{ withdrawals: sumOf(withdrawn), withdrawalPercent: percent(sumOf(withdrawn), settled) },
    totalFen: sumOf(accepted, 'total') + sumOf(withdrawn, 'total'),
    fundFen: sumOf(accepted, 'fund') + sumOf(withdrawn, 'fund'),
  }
}

/** Times of one transaction at one step, in milliseconds. */
function timesOf(rows: readonly LatencySum[]) {
  const { number, destination, hop } = rows[0]!
  const [n, micros] = [
    rows.reduce((sum, row) => sum + row.n, 0),
    rows.reduce((sum, row) => sum + row.micros, 0),
  ]
  const p95 = quantileOf(rows, 0.95)
  return { number, destination, hop, n, meanMs: micros / n / 1000, p95Ms: p95 === null ? null : p95 / 1000 }
}

/** All measures of an area and a period. Messages count by the day on which they came, stays by their discharge. */
export function measureSheet(client: Sqlite.Database, asked: StaysAsked) {
  const traffic = sumTraffic(client, asked)
  const lanes = [...Map.groupBy(traffic, ({ lane }) => lane)].map(([lane, rows]) => laneOfTraffic(lane, rows))
  const failures = traffic
    .filter(({ kind, state }) => kind === 'settlement' && state !== 'accepted')
    .map(({ lane, state, code, hop, n }) => ({ lane, state, code, hop, n }))
  const times = [
    ...Map.groupBy(
      sumLatency(client, asked),
      ({ number, destination, hop }) => `${number} ${destination} ${hop}`,
    ).values(),
  ].map(timesOf)
  const visits = sumVisits(client, asked).map((one) => ({
    ...one,
    successPercent: percent(one.settled, one.visits),
  }))
  const costs = sumCosts(client, asked)
  const stays = {
    ...costs,
    filingPercent: percent(costs.filed, costs.stays),
    totalPerStayFen: costs.direct === 0 ? null : Math.round(costs.total / costs.direct),
    fundPercent: percent(costs.fund, costs.total),
    /** The journal does not say how a filing was made. */
    onlineFilingPercent: null,
  }
  return {
    value: { lanes, visits, failures, times, stays },
    head: [
      '业务',
      '结算请求',
      '成功',
      '净结算',
      '成功率%',
      '技术失败率%',
      '业务失败率%',
      '冲正率%',
      '撤销率%',
      '总费用（分）',
      '基金（分）',
    ],
    rows: lanes.map((one) => [
      ...[one.lane, one.attempts, one.accepted, one.net, one.successPercent, one.technicalPercent],
      ...[one.businessPercent, one.reversalPercent, one.withdrawalPercent, one.totalFen, one.fundFen],
    ]),
  }
}
