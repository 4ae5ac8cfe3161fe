/**
 * `--only floor`: what two awaited commits alone cost on this machine's disk, on top of the reference: no settlement that
 * is durable twice can be faster here. 20 lines; an open loop at 500/s and a closed one, in turns.
 */
import { join } from 'node:path'
import Table from 'cli-table3'
import { median, quantile, shuffled, spread } from '../statistics.ts'
import { type Bench, ms, percent, TABLE, times } from './bench.ts'
import { claimsOf } from './claims.ts'
import { closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { arrivals, openLoop } from './open-loop.ts'
import { makeDirectory, type Running, removeDirectory } from './processes.ts'
import { startDurable, startEndpoint, startPassthrough } from './systems.ts'
import { warm } from './warm.ts'

const LINES = 20
const RATE = 500
const CONNECTIONS = 64
const RUNGS = ['reference', 'two commits', 'two commits, sealed'] as const

/** What one turn of a rung gave. */
interface Turn {
  readonly p50: number
  readonly p99: number
  readonly rate: number
  readonly cpuMicros: number
}

/** Measures it. No gateway takes part, so there is nothing for the gate to judge. */
export async function floor({ rounds, seconds, progress }: Bench): Promise<Part> {
  const directory = makeDirectory()
  const platform = await startEndpoint()
  const durable = (sealed: boolean) =>
    startDurable({ upstream: platform.url, file: join(directory, `${sealed}`), sealed })
  const servers: Readonly<Record<(typeof RUNGS)[number], Running>> = {
    reference: await startPassthrough(platform.url),
    'two commits': await durable(false),
    'two commits, sealed': await durable(true),
  }
  const claims = claimsOf({ lines: LINES })
  const bar = progress.begin('floor', RUNGS.length * (rounds + 1))
  for (const rung of RUNGS) {
    bar.step(`${rung} gets warm`)
    await warm(servers[rung], [claims], seconds)
  }
  const turns = new Map<string, Turn[]>(RUNGS.map((rung) => [rung, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const rung of shuffled(RUNGS, Math.random)) {
      bar.step(rung)
      const { shots } = await openLoop(servers[rung], claims, arrivals(RATE, seconds, Math.random))
      const { rate, cpuMicros } = await closedLoop(servers[rung], claims, CONNECTIONS, { seconds })
      const took = shots.map((shot) => shot.took)
      turns.get(rung)!.push({ p50: quantile(took, 0.5), p99: quantile(took, 0.99), rate, cpuMicros })
    }
  }
  bar.end()
  for (const server of [...Object.values(servers), platform]) await server.stop()
  removeDirectory(directory)
  return { figures: {}, lines: [tableOf(turns)], faults: null }
}

function tableOf(turns: ReadonlyMap<string, readonly Turn[]>): string {
  const open = [`${RATE}/s p50 ms`, '+', '±', 'p99 ms', '+']
  const head = [`floor, ${LINES} lines`, ...open, `c=${CONNECTIONS} /s`, '×', 'CPU µs', '×']
  const table = new Table({ head, ...TABLE })
  const of = (rung: string, key: keyof Turn) => median(turns.get(rung)!.map((turn) => turn[key]))
  for (const rung of RUNGS) {
    const [p50, p99, rate, cpu] = (['p50', 'p99', 'rate', 'cpuMicros'] as const).map((key) => ({
      value: of(rung, key),
      reference: of('reference', key),
    }))
    table.push([
      rung,
      ...[ms(p50!.value), ms(p50!.value - p50!.reference)],
      percent(spread(turns.get(rung)!.map((turn) => turn.p50))),
      ...[ms(p99!.value), ms(p99!.value - p99!.reference)],
      ...[rate!.value.toFixed(0), times(rate!.value / rate!.reference)],
      ...[cpu!.value.toFixed(0), times(cpu!.value / cpu!.reference)],
    ])
  }
  return table.toString()
}
