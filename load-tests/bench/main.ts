/**
 * `npm run bench -- [--json] [--rounds N] [--seconds N]`: what the gateway adds to the fastest pass-through of its own
 * libraries, over HTTP only; both on one core in turns, load and platform on the other. Ends with the validity gate. What
 * it does not measure yet stands in docs/progress.md.
 */
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { faultsOf, type Heard, type Moment } from '../gate.ts'
import { addedLatency } from './added.ts'
import { canPin, pinSelf, type Running } from './processes.ts'
import { page, startEndpoint, startGateway, startPassthrough } from './systems.ts'
import { type CaseResult, compareThroughput } from './throughput.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
  },
})

const say = (line: string) => process.stderr.write(`${line}\n`)

async function moment(gateway: Running, endpoint: Running): Promise<Moment> {
  return {
    tally: await page<Moment['tally']>(gateway, '/v1/tally'),
    effects: await page<Moment['effects']>(endpoint, '/effects'),
  }
}

function print(results: readonly CaseResult[]): void {
  const head = ['case', 'throughput ×', 'CPU ×', 'CPU µs', 'least busy', 'spread', 'failed']
  const table = new Table({ head, style: { head: [] } })
  for (const { name, rate, cpuMicros, busy, spread, failed } of results) {
    const cost = `${cpuMicros.reference.toFixed(0)} → ${cpuMicros.gateway.toFixed(0)}`
    const ratios = [rate.ratio.toFixed(2), cpuMicros.ratio.toFixed(2)]
    table.push([name, ...ratios, cost, busy.toFixed(2), `${(spread * 100).toFixed(0)} %`, String(failed)])
  }
  console.log(table.toString())
}

if (!canPin) say('taskset is not here: processes are not bound to cores, and the ratios mean less')
pinSelf('other')
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)]
// A platform each, so that the reference's effects are not taken for the gateway's.
const own = await startEndpoint()
const endpoint = await startEndpoint()
const reference = await startPassthrough(own.url)
const gateway = await startGateway(endpoint.url)
try {
  const before = await moment(gateway, endpoint)
  const cases = [1, 20, 200].flatMap((lines) => [1, 64].map((connections) => ({ lines, connections })))
  const heard: Heard[] = []
  const results = await compareThroughput(
    { reference, gateway },
    cases,
    rounds,
    seconds,
    (party, one, run) => {
      if (party === 'gateway') heard.push({ sent: run.requests, yes: run.yes })
      say(
        `${party} ${one.lines} lines c=${one.connections}: ${run.rate.toFixed(0)}/s, ${run.cpuMicros.toFixed(0)} µs`,
      )
    },
  )
  const added = await addedLatency({ reference, gateway }, rounds, seconds)
  heard.push(added.heard)
  const sum = (key: keyof Heard) => heard.reduce((total, one) => total + one[key], 0)
  const after = await moment(gateway, endpoint)
  const faults = faultsOf(before, after, { sent: sum('sent'), yes: sum('yes') })
  const ratio = (lines: number, key: 'rate' | 'cpuMicros') =>
    results.find((one) => one.lines === lines && one.connections === 64)![key].ratio
  print(results)
  console.log(
    `20 lines at ${added.rate}/s: p50 +${added.p50Ms.toFixed(2)} ms, p99 +${added.p99Ms.toFixed(2)} ms`,
  )
  console.log(faults.length === 0 ? 'valid' : `VOID: ${faults.join('; ')}`)
  const figures = {
    throughputRatio20: ratio(20, 'rate'),
    throughputRatio200: ratio(200, 'rate'),
    cpuRatio20: ratio(20, 'cpuMicros'),
    cpuRatio200: ratio(200, 'cpuMicros'),
    addedP50Ms: added.p50Ms,
    addedP99Ms: added.p99Ms,
    valid: faults.length === 0,
  }
  if (values.json) console.log(JSON.stringify(figures))
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  for (const each of [gateway, reference, own, endpoint]) await each.stop()
}
