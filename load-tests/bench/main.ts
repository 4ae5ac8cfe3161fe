/**
 * `npm run bench -- [--json] [--only GROUPS] [--rounds N] [--seconds N] [--settlements N] [--rows N]`: the gateway against
 * the fastest pass-through of its own libraries, over HTTP only; the gateway on one core, load and platforms on the other,
 * the cases in an order of chance. Every group ends with the validity gate. RESULTS.md says how each figure is taken.
 */
import { parseArgs } from 'node:util'
import { added } from './added.ts'
import type { Bench } from './bench.ts'
import { breaker } from './breaker.ts'
import { makeTables, ROWS } from './code-rows.ts'
import { isVoid, lineOf, type Part } from './figures.ts'
import { floor } from './floor.ts'
import { generator } from './generator.ts'
import { growth, SETTLEMENTS } from './growth.ts'
import { isolation } from './isolation.ts'
import { lists } from './lists.ts'
import { overload } from './overload.ts'
import { bind, canPin, cleanAtEnd, endAll } from './processes.ts'
import { createProgress } from './progress.ts'
import { reports } from './reports.ts'
import { throughput } from './throughput.ts'
import { workers } from './workers.ts'

const GROUPS: Readonly<Record<string, (bench: Bench) => Promise<Part>>> = {
  throughput,
  added,
  isolation,
  breaker,
  workers,
  growth,
  overload,
  lists,
  floor,
  generator,
  reports,
}
/** Those of the line of figures; `overload` has none, `floor` looks at the machine, `generator` at the bench itself, `reports` has no gateway. */
const USUAL = 'throughput,added,isolation,breaker,workers,growth'
const ROUNDS_MIN = 3

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: USUAL },
    rounds: { type: 'string', default: String(ROUNDS_MIN) },
    seconds: { type: 'string', default: '4' },
    settlements: { type: 'string', default: String(SETTLEMENTS) },
    rows: { type: 'string', default: String(ROWS) },
  },
})

const say = (line: string) => process.stderr.write(`${line}\n`)
const names = values.only.split(',')
const numbers = [values.rounds, values.seconds, values.settlements, values.rows].map(Number)
const [rounds = 0, seconds = 0, settlements = 0, rows = 0] = numbers
if (
  names.some((name) => !GROUPS[name]) ||
  numbers.some((number) => !(number >= 0)) ||
  rounds * seconds <= 0
) {
  say(`Usage: npm run bench -- [--json] [--only ${Object.keys(GROUPS).join(',')}]`)
  say('  [--rounds N] [--seconds N] [--settlements N] [--rows N]')
  process.exit(2)
}

cleanAtEnd()
if (!canPin) say('Processes cannot be bound to two cores here, so the ratios mean less')
if (rounds < ROUNDS_MIN) say(`${rounds} of ${ROUNDS_MIN} rounds: a look, not a measurement`)
bind('other')
const progress = createProgress()
const tables = rows > 0 ? await makeTables(rows, progress) : null
const parts: Part[] = []
for (const name of names) {
  const part = await GROUPS[name]!({ rounds, seconds, settlements, tables, progress }).catch(brokenOff)
  bind('other')
  console.log(`\n${name}`)
  for (const line of part.lines) console.log(line)
  console.log(verdictOn(part))
  parts.push(rows < ROWS ? { ...part, figures: {} } : part)
}
tables?.remove()
if (rows < ROWS)
  say(`${rows} of ${ROWS} code rows: the line of figures leaves out what it has no full size of`)
const line = lineOf(parts)
if (values.json) console.log(JSON.stringify(line))
process.exitCode = isVoid(parts) ? 1 : 0

/** A group that breaks off measured nothing; the others go on. */
function brokenOff(cause: unknown): Part {
  progress.end()
  endAll()
  return { figures: {}, lines: [], faults: [cause instanceof Error ? cause.message : String(cause)] }
}

function verdictOn({ faults }: Part): string {
  if (faults === null) return 'nothing to judge'
  return faults.length === 0 ? 'valid' : `VOID: ${faults.join('; ')}`
}
