/**
 * `npm run bench -- [--json] [--rounds N] [--seconds N] [--only NAME]`: what the gateway adds to the fastest pass-through of
 * its own libraries, over HTTP only.
 */
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { canPin, pinSelf } from './processes.ts'
import { startEndpoint, startGateway, startPassthrough } from './systems.ts'
import { compareThroughput } from './throughput.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
  },
})

if (!canPin) console.error('taskset is not here: processes are not bound to cores, and the ratios mean less')
pinSelf('other')
const endpoint = await startEndpoint()
const reference = await startPassthrough(endpoint.url)
const gateway = await startGateway(endpoint.url)
try {
  const cases = [1, 20, 200].flatMap((lines) => [1, 64].map((connections) => ({ lines, connections })))
  const results = await compareThroughput(
    { reference, gateway },
    cases,
    Number(values.rounds),
    Number(values.seconds),
    (party, { lines, connections }, run) =>
      process.stderr.write(
        `${party.padEnd(9)} ${lines} lines c=${connections}: ${run.rate.toFixed(0)}/s ${run.cpuMicros.toFixed(0)} µs busy ${run.busy.toFixed(2)} p50 ${run.p50.toFixed(2)} p99 ${run.p99.toFixed(2)} failed ${run.requests - run.yes}\n`,
      ),
  )
  const table = new Table({
    head: ['case', 'rate ×', 'CPU ×', 'CPU µs', 'busy', 'failed'],
    style: { head: [] },
  })
  for (const { name, rate, cpuMicros, busy, failed } of results) {
    table.push([
      name,
      rate.ratio.toFixed(2),
      cpuMicros.ratio.toFixed(2),
      `${cpuMicros.reference.toFixed(0)} → ${cpuMicros.gateway.toFixed(0)}`,
      busy.toFixed(2),
      String(failed),
    ])
  }
  console.log(table.toString())
} finally {
  await gateway.stop()
  await reference.stop()
  await endpoint.stop()
}
