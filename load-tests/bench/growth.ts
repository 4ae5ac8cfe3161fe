/**
 * A gateway that grows: memory after a hundred thousand and after a million settlements, and the tail of its answers with
 * ten million rows in the journal against a gateway that is empty. Filled over HTTP with one-line claims, both cores at
 * work; what is measured is measured with the gateway on one core, like everything else.
 */
import { readdirSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Table from 'cli-table3'
import { median, quantile, shuffled, spread } from '../statistics.ts'
import { type Bench, ms, percent, TABLE, times } from './bench.ts'
import { claimsOf } from './claims.ts'
import { closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { arrivals, openLoop } from './open-loop.ts'
import { bind } from './processes.ts'
import type { Steps } from './progress.ts'
import { openStage, type Stage } from './stage.ts'
import { page, startEndpoint } from './systems.ts'

/** Rows that one settlement leaves in the journal: the exchange and its outcome. */
const ROWS_A_SETTLEMENT = 2
const ROWS = 10_000_000
/** Settlements of ten million rows. */
export const SETTLEMENTS = Math.ceil(ROWS / ROWS_A_SETTLEMENT)
/** Settlements between which memory is compared. */
const [FIRST_MARK, SECOND_MARK] = [100_000, 1_000_000]
const SHARES = [FIRST_MARK / SETTLEMENTS, SECOND_MARK / SETTLEMENTS] as const
const RATE = 200
const FILL_CONNECTIONS = 16
const PIECE = 20_000
/** What a settlement may take on the disk, index and room ahead included. */
const BYTES_A_SETTLEMENT = 12_000
/** A run at a rate is longer than a case of a closed loop by this. */
const LONGER = 2.5
const SAMPLES = 25
const SAMPLE_MS = 200
const MEGABYTE = 1024 ** 2

interface Growing {
  readonly bench: Bench
  readonly stage: Stage
  settlements: number
}

/** Measures it. */
export async function growth(bench: Bench): Promise<Part> {
  const { settlements, tables, progress } = bench
  needRoom(settlements)
  const platform = await startEndpoint()
  const stage = await openStage([platform], { upstream: platform.url, tables })
  const grown: Growing = { bench, stage, settlements: 0 }
  const full = settlements >= SECOND_MARK
  const marks = full ? [FIRST_MARK, SECOND_MARK] : SHARES.map((share) => Math.ceil(settlements * share))
  const bar = progress.begin('growth', settlements)
  const atStart = await tail(grown)
  const memory: { at: number; bytes: number }[] = []
  for (const mark of marks) {
    await fill(grown, mark, bar)
    memory.push({ at: grown.settlements, bytes: await memoryAtRest(grown) })
  }
  await fill(grown, settlements, bar)
  memory.push({ at: grown.settlements, bytes: await memoryAtRest(grown) })
  bar.end()
  const { tails, faults } = await againstEmpty(grown)
  const disk = bytesIn(stage.gateway.dataDir) / grown.settlements
  faults.push(...(await stage.close()))
  const rssGrowth = memory[1]!.bytes / memory[0]!.bytes
  const p99 = (of: Party) => median(tails[of].map((run) => run.p99))
  const ratio = p99('grown') / p99('empty')
  const rows = grown.settlements * ROWS_A_SETTLEMENT
  return {
    figures: { rssGrowth: full ? rssGrowth : null, journalGrowthP99Ratio: rows >= ROWS ? ratio : null },
    lines: [
      memoryTable(memory),
      tailTable(atStart, tails, rows),
      `memory ${times(rssGrowth)}, p99 ${times(ratio)}; ${disk.toFixed(0)} bytes a settlement on the disk`,
    ],
    faults,
  }
}

function needRoom(settlements: number): void {
  const { bavail, bsize } = statfsSync(tmpdir())
  const [has, wants] = [bavail * bsize, settlements * BYTES_A_SETTLEMENT]
  if (has < wants)
    throw new Error(
      `${tmpdir()} has room for ${Math.floor(has / BYTES_A_SETTLEMENT)} settlements; use --settlements`,
    )
}

/** Fills up to a number of settlements. */
async function fill(grown: Growing, upTo: number, bar: Steps): Promise<void> {
  const { gateway, platforms } = grown.stage
  const pids = [gateway, ...platforms].map(({ pid }) => pid)
  for (const pid of [process.pid, ...pids]) bind('any', pid)
  const claims = claimsOf({ lines: 1, large: grown.bench.tables !== null })
  while (grown.settlements < upTo) {
    const requests = Math.min(PIECE, upTo - grown.settlements)
    const run = await closedLoop(gateway, claims, FILL_CONNECTIONS, { requests })
    grown.stage.add(run)
    grown.settlements += run.sent
    bar.at(grown.settlements, `${run.rate.toFixed(0)} settlements/s`)
    // Answers when the index has caught up: how far it may fall behind is not what is asked here.
    await page(gateway, '/v1/open-cases')
  }
  bind('measured', gateway.pid)
  for (const pid of [process.pid, ...platforms.map((each) => each.pid)]) bind('other', pid)
}

/** What one run at a rate gave. */
interface Unindexed {
  readonly p50: number
  readonly p99: number
  readonly cpuMicros: number
}

async function tail(grown: Growing): Promise<Unindexed> {
  const { bench, stage } = grown
  const claims = claimsOf({ lines: 1, large: bench.tables !== null })
  const run = await openLoop(stage.gateway, claims, arrivals(RATE, bench.seconds * LONGER, Math.random))
  stage.add(run)
  grown.settlements += run.sent
  const took = run.shots.map((shot) => shot.took)
  return { p50: quantile(took, 0.5), p99: quantile(took, 0.99), cpuMicros: run.cpuMicros }
}

/**
 * Resident memory after the index has caught up and a calm stretch at the steady rate, in which the heap is collected as
 * it is in service: the median of five seconds in which nothing comes.
 */
async function memoryAtRest(grown: Growing): Promise<number> {
  const { gateway } = grown.stage
  await tail(grown)
  await page(gateway, '/v1/open-cases')
  const samples: number[] = []
  while (samples.length < SAMPLES) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))
    samples.push(gateway.residentBytes() ?? Number.NaN)
  }
  return median(samples)
}

