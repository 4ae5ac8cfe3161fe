/**
 * What the gateway adds to the time of one settlement at a steady rate: open loop, counterparts near and far. And beside it,
 * in the same turns, what two sealed and awaited commits alone add: no settlement that is durable twice can be faster on
 * this disk, so the gateway's own part is told as a ratio to it.
 */
import { join } from 'node:path'
import Table from 'cli-table3'
import { median, quantile, shuffled, spread } from '../statistics.ts'
import { type Bench, ms, percent, TABLE, times } from './bench.ts'
import { claimsOf } from './claims.ts'
import { closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { arrivals, openLoop } from './open-loop.ts'
import { makeDirectory, removeDirectory } from './processes.ts'
import { bothSides, type Party } from './sides.ts'
import { startDurable, tell } from './systems.ts'
import { warm } from './warm.ts'

const RATES = [250, 500]
const DELAYS_MS = [0, 5, 50]
const LINES = 20
/** A run is longer than one of a closed loop by this: its tail wants numbers. */
const LONGER = 2
const SHARES = [0.5, 0.99, 0.999] as const
const PARTIES = ['reference', 'gateway'] as const
/** The cell whose figures are in the line, and with which the floor is compared. */
const ASKED = { rate: 500, delay: 0 }
/** As in the group `throughput`. */
const CONNECTIONS = 64

type Cell = typeof ASKED

/** Measures it. */
export async function added(bench: Bench): Promise<Part> {
  const { rounds, progress, tables } = bench
  const seconds = bench.seconds * LONGER
  const claims = claimsOf({ lines: LINES, large: tables !== null })
  const sides = await bothSides(bench)
  const directory = makeDirectory()
  const file = join(directory, 'floor')
  const floor = await startDurable({ upstream: sides.own.url, file, sealed: true })
  await warm(floor, [claims], bench.seconds)
  const cells = DELAYS_MS.flatMap((delay) => RATES.map((rate) => ({ delay, rate })))
  const isAsked = (cell: Cell) => cell.rate === ASKED.rate && cell.delay === ASKED.delay
  const bar = progress.begin('added latency', (cells.length * PARTIES.length + 1) * rounds)
  /** Quantiles of each run and its CPU, by cell and party. */
  const runs = new Map<string, number[][]>()
  const keyOf = (party: Party | 'floor', { delay, rate }: Cell) => `${party} ${rate}/s +${delay} ms`
  const floorCpu: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const planned = cells.flatMap((cell) =>
      [...PARTIES, ...(isAsked(cell) ? (['floor'] as const) : [])].map((party) => ({ party, cell })),
    )
    for (const { party, cell } of shuffled(planned, Math.random)) {
      const key = keyOf(party, cell)
      bar.step(key)
      for (const platform of [sides.own, ...sides.stage.platforms])
        await tell(platform, '/delay', { ms: cell.delay })
      const server = party === 'floor' ? floor : sides[party]
      if (party === 'floor') floorCpu.push((await closedLoop(floor, claims, CONNECTIONS, bench)).cpuMicros)
      const run = await openLoop(server, claims, arrivals(cell.rate, seconds, Math.random))
      if (party === 'gateway') sides.stage.add(run)
      const took = run.shots.map((shot) => shot.took)
      const points = [...SHARES.map((share) => quantile(took, share)), run.cpuMicros]
      runs.set(key, [...(runs.get(key) ?? []), points])
    }
  }
  bar.end()
  await floor.stop()
  removeDirectory(directory)
  const faults = await sides.close()
  const rows = cells.map((cell) => {
    const at = (party: Party, place: number) => runs.get(keyOf(party, cell))!.map((points) => points[place]!)
    const points = [...SHARES, 'cpu'].map((_, place) => ({
      reference: median(at('reference', place)),
      gateway: median(at('gateway', place)),
      spread: spread(at('gateway', place)),
    }))
    return { ...cell, points }
  })
  const asked = rows.find(isAsked)!
  const [p50, p99] = [0, 1].map((place) => {
    const { reference, gateway } = asked.points[place]!
    const lowest = median(runs.get(keyOf('floor', ASKED))!.map((points) => points[place]!))
    return { added: gateway - reference, floor: lowest - reference }
  })
  const figures = {
    addedP50Ms: p50!.added,
    addedP99Ms: p99!.added,
    floorAddedP50Ms: p50!.floor,
    floorAddedP99Ms: p99!.floor,
    floorCpuMicros20: median(floorCpu),
  }
  const beside = [p50!, p99!].map(({ added, floor }) => `${ms(added)} where two commits add ${ms(floor)}`)
  const told = `${ASKED.rate}/s, +0 ms: p50 + ${beside[0]}, ${times(p50!.added / p50!.floor)}; p99 + ${beside[1]}, ${times(p99!.added / p99!.floor)}`
  return { figures, lines: [tableOf(rows), told], faults }
}

interface Row {
  readonly rate: number
  readonly delay: number
  /** In the order of `SHARES`, CPU last. */
  readonly points: readonly (Readonly<Record<Party, number>> & { readonly spread: number })[]
}

function tableOf(rows: readonly Row[]): string {
  const [p50, p99, p999] = ['p50 ms', 'p99 ms', 'p99.9 ms'].map((name) => [name, '+', '±'])
  const head = [`open loop, ${LINES} lines`, ...p50!, ...p99!, ...p999!, 'CPU µs', '×', '±']
  const table = new Table({ head, ...TABLE })
  for (const { rate, delay, points } of rows) {
    const cells = points.flatMap(({ reference, gateway, spread: apart }, place) => {
      const difference = place < SHARES.length ? ms(gateway - reference) : times(gateway / reference)
      return [`${ms(reference)} → ${ms(gateway)}`, difference, percent(apart)]
    })
    table.push([`${rate}/s, +${delay} ms`, ...cells])
  }
  return table.toString()
}
