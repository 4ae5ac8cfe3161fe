/**
 * One province hangs; what the others notice of it. Twice: five insured provinces behind the national platform, which all
 * share its address, and five provincial platforms. In turns with all of them healthy, at the same rates.
 */
import Table from 'cli-table3'
import { median, quantile, shuffled, spread } from '../statistics.ts'
import { type Bench, ms, percent, TABLE, times } from './bench.ts'
import { type Claim, claimsOf, HOSPITALS } from './claims.ts'
import type { Part } from './figures.ts'
import { arrivals, openLoop } from './open-loop.ts'
import type { Running } from './processes.ts'
import { untilServed } from './served.ts'
import { openStage, type Stage } from './stage.ts'
import { startEndpoint, tell } from './systems.ts'
import { warm } from './warm.ts'

/** Settlements a second of each province: five times this is the morning peak of the country. */
const RATE = 50
const LINES = 20
/** A run is longer than one of a closed loop by this: its tail wants numbers. */
const LONGER = 3
/** Insured elsewhere than in the province of the hospital; the last one hangs. */
const ABROAD = ['440104', '640302', '430902', '310104', '620102']
const CONDITIONS = ['healthy', 'hung'] as const

/** A way to lay out five provinces. */
interface Layout {
  readonly name: string
  readonly stage: Stage
  readonly healthy: readonly Claim[]
  readonly hanging: readonly Claim[]
  /** The platform that hangs for the province that hangs. */
  readonly platform: Running
  /** Beginning of its insured areas. */
  readonly insured: string
}

async function behindNational({ tables }: Bench): Promise<Layout> {
  const platform = await startEndpoint()
  const stage = await openStage([platform], { upstream: { national: platform.url }, tables })
  const claims = ABROAD.map((insuredArea) => claimsOf({ lines: LINES, insuredArea, large: tables !== null }))
  const insured = ABROAD.at(-1)!.slice(0, 2)
  return { ...split(claims), name: 'behind the national platform', stage, platform, insured }
}

async function platforms({ tables }: Bench): Promise<Layout> {
  const hospitals = HOSPITALS.slice(0, ABROAD.length)
  const own = await Promise.all(hospitals.map(() => startEndpoint()))
  const upstream = Object.fromEntries(
    hospitals.map(({ area }, index) => [`${area.slice(0, 2)}0000`, own[index]!.url]),
  )
  const stage = await openStage(own, { upstream, tables })
  const claims = hospitals.map((hospital) => claimsOf({ lines: LINES, hospital }))
  return { ...split(claims), name: 'provincial platforms', stage, platform: own.at(-1)!, insured: '' }
}

/** The healthy ones in turns, and the one that hangs. */
function split(claims: readonly Claim[][]): { healthy: Claim[]; hanging: Claim[] } {
  const healthy = claims.slice(0, -1)
  const mixed = healthy[0]!.flatMap((_, variant) => healthy.map((each) => each[variant]!))
  return { healthy: mixed, hanging: claims.at(-1)! }
}

/** Measures it. */
export async function isolation(bench: Bench): Promise<Part> {
  const rows = []
  for (const open of [behindNational, platforms]) rows.push(await measured(bench, await open(bench)))
  const worst = Math.max(...rows.map(({ ratio }) => ratio))
  const head = ['one of five provinces hangs', 'p50 ms of four', 'p99 ms of four', '×', '±', 'unserved']
  const table = new Table({ head, ...TABLE })
  for (const { name, p50, p99, ratio, spread: apart, unserved } of rows) {
    const pair = (of: Readonly<Record<Condition, number>>) => `${ms(of.healthy)} → ${ms(of.hung)}`
    table.push([name, pair(p50), pair(p99), times(ratio), percent(apart), String(unserved)])
  }
  return {
    figures: { isolationP99Ratio: worst },
    lines: [table.toString()],
    faults: rows.flatMap(({ faults }) => faults),
  }
}

type Condition = (typeof CONDITIONS)[number]

async function measured({ rounds, seconds, progress }: Bench, layout: Layout) {
  const { name, stage, healthy, hanging, platform, insured } = layout
  const bar = progress.begin(`isolation, ${name}`, rounds * CONDITIONS.length)
  const runs: Record<Condition, { p50: number; p99: number }[]> = { healthy: [], hung: [] }
  let unserved = 0
  const due = (provinces: number) => arrivals(RATE * provinces, seconds * LONGER, Math.random)
  const both = () => [
    openLoop(stage.gateway, healthy, due(ABROAD.length - 1)),
    openLoop(stage.gateway, hanging, due(1)),
  ]
  for (const run of await warm(stage.gateway, [healthy, hanging, healthy], seconds)) stage.add(run)
  for (const run of await Promise.all(both())) stage.add(run)
  for (let round = 0; round < rounds; round += 1) {
    for (const condition of shuffled(CONDITIONS, Math.random)) {
      bar.step(condition)
      await untilServed(stage, hanging)
      if (condition === 'hung') await tell(platform, '/silence', { insured })
      const [four, fifth] = both()
      const run = await four!
      await tell(platform, '/silence', { insured: null, answer: true })
      stage.add(run)
      stage.add(await fifth!)
      const took = run.shots.map((shot) => shot.took)
      runs[condition].push({ p50: quantile(took, 0.5), p99: quantile(took, 0.99) })
      unserved += run.sent - run.yes
    }
  }
  bar.end()
  const of = (key: 'p50' | 'p99') => ({
    healthy: median(runs.healthy.map((run) => run[key])),
    hung: median(runs.hung.map((run) => run[key])),
  })
  const p99 = of('p99')
  return {
    name,
    p50: of('p50'),
    p99,
    ratio: p99.hung / p99.healthy,
    spread: spread(runs.hung.map((run) => run.p99)),
    unserved,
    faults: await stage.close(),
  }
}
