/**
 * `npm run torture -- [--seeds N] [--start SEED] [--shared] [--kills N] [--proxy N] [--attacks [--messages N]] [--mutants]
 * [--only NAME]… [--trace] [--first] [--json]`: any number of simulated runs, kills of the real process, bills through
 * broken wires, a schedule of attacks, and the core broken on purpose, a row of figures for each. `--only` breaks it only as
 * the mutants do whose name holds NAME, or with `--attacks` makes only those attacks; `--trace` prints what happens in
 * simulated runs, `--first` stops at the first that does not hold.
 */
import type { WireRun } from './kills/broken-wires.ts'
import type { KillRun } from './kills/run.ts'
import { SEEDS_DEFAULT, say, values } from './line.ts'
import { added, countTable, emptyProof, type Proof, progressOf, proofTable } from './proof.ts'

const SEEDS_A_MUTANT = 6_000

/** A proof with what else it has to say, and whether it held. */
interface Result {
  readonly proofs: readonly Proof[]
  readonly tables?: readonly string[]
  readonly holds: boolean
  /** Faults of the simulation by their kinds. */
  readonly faultsByKind?: Readonly<Record<string, number>>
  /** Counts of a schedule of attacks. */
  readonly attacks?: Readonly<Record<string, unknown>>
  readonly counts?: { readonly mutants: number; readonly caught: number }
}

