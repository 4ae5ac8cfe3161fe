/**
 * What a second core gives: 200 lines; load, platform and gateway together on one core with one worker, and on two cores
 * with two. Beside them one worker on both cores: it has its helper threads on the second already, and what it leaves idle
 * of the machine is all that a second worker can gain there.
 */
import { cpus } from 'node:os'
import Table from 'cli-table3'
import { median, shuffled, spread } from '../statistics.ts'
import { type Bench, percent, TABLE, times } from './bench.ts'
import { claimsOf, HOSPITALS } from './claims.ts'
import { type ClosedRun, closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { bind, type Core } from './processes.ts'
import { openStage } from './stage.ts'
import { startEndpoint } from './systems.ts'
import { warm } from './warm.ts'

const LINES = 200
const CONNECTIONS = 64
/** Workers, and where they, their platform and their load are together. */
const CASES = {
  'one on one core': { count: 1, core: 'measured' },
  'two on two cores': { count: 2, core: 'any' },
  'one on two cores': { count: 1, core: 'any' },
} as const satisfies Record<string, { readonly count: number; readonly core: Core }>

type Case = keyof typeof CASES
const NAMES = Object.keys(CASES) as Case[]

interface Run extends ClosedRun {
  /** Share of the whole machine that was in use. */
  readonly machine: number
}

/** What all cores together have spent, in milliseconds. */
function spent(): { readonly idle: number; readonly all: number } {
  const kinds = cpus().map(({ times }) => times)
  const idle = kinds.reduce((sum, times) => sum + times.idle, 0)
  const all = kinds.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0)
  return { idle, all }
}

/** Measures it. */
export async function workers({ rounds, seconds, tables, progress }: Bench): Promise<Part> {
  // Institutions have a home worker each, so a connection speaks for one of several.
  const ofHospitals = HOSPITALS.map((hospital) => claimsOf({ lines: LINES, hospital }))
  const claims = Array.from(
    { length: CONNECTIONS },
    (_, index) => ofHospitals[index % ofHospitals.length]![index]!,
  )
  const bar = progress.begin('workers', rounds * NAMES.length)
  const runs = new Map<Case, Run[]>(NAMES.map((name) => [name, []]))
  const faults: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const name of shuffled(NAMES, Math.random)) {
      bar.step(name)
      const { count, core } = CASES[name]
      bind(core)
      const platform = await startEndpoint(core)
      const stage = await openStage([platform], {
        ...{ upstream: platform.url, tables, core },
        args: ['--workers', String(count)],
      })
      // Each of two workers gets half of the messages to get warm with.
      for (const run of await warm(stage.gateway, [claims, claims], seconds)) stage.add(run)
      const before = spent()
      const run = await closedLoop(stage.gateway, claims, CONNECTIONS, { seconds })
      const after = spent()
      stage.add(run)
      const machine = 1 - (after.idle - before.idle) / (after.all - before.all)
      runs.get(name)!.push({ ...run, machine })
      faults.push(...(await stage.close()))
    }
  }
  bar.end()
  const rate = (name: Case) => median(runs.get(name)!.map((run) => run.rate))
  const head = [
    `workers, ${LINES} lines, c=${CONNECTIONS}`,
    '/s',
    '±',
    'CPU µs',
    'cores used',
    'of the machine, all',
  ]
  const table = new Table({ head, ...TABLE })
  for (const name of NAMES) {
    const all = runs.get(name)!
    table.push([
      name,
      rate(name).toFixed(0),
      percent(spread(all.map((run) => run.rate))),
      median(all.map((run) => run.cpuMicros)).toFixed(0),
      times(median(all.map((run) => run.busy))),
      percent(median(all.map((run) => run.machine))),
    ])
  }
  const ratio = rate('two on two cores') / rate('one on one core')
  const second = rate('two on two cores') / rate('one on two cores')
  return {
    figures: { workersRatio: ratio },
    lines: [
      table.toString(),
      `two cores over one: ${times(ratio)}; two workers over one on the same two cores: ${times(second)}`,
    ],
    faults,
  }
}
