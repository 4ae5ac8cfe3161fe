/**
 * Throughput and CPU of the gateway as a share of the pass-through's: closed loop, gateway and reference in turns on one
 * core, in an order of chance.
 */
import Table from 'cli-table3'
import { median, shuffled, spread } from '../statistics.ts'
import { type Bench, ms, percent, TABLE, times } from './bench.ts'
import { claimsOf } from './claims.ts'
import { type ClosedRun, closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { bothSides, type Party } from './sides.ts'
import { page } from './systems.ts'

/** One case of the ladder. */
interface Case {
  readonly lines: number
  readonly connections: number
}

const CASES: readonly Case[] = [1, 20, 200].flatMap((lines) =>
  [1, 64].map((connections) => ({ lines, connections })),
)
/** Connections at which a core is used up; the ratios of the line are taken there. */
const FULL = 64
/** Above this share of requests without a yes something else was measured than settlements. */
const NO_MAX = 0.01
/** Below this share of its core something else than the server was the limit. */
const BUSY_MIN = 0.9
const PARTIES = ['reference', 'gateway'] as const

/** Measures it. */
export async function throughput(bench: Bench): Promise<Part> {
  const { rounds, seconds, tables, progress } = bench
  const sides = await bothSides(bench)
  const bar = progress.begin('throughput', CASES.length * PARTIES.length * rounds)
  const claims = new Map(CASES.map(({ lines }) => [lines, claimsOf({ lines, large: tables !== null })]))
  const runs = new Map<string, ClosedRun[]>()
  for (let round = 0; round < rounds; round += 1) {
    const planned = CASES.flatMap((one) => PARTIES.map((party) => ({ party, one })))
    for (const { party, one } of shuffled(planned, Math.random)) {
      bar.step(`${party}, ${nameOf(one)}`)
      const run = await closedLoop(sides[party], claims.get(one.lines)!, one.connections, { seconds })
      if (party === 'gateway') sides.stage.add(run)
      const key = keyOf(party, one)
      runs.set(key, [...(runs.get(key) ?? []), run])
    }
  }
  bar.end()
  const { looked, raw } = await page<{ looked: number; raw: number }>(sides.stage.platforms[0]!, '/effects')
  const faults = await sides.close()
  const results = CASES.map((one) =>
    resultOf(one, runs.get(keyOf('reference', one))!, runs.get(keyOf('gateway', one))!),
  )
  const ratio = (lines: number, key: 'rate' | 'cpuMicros') =>
    results.find((one) => one.lines === lines && one.connections === FULL)![key].ratio
  const codes =
    raw === 0
      ? 'Every line that was looked at reached the platform with its national code.'
      : `Of ${looked} settlements looked at, ${raw} reached the platform with local codes: their translation is not in these figures.`
  return {
    figures: {
      throughputRatio20: ratio(20, 'rate'),
      throughputRatio200: ratio(200, 'rate'),
      cpuRatio20: ratio(20, 'cpuMicros'),
      cpuRatio200: ratio(200, 'cpuMicros'),
    },
    lines: [tableOf(results), codes, ...idle(results)],
    faults: [...faults, ...refused(results)],
  }
}

const nameOf = ({ lines, connections }: Case) =>
  `${lines} ${lines === 1 ? 'line' : 'lines'}, c=${connections}`
const keyOf = (party: Party, one: Case) => `${party} ${nameOf(one)}`

/** What a case gave, medians over the rounds. */
type Result = ReturnType<typeof resultOf>

function resultOf(one: Case, reference: readonly ClosedRun[], gateway: readonly ClosedRun[]) {
  const both = (key: 'rate' | 'cpuMicros' | 'p50' | 'p99' | 'busy') => {
    const sides = {
      reference: median(reference.map((run) => run[key])),
      gateway: median(gateway.map((run) => run[key])),
    }
    return { ...sides, ratio: sides.gateway / sides.reference }
  }
  return {
    ...one,
    rate: both('rate'),
    cpuMicros: both('cpuMicros'),
    p50: both('p50'),
    p99: both('p99'),
    busy: both('busy'),
    spread: spread(gateway.map((run) => run.rate)),
    cpuSpread: spread(gateway.map((run) => run.cpuMicros)),
    sent: [...reference, ...gateway].reduce((sum, run) => sum + run.sent, 0),
    failed: [...reference, ...gateway].reduce((sum, run) => sum + run.sent - run.yes, 0),
  }
}

function tableOf(results: readonly Result[]): string {
  const head = ['closed loop', '/s', '×', '±', 'CPU µs', '×', '±', 'p50 ms', 'p99 ms', 'core used', 'failed']
  const table = new Table({ head, ...TABLE })
  const pair = ({ reference, gateway }: Result['rate'], write: (value: number) => string) =>
    `${write(reference)} → ${write(gateway)}`
  const whole = (value: number) => value.toFixed(0)
  for (const one of results) {
    table.push([
      nameOf(one),
      pair(one.rate, whole),
      times(one.rate.ratio),
      percent(one.spread),
      pair(one.cpuMicros, whole),
      times(one.cpuMicros.ratio),
      percent(one.cpuSpread),
      pair(one.p50, ms),
      pair(one.p99, ms),
      pair(one.busy, times),
      String(one.failed),
    ])
  }
  return table.toString()
}

/** Cases that measured refusals. */
function refused(results: readonly Result[]): string[] {
  return results
    .filter(({ failed, sent }) => failed > sent * NO_MAX)
    .map(
      (one) =>
        `${nameOf(one)}: ${one.failed} of ${one.sent} requests got no yes, so these figures are not those of settlements.`,
    )
}

function idle(results: readonly Result[]): string[] {
  return results.flatMap((one) =>
    one.connections === FULL
      ? PARTIES.filter((party) => !(one.busy[party] >= BUSY_MIN)).map(
          (party) =>
            `${nameOf(one)}: the ${party} used ${times(one.busy[party])} of its core, so something else limited its rate: load, platform, or a neighbour on the core. Trust the CPU.`,
        )
      : [],
  )
}
