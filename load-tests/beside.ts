/**
 * `npm run beside -- OTHER [--rounds N] [--seconds N] [--settlements N] [--json]`: this build beside another one in one run, in
 * turns, over HTTP on one core. OTHER is a checkout in which `npm ci` was run. It prints start, rate, CPU and memory, and what
 * this build has of the other's. What it does not measure: latency at a rate (`npm run bench -- --only added`).
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { TABLE } from './bench/bench.ts'
import { claimsOf } from './bench/claims.ts'
import { closedLoop } from './bench/closed-loop.ts'
import { bind, canPin, cleanAtEnd } from './bench/processes.ts'
import { createProgress } from './bench/progress.ts'
import { GATEWAY_ROOT, startEndpoint, startGateway } from './bench/systems.ts'
import { median } from './statistics.ts'

const CONNECTIONS = 64
const SIZES = [1, 20, 200]
const MEBIBYTE = 2 ** 20

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '6' },
    settlements: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
})
const [rounds, seconds, settlements] = [values.rounds, values.seconds, values.settlements].map(Number) as [
  number,
  number,
  number,
]
const other = positionals[0]
if (positionals.length !== 1 || !(rounds > 0 && seconds > 0 && settlements > 0)) {
  console.error('Usage: npm run beside -- OTHER [--rounds N] [--seconds N] [--settlements N] [--json]')
  process.exit(2)
}
if (!existsSync(resolve(other!, 'node_modules'))) {
  console.error(`${other} is no checkout in which npm ci was run`)
  process.exit(2)
}

/** What one build gave in one round. */
type Measured = Readonly<Record<string, number>>

/** Starts a build, presses it and ends it. @throws if a settlement was not answered with a yes */
async function measured(root: URL, upstream: string): Promise<Measured> {
  const began = performance.now()
  const gateway = await startGateway({ upstream, tables: null, root })
  const found: Record<string, number> = {
    'start, ms': performance.now() - began,
    'memory at the start, MB': gateway.residentBytes()! / MEBIBYTE,
  }
  async function press(lines: number, until: Parameters<typeof closedLoop>[3]) {
    const run = await closedLoop(gateway, claimsOf({ lines, large: false }), CONNECTIONS, until)
    if (run.yes < run.sent) throw new Error(`${run.sent - run.yes} of ${run.sent} settlements got no yes`)
    return run
  }
  await press(20, { seconds })
  for (const lines of SIZES) {
    const { rate, cpuMicros } = await press(lines, { seconds })
    found[`rate at ${lines} lines, /s`] = rate
    found[`CPU at ${lines} lines, µs`] = cpuMicros
  }
  await press(1, { requests: settlements })
  found[`memory after ${settlements} settlements, MB`] = gateway.residentBytes()! / MEBIBYTE
  await gateway.stop()
  return found
}

cleanAtEnd()
if (!canPin) console.error('Processes cannot be bound to two cores here, so the ratios mean less')
bind('other')
const builds = { this: GATEWAY_ROOT, other: pathToFileURL(`${resolve(other!)}/`) }
const runs: Record<keyof typeof builds, Measured[]> = { this: [], other: [] }
const platform = await startEndpoint()
const bar = createProgress().begin('beside', 2 * rounds)
for (let round = 0; round < rounds; round += 1) {
  // Whoever comes last is cheaper or dearer on some machines: the order turns.
  for (const name of round % 2 === 0 ? (['this', 'other'] as const) : (['other', 'this'] as const)) {
    bar.step(name)
    runs[name].push(await measured(builds[name], platform.url))
  }
}
bar.end()
await platform.stop()

const table = new Table({ head: ['', 'other', 'this', '×'], ...TABLE })
const ratios: Record<string, number> = {}
for (const what of Object.keys(runs.this[0]!)) {
  const [ours, theirs] = [runs.this, runs.other].map((all) => median(all.map((one) => one[what]!)))
  ratios[what] = ours! / theirs!
  table.push([what, theirs!.toFixed(0), ours!.toFixed(0), ratios[what].toFixed(2)])
}
console.log(table.toString())
if (values.json) console.log(JSON.stringify(ratios))
