/**
 * `npm run torture -- [--seeds N] [--start SEED] [--kills N] [--mutants] [--only NAME]… [--trace] [--json]`: any number of
 * simulated runs, kills of the real process, and the core broken on purpose. `--only` breaks it in the
 * named ways alone, `--trace` prints what happens, `--first` stops at the first run that does not hold.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { MUTANTS, survivors } from './mutants.ts'
import type { Run } from './run.ts'
import { simulate } from './world.ts'

const SEEDS_DEFAULT = 5_000
const SEEDS_A_MUTANT = 6_000
const PROGRESS_EVERY = 1_000

/** What a torture gives, as its last line says it; the faults of the simulation by their kinds beside it. */
interface Totals {
  runs: number
  faults: number
  settlements: number
  lost: number
  doubled: number
  unknownLeft: number
  longestRecoveryMs: number
  mutants: number
  caught: number
  faultsByKind: Record<string, number>
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    start: { type: 'string', default: '1' },
    kills: { type: 'string', default: '0' },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    trace: { type: 'boolean', default: false },
    first: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

function count(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`)
  return Number(text)
}

const say = (line: string) => process.stderr.write(`${line}\n`)

function add(totals: Totals, run: Omit<Run, 'seed' | 'violations' | 'faults' | 'faultsByKind'>): void {
  totals.settlements += run.settlements
  totals.lost += run.lost
  totals.doubled += run.doubled
  totals.unknownLeft += run.unknownLeft
  totals.longestRecoveryMs = Math.max(totals.longestRecoveryMs, run.longestRecoveryMs)
}

/** @returns how many runs did not hold */
async function simulateAll(totals: Totals, seeds: number, start: number): Promise<number> {
  let failed = 0
  for (let seed = start; seed < start + seeds; seed += 1) {
    const run = await simulate(seed, {
      ...(values.trace ? { trace: say } : {}),
    })
    totals.runs += 1
    totals.faults += run.faults
    for (const [kind, times] of run.faultsByKind)
      totals.faultsByKind[kind] = (totals.faultsByKind[kind] ?? 0) + times
    add(totals, run)
    if (run.violations.length > 0) {
      failed += 1
      say(`seed ${seed}: ${run.violations.join('; ')}`)
      say(`  npm run torture -- --seeds 1 --start ${seed}`)
      if (values.first) break
    }
    if (totals.runs % PROGRESS_EVERY === 0) say(`${totals.runs} of ${seeds} runs, ${failed} failed`)
  }
  return failed
}

/** Kills of the real process, where that part is there. @returns whether they held */
async function kill(totals: Totals, kills: number): Promise<boolean> {
  const file = new URL('./kills.ts', import.meta.url)
  if (!existsSync(file)) throw new Error('--kills needs test/simulation/kills.ts, which is not there')
  const { runKills } = (await import(file.href)) as {
    runKills(
      kills: number,
    ): Promise<Omit<Run, 'seed' | 'faults' | 'faultsByKind' | 'violations'> & { kills: number }>
  }
  const killed = await runKills(kills)
  totals.runs += killed.kills
  totals.faults += killed.kills
  add(totals, killed)
  return killed.lost + killed.doubled + killed.unknownLeft === 0
}

/** @returns whether every slip was noticed */
async function mutate(totals: Totals): Promise<boolean> {
  const { only } = values
  const asked =
    only.length > 0 ? MUTANTS.filter(({ name }) => only.some((part) => name.includes(part))) : MUTANTS
  if (asked.length === 0) throw new Error(`No mutant is named ${only.join(' or ')}`)
  const left = await survivors(asked, SEEDS_A_MUTANT, ({ name }, caught, by) => {
    totals.mutants += 1
    if (caught) totals.caught += 1
    say(`${caught ? 'caught  ' : 'SURVIVED'}  ${name}${by && `\n            ${by.slice(0, 140)}`}`)
  })
  return left.length === 0
}

function print(totals: Totals, seconds: number): void {
  const table = new Table({ colAligns: ['left', 'right'] })
  const { faultsByKind, ...numbers } = totals
  for (const [name, value] of Object.entries(numbers)) table.push([name, String(value)])
  for (const [kind, times] of Object.entries(faultsByKind).toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  ))
    table.push([`  ${kind}`, String(times)])
  table.push(['seconds', seconds.toFixed(1)])
  console.log(table.toString())
}

const totals: Totals = {
  runs: 0,
  faults: 0,
  settlements: 0,
  lost: 0,
  doubled: 0,
  unknownLeft: 0,
  longestRecoveryMs: 0,
  mutants: 0,
  caught: 0,
  faultsByKind: {},
}
try {
  const [kills, start] = [count('kills', values.kills), count('start', values.start)]
  // Asked for kills or mutants alone, it does those alone.
  const seeds = count(
    'seeds',
    values.seeds ?? (kills > 0 || values.mutants || values.only.length > 0 ? '0' : String(SEEDS_DEFAULT)),
  )
  const began = performance.now()
  const failed = await simulateAll(totals, seeds, start)
  const survived = kills === 0 || (await kill(totals, kills))
  const noticed = !(values.mutants || values.only.length > 0) || (await mutate(totals))
  print(totals, (performance.now() - began) / 1000)
  if (values.json) console.log(JSON.stringify(totals))
  process.exitCode = failed === 0 && survived && noticed ? 0 : 1
} catch (cause) {
  say((cause as Error).message)
  process.exitCode = 2
}
