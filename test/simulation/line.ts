/** The line of `npm run torture`, read as the first of it. */
import { parseArgs } from 'node:util'
import { SLIP_NAMES } from './attacks/slips.ts'

/** Simulated runs where no proof is asked for. */
export const SEEDS_DEFAULT = 5_000
/** Messages of money in a schedule of attacks. */
const MESSAGES_DEFAULT = 10_000

const USAGE = `npm run torture -- [--seeds N] [--start SEED] [--shared] [--kills N] [--proxy N] [--attacks [--messages N] [--slip NAME]] [--mutants] [--only NAME] [--trace] [--first] [--json]
  --seeds    simulated runs (${SEEDS_DEFAULT} where no other proof is asked for)
  --start    the first seed (1)
  --kills    kills of the real process
  --proxy    bills through broken wires
  --attacks  the schedule of attacks on real processes: kills, stops, clocks, full disks, keys, restores
  --messages messages of money that are sent meanwhile (${MESSAGES_DEFAULT}); with them each attack comes at least once
  --slip     with --attacks: the gateway is broken in this way first, and the schedule must say so (${SLIP_NAMES})
  --mutants  breaks the core on purpose; each slip must be noticed
  --only     only the slips, or with --attacks only the attacks, whose name holds this; may be given again
  --shared   simulated runs of two gateways over one engine that they share
  --trace    prints what happens in simulated runs
  --first    stops at the first run that does not hold
  --json     ends with one JSON line`

const OPTIONS = {
  seeds: { type: 'string' },
  start: { type: 'string', default: '1' },
  kills: { type: 'string', default: '0' },
  proxy: { type: 'string', default: '0' },
  attacks: { type: 'boolean', default: false },
  messages: { type: 'string', default: String(MESSAGES_DEFAULT) },
  slip: { type: 'string' },
  mutants: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [] as string[] },
  shared: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
  first: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** What the line says; where it is not understood, or asks how it is used, that is said and the process ends. */
function valuesOf() {
  try {
    const { values } = parseArgs({ options: OPTIONS })
    if (!values.help) return values
    console.log(USAGE)
    process.exit(0)
  } catch (cause) {
    say(`${(cause as Error).message}\n${USAGE}`)
    process.exit(2)
  }
}

/** Tells people on the error output. */
export const say = (line: string) => process.stderr.write(`${line}\n`)

/** What the line says. */
export const values = valuesOf()
