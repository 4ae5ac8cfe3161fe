/** What the gateway adds to the time of one settlement at a steady rate: open loop, counterparts near and far. */
import Table from 'cli-table3'
import { median, quantile, shuffled, spread } from '../statistics.ts'
import { type Bench, ms, percent, TABLE, times } from './bench.ts'
import { claimsOf } from './claims.ts'
import type { Part } from './figures.ts'
import { arrivals, openLoop } from './open-loop.ts'
import { bothSides, type Party } from './sides.ts'
import { tell } from './systems.ts'

const RATES = [250, 500]
const DELAYS_MS = [0, 5, 50]
const LINES = 20
/** A run is longer than one of a closed loop by this: its tail wants numbers. */
const LONGER = 2
const SHARES = [0.5, 0.99, 0.999] as const
const PARTIES = ['reference', 'gateway'] as const

/** Measures it. */
export async function added(bench: Bench): Promise<Part> {
  const { rounds, progress, tables } = bench
  const seconds = bench.seconds * LONGER
  const claims = claimsOf({ lines: LINES, large: tables !== null })
  const sides = await bothSides(bench)
  const cells = DELAYS_MS.flatMap((delay) => RATES.map((rate) => ({ delay, rate })))
  const bar = progress.begin('added latency', cells.length * PARTIES.length * rounds)
  /** Quantiles of each run and its CPU, by cell and party. */
  const runs = new Map<string, number[][]>()
  const keyOf = (party: Party, { delay, rate }: (typeof cells)[number]) => `${party} ${rate}/s +${delay} ms`
  for (let round = 0; round < rounds; round += 1) {
    const planned = cells.flatMap((cell) => PARTIES.map((party) => ({ party, cell })))
    for (const { party, cell } of shuffled(planned, Math.random)) {
      const key = keyOf(party, cell)
      bar.step(key)
      for (const platform of [sides.own, ...sides.stage.platforms])
        await tell(platform, '/delay', { ms: cell.delay })
      const run = await openLoop(sides[party], claims, arrivals(cell.rate, seconds, Math.random))
      if (party === 'gateway') sides.stage.add(run)
      const took = run.shots.map((shot) => shot.took)
      const points = [...SHARES.map((share) => quantile(took, share)), run.cpuMicros]
      runs.set(key, [...(runs.get(key) ?? []), points])
    }
  }
  bar.end()
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
  const asked = rows.find(({ rate, delay }) => rate === 500 && delay === 0)!
  const addedAt = (place: number) => asked.points[place]!.gateway - asked.points[place]!.reference
  return { figures: { addedP50Ms: addedAt(0), addedP99Ms: addedAt(1) }, lines: [tableOf(rows)], faults }
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
