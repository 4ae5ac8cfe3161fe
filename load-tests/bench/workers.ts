/**
 * Two workers over one: load, platform and gateway together on the same two cores, 200 lines. What one leaves idle of the
 * machine is all that the second can gain.
 */
import { cpus } from 'node:os'
import Table from 'cli-table3'
import { median, shuffled, spread } from '../statistics.ts'
import { type Bench, percent, TABLE, times } from './bench.ts'
import { claimsOf, HOSPITALS } from './claims.ts'
import { type ClosedRun, closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { bind } from './processes.ts'
import { openStage } from './stage.ts'
import { startEndpoint } from './systems.ts'
import { warm } from './warm.ts'

const LINES = 200
const CONNECTIONS = 64
const WORKERS = [1, 2] as const

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
  bind('any')
  // Institutions have a home worker each, so a connection speaks for one of several.
  const ofHospitals = HOSPITALS.map((hospital) => claimsOf({ lines: LINES, hospital }))
  const claims = Array.from(
    { length: CONNECTIONS },
    (_, index) => ofHospitals[index % ofHospitals.length]![index]!,
  )
  const bar = progress.begin('workers', rounds * WORKERS.length)
  const runs = new Map<number, Run[]>(WORKERS.map((count) => [count, []]))
  const faults: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const count of shuffled(WORKERS, Math.random)) {
      bar.step(`${count}`)
      const platform = await startEndpoint('any')
      const stage = await openStage([platform], {
        ...{ upstream: platform.url, tables, core: 'any' as const },
        args: ['--workers', String(count)],
      })
      // Each of two workers gets half of the messages to get warm with.
      for (const run of await warm(stage.gateway, [claims, claims], seconds)) stage.add(run)
      const before = spent()
      const run = await closedLoop(stage.gateway, claims, CONNECTIONS, { seconds })
      const after = spent()
      stage.add(run)
      const machine = 1 - (after.idle - before.idle) / (after.all - before.all)
      runs.get(count)!.push({ ...run, machine })
      faults.push(...(await stage.close()))
    }
  }
  bar.end()
  const rate = (count: number) => median(runs.get(count)!.map((run) => run.rate))
  const head = [
    `workers, ${LINES} lines, c=${CONNECTIONS}`,
    '/s',
    '±',
    'CPU µs',
    'cores used',
    'of the machine, all',
  ]
  const table = new Table({ head, ...TABLE })
  for (const count of WORKERS) {
    const all = runs.get(count)!
    table.push([
      String(count),
      rate(count).toFixed(0),
      percent(spread(all.map((run) => run.rate))),
      median(all.map((run) => run.cpuMicros)).toFixed(0),
      times(median(all.map((run) => run.busy))),
      percent(median(all.map((run) => run.machine))),
    ])
  }
  const ratio = rate(2) / rate(1)
  return {
    figures: { workersRatio: ratio },
    lines: [table.toString(), `two over one: ${times(ratio)}`],
    faults,
  }
}