function count(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`)
  return Number(text)
}

/** A disk that fails, loses or changes what it was given. */
const isOfDisk = (kind: string) => /^(?:disk|EIO|write|damage|names|note|index)/.test(kind)

/** Simulated runs; those whose disk fails have a row of their own. */
async function simulateAll(seeds: number, start: number): Promise<Result> {
  const { simulate } = await import('./world.ts')
  let sound = emptyProof('simulation')
  let wrong = emptyProof('wrong disk')
  const byKind: Record<string, number> = {}
  let failed = 0
  const progress = progressOf('runs', seeds)
  for (let seed = start; seed < start + seeds; seed += 1) {
    const run = await simulate(seed, { shared: values.shared, ...(values.trace && { trace: say }) })
    const figures = { ...run, runs: 1 }
    if (![...run.faultsByKind.keys()].some(isOfDisk)) sound = added(sound, figures)
    else wrong = added(wrong, figures)
    for (const [kind, times] of run.faultsByKind) byKind[kind] = (byKind[kind] ?? 0) + times
    if (run.violations.length > 0) {
      failed += 1
      say(`seed ${seed}: ${run.violations.join('; ')}`)
      say(`  npm run torture -- --seeds 1 --start ${seed}${values.shared ? ' --shared' : ''}`)
      if (values.first) break
    }
    progress.update(seed - start + 1)
  }
  progress.stop()
  const kinds = Object.entries(byKind).map(([name, sum]) => ({ name, counts: [], sum }))
  return {
    proofs: [sound, wrong],
    tables: [countTable('fault made', [], kinds)],
    faultsByKind: byKind,
    holds: failed === 0,
  }
}

/** Kills of the real process. */
async function killAll(kills: number, seed: number): Promise<Result> {
  const { runKills } = await import('./kills/run.ts')
  const progress = progressOf('kills', kills)
  const run = await runKills(kills, { seed, onProgress: (done) => progress.update(done) })
  progress.stop()
  tell(run)
  say(`${(run.seconds / kills).toFixed(2)} s a kill, ready again after ${run.startMs} ms on average`)
  return { proofs: [{ ...run, name: 'kills' }], tables: [killTable(run)], holds: agrees(run) }
}

/** Bills through broken wires. */
async function breakWires(bills: number, seed: number): Promise<Result> {
  const { runBrokenWires } = await import('./kills/broken-wires.ts')
  const progress = progressOf('bills', bills)
  const run = await runBrokenWires(bills, { seed, onProgress: (done) => progress.update(done) })
  progress.stop()
  tell(run)
  return { proofs: [{ ...run, name: 'proxy' }], tables: [wireTable(run)], holds: agrees(run) }
}

/** The schedule of attacks: most of its messages on a gateway of one process, the others on one of two workers. */
async function attackAll(messages: number, seed: number): Promise<Result> {
  const { playSchedule } = await import('./attacks/schedule.ts')
  const { proofs, tables, sentence, holds, counts } = await playSchedule(
    messages,
    seed,
    values.slip ?? null,
    values.only,
    say,
  )
  return { proofs, tables: [...tables, sentence], holds, attacks: counts }
}

function agrees({ lost, doubled, unknownLeft, fenDifference, resent }: KillRun | WireRun): boolean {
  return lost + doubled + unknownLeft + fenDifference + resent === 0
}

function tell({ differences, resent }: KillRun | WireRun): void {
  for (const difference of differences) say(difference)
  if (resent > 0) say(`${resent} message(s) of money were sent to a platform more than once`)
}

function killTable({ points, byPoint, byTransaction }: KillRun): string {
  const columns = Object.keys(byTransaction)
  const rows = points.map((point) => ({
    name: point as string,
    counts: Object.values(byTransaction).map((counts) => counts[point]),
    sum: byPoint[point],
  }))
  const counts = columns.map((_, place) => sum(rows.map((row) => row.counts[place]!)))
  rows.push({ name: 'all', counts, sum: sum(rows.map((row) => row.sum)) })
  return countTable('killed at', columns, rows)
}

function wireTable({ made }: WireRun): string {
  const columns = [...new Set(Object.values(made).flatMap((counts) => Object.keys(counts)))].sort()
  const rows = Object.entries(made).map(([name, of]) => {
    const counts = columns.map((column) => of[column] ?? 0)
    return { name, counts, sum: sum(counts) }
  })
  return countTable('broken by', columns, rows)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

/** The core broken on purpose. */
async function mutate(): Promise<Result> {
  const { MUTANTS, survivors } = await import('./mutants.ts')
  const { only } = values
  const asked =
    only.length > 0 ? MUTANTS.filter(({ name }) => only.some((part) => name.includes(part))) : MUTANTS
  if (asked.length === 0) throw new Error(`No mutant is named ${only.join(' or ')}`)
  let caught = 0
  const left = await survivors(asked, SEEDS_A_MUTANT, ({ name }, noticed, by) => {
    if (noticed) caught += 1
    say(`${noticed ? 'caught  ' : 'SURVIVED'}  ${name}${by && `\n            ${by.slice(0, 140)}`}`)
  })
  const runs = asked.length
  const proof = { ...emptyProof(`mutants (${caught} of ${runs} caught)`), runs, faults: runs }
  return { proofs: [proof], holds: left.length === 0, counts: { mutants: runs, caught } }
}

/** The proofs that are asked for, each ready to begin. @throws where the line asks for what there is not */
function asked(): (() => Promise<Result>)[] {
  const [kills, bills, start, messages] = [
    count('kills', values.kills),
    count('proxy', values.proxy),
    count('start', values.start),
    count('messages', values.messages),
  ]
  // Asked for another proof alone, it does that alone.
  const mutants = values.mutants || (values.only.length > 0 && !values.attacks)
  const others = kills > 0 || bills > 0 || mutants || values.attacks
  const seeds = count('seeds', values.seeds ?? (others ? '0' : String(SEEDS_DEFAULT)))
  return [
    ...(seeds > 0 ? [() => simulateAll(seeds, start)] : []),
    ...(kills > 0 ? [() => killAll(kills, start)] : []),
    ...(bills > 0 ? [() => breakWires(bills, start)] : []),
    ...(values.attacks ? [() => attackAll(messages, start)] : []),
    ...(mutants ? [mutate] : []),
  ]
}

try {
  const began = performance.now()
  const done: Result[] = []
  const faults: string[] = []
  // A proof that cannot be carried out takes nothing from the others.
  for (const proof of asked()) {
    await proof().then(
      (result) => done.push(result),
      (cause: Error) => faults.push(cause.message),
    )
  }
  const proofs = done.flatMap((result) => result.proofs)
  // A slip is no run of the core: it is counted by itself.
  const total = done.filter(({ counts }) => !counts).flatMap((result) => result.proofs)
  const { name: _, ...totals } = total.reduce<Proof>(added, emptyProof('all'))
  const mutants = done.find(({ counts }) => counts)?.counts ?? { mutants: 0, caught: 0 }
  for (const { tables = [] } of done) for (const table of tables) console.log(table)
  console.log(proofTable(proofs))
  console.log(`${((performance.now() - began) / 1000).toFixed(1)} seconds`)
  const faultsByKind = done.find((result) => result.faultsByKind)?.faultsByKind
  const attacks = done.find((result) => result.attacks)?.attacks
  const more = { ...(faultsByKind ? { faultsByKind } : {}), ...(attacks ? { attacks } : {}) }
  if (values.json) console.log(JSON.stringify({ ...totals, ...mutants, ...more }))
  process.exitCode = done.every(({ holds }) => holds) ? 0 : 1
  for (const fault of faults) {
    say(`Not carried out: ${fault}`)
    process.exitCode = 2
  }
} catch (cause) {
  say((cause as Error).message)
  process.exitCode = 2
}
