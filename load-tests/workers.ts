/**
 * What several workers give: `npm run workers-bench -- --lines 200 --connections 64 --seconds 6 --rounds 3`. One gateway
 * process and two workers, each on both cores, in turn; the platform and the load are on the same two cores, so twice as
 * much cannot be had. Half of the connections speak for a hospital of the one worker, half for one of the other. `passed
 * on` has every connection begin in the wrong worker: the most that passing on can cost.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { claimOf } from './bench/claims.ts'
import { type ClosedRun, closedLoop } from './bench/closed-loop.ts'
import { cpuMicros, type Running } from './bench/processes.ts'
import { PATH, page, startEndpoint, startGateway } from './bench/systems.ts'
import { median, shuffled } from './statistics.ts'

/** Two hospitals with different home workers of two, and their areas. */
const HOSPITALS = [
  { code: 'H34010290001', area: '340102' },
  { code: 'H43010290001', area: '430102' },
] as const

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '200' },
    connections: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '3' },
  },
})
const [lines, connections, seconds, rounds] = [
  values.lines,
  values.connections,
  values.seconds,
  values.rounds,
].map(Number) as [number, number, number, number]

/** Bodies, one a hospital; where they are to be passed on, what stands first names the other. */
function bodies(passedOn: boolean): string[] {
  const plain = claimOf(lines, '440104').body
  return HOSPITALS.map(({ code, area }, index) => {
    const body = plain.replaceAll(HOSPITALS[0].code, code).replaceAll(HOSPITALS[0].area, area)
    return passedOn ? body.replace('{', `{"institution":"${HOSPITALS[1 - index]!.code}",`) : body
  })
}

/** A gateway with the time of its workers. */
function withWorkers(gateway: Running): Running {
  const children = () =>
    readFileSync(`/proc/${gateway.pid}/task/${gateway.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
  const all = () => [gateway.pid, ...children().map(Number)]
  return { ...gateway, cpuMicros: () => all().reduce((sum, pid) => sum + (cpuMicros(pid) ?? Number.NaN), 0) }
}

/** Both hospitals at once. The time of the server is counted once, over both. */
async function run(server: Running, passedOn: boolean): Promise<ClosedRun> {
  const before = server.cpuMicros() ?? Number.NaN
  const halves = await Promise.all(
    bodies(passedOn).map((body) => closedLoop(server, PATH, body, connections / 2, seconds)),
  )
  const cpu = (server.cpuMicros() ?? Number.NaN) - before
  const [one, other] = halves as [ClosedRun, ClosedRun]
  const requests = one.requests + other.requests
  return {
    ...one,
    requests,
    yes: one.yes + other.yes,
    rate: one.rate + other.rate,
    cpuMicros: cpu / requests,
    p50: (one.p50 + other.p50) / 2,
    p99: Math.max(one.p99, other.p99),
  }
}

const endpoint = await startEndpoint()
const [single, double] = await Promise.all([
  startGateway(endpoint.url, 'any'),
  startGateway(endpoint.url, 'any', 2).then(withWorkers),
])
const parties = {
  'one process': () => run(single, false),
  'two workers': () => run(double, false),
  'two workers, passed on': () => run(double, true),
}
/** Time of what shares the two cores with the gateway: the load and the platform. */
const others = () => {
  const { user, system } = process.cpuUsage()
  return user + system + (endpoint.cpuMicros() ?? Number.NaN)
}
const besides: number[] = []
const runs = new Map<string, ClosedRun[]>(Object.keys(parties).map((name) => [name, []]))
try {
  for (const measure of Object.values(parties)) await measure()
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, measure] of shuffled(Object.entries(parties), Math.random)) {
      const before = others()
      const one = await measure()
      besides.push((others() - before) / one.requests)
      runs.get(name)!.push(one)
    }
  }
  console.log(`${lines} lines, ${connections} connections, ${rounds} rounds of ${seconds} s`)
  const of = (name: string, key: 'rate' | 'cpuMicros' | 'p50' | 'p99') =>
    median(runs.get(name)!.map((one) => one[key]))
  for (const name of Object.keys(parties)) {
    const failed = runs.get(name)!.reduce((sum, { requests, yes }) => sum + requests - yes, 0)
    const times = of(name, 'rate') / of('one process', 'rate')
    const each = runs.get(name)!.map(({ rate }) => rate.toFixed(0))
    console.log(
      `${name.padEnd(24)} ${of(name, 'rate').toFixed(0).padStart(6)} a second (${each.join(', ')}), × ${times.toFixed(2)}, ` +
        `${of(name, 'cpuMicros').toFixed(0)} µs CPU each, p50 ${of(name, 'p50').toFixed(1)} ms, p99 ${of(name, 'p99').toFixed(1)} ms, ${failed} failed`,
    )
  }
  console.log(`The load and the platform take ${median(besides).toFixed(0)} µs CPU each`)
  const tally = await page<{ begun: number; open: number }>(double, '/v1/tally')
  console.log(`The journals of both workers together: ${JSON.stringify(tally)}`)
} finally {
  await Promise.all([single.stop(), double.stop(), endpoint.stop()])
}