type Party = 'grown' | 'empty'
type Tails = Record<Party, Unindexed[]>

/** Both gateways at the same rate in turns. */
async function againstEmpty(grown: Growing): Promise<{ tails: Tails; faults: string[] }> {
  const { bench } = grown
  const platform = await startEndpoint()
  const stage = await openStage([platform], { upstream: platform.url, tables: bench.tables })
  const both: Record<Party, Growing> = { grown, empty: { bench, stage, settlements: 0 } }
  const tails: Tails = { grown: [], empty: [] }
  const bar = bench.progress.begin('growth, tails', bench.rounds * 2 + 2)
  // The first run of each warms it up.
  for (let round = 0; round <= bench.rounds; round += 1) {
    for (const party of shuffled(['grown', 'empty'] as const, Math.random)) {
      bar.step(party)
      const run = await tail(both[party])
      if (round > 0) tails[party].push(run)
    }
  }
  bar.end()
  return { tails, faults: await stage.close() }
}

function memoryTable(memory: readonly { at: number; bytes: number }[]): string {
  const table = new Table({ head: ['settlements', 'resident MB'], ...TABLE })
  for (const { at, bytes } of memory) table.push([String(at), (bytes / MEGABYTE).toFixed(0)])
  return table.toString()
}

function tailTable(atStart: Unindexed, tails: Tails, rows: number): string {
  const head = [`open loop, ${RATE}/s, 1 line`, 'p50 ms', 'p99 ms', '±', 'CPU µs']
  const table = new Table({ head, ...TABLE })
  table.push(['at its start, not warm', ...[atStart.p50, atStart.p99].map(ms), '', ms(atStart.cpuMicros)])
  for (const [name, runs] of [
    [`${rows} rows`, tails.grown],
    ['empty', tails.empty],
  ] as const) {
    const of = (key: keyof Unindexed) => ms(median(runs.map((run) => run[key])))
    const apart = percent(spread(runs.map((run) => run.p99)))
    table.push([name, of('p50'), of('p99'), apart, of('cpuMicros')])
  }
  return table.toString()
}

function bytesIn(directory: string): number {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  )
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !file.includes('/codes/'))
    .reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}
