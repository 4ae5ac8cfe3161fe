/** Throughput and CPU of the gateway as a share of the pass-through's, closed loop, interleaved in an order of chance. */

import { median, shuffled, spread } from '../statistics.ts'
import { claimOf } from './claims.ts'
import { type ClosedRun, closedLoop } from './closed-loop.ts'
import type { Running } from './processes.ts'
import { PATH } from './systems.ts'

/** One case of the ladder. */
export interface Case {
  readonly lines: number
  readonly connections: number
}

/** What a case gave, medians over the rounds. */
export interface CaseResult extends Case {
  readonly name: string
  readonly rate: { readonly reference: number; readonly gateway: number; readonly ratio: number }
  readonly cpuMicros: { readonly reference: number; readonly gateway: number; readonly ratio: number }
  readonly p50: { readonly reference: number; readonly gateway: number }
  readonly p99: { readonly reference: number; readonly gateway: number }
  /** Least share of its core that either server used. */
  readonly busy: number
  readonly spread: number
  readonly failed: number
}

type Party = 'reference' | 'gateway'

/**
 * Runs every case on both servers in every round.
 *
 * @param told of each run, for progress
 */
export async function compareThroughput(
  servers: Readonly<Record<Party, Running>>,
  cases: readonly Case[],
  rounds: number,
  seconds: number,
  told: (party: Party, one: Case, run: ClosedRun) => void,
): Promise<CaseResult[]> {
  const runs = new Map<string, ClosedRun[]>()
  for (let round = 0; round < rounds; round += 1) {
    const planned = cases.flatMap((one) =>
      (['reference', 'gateway'] as const).map((party) => ({ party, one })),
    )
    for (const { party, one } of shuffled(planned, Math.random)) {
      const { body } = claimOf(one.lines, '340104')
      const run = await closedLoop(servers[party], PATH, body, one.connections, seconds)
      told(party, one, run)
      const key = keyOf(party, one)
      runs.set(key, [...(runs.get(key) ?? []), run])
    }
  }
  return cases.map((one) =>
    resultOf(one, runs.get(keyOf('reference', one))!, runs.get(keyOf('gateway', one))!),
  )
}

function keyOf(party: Party, { lines, connections }: Case): string {
  return `${party} ${lines} ${connections}`
}

function resultOf(one: Case, reference: readonly ClosedRun[], gateway: readonly ClosedRun[]): CaseResult {
  const both = (key: 'rate' | 'cpuMicros' | 'p50' | 'p99') => {
    const sides = {
      reference: median(reference.map((run) => run[key])),
      gateway: median(gateway.map((run) => run[key])),
    }
    return { ...sides, ratio: sides.gateway / sides.reference }
  }
  return {
    ...one,
    name: `${one.lines} lines, ${one.connections} connections`,
    rate: both('rate'),
    cpuMicros: both('cpuMicros'),
    p50: both('p50'),
    p99: both('p99'),
    busy: Math.min(...[...reference, ...gateway].map((run) => run.busy)),
    spread: spread(gateway.map((run) => run.cpuMicros)),
    failed: [...reference, ...gateway].reduce((sum, run) => sum + run.requests - run.yes, 0),
  }
}
