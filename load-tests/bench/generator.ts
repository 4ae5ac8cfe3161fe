/**
 * `--only generator`: whether the load generator is the limit. The same requests from bare sockets and from autocannon,
 * each with an id of its own, against the reference: how much of its core the reference used under each.
 */
import autocannon from 'autocannon'
import Table from 'cli-table3'
import { median, shuffled } from '../statistics.ts'
import { type Bench, TABLE, times } from './bench.ts'
import { type Claim, claimsOf, ID } from './claims.ts'
import { closedLoop } from './closed-loop.ts'
import type { Part } from './figures.ts'
import { freshId } from './ids.ts'
import type { Running } from './processes.ts'
import { PATH, startEndpoint, startPassthrough } from './systems.ts'

const CONNECTIONS = 64
const LINES = [1, 20, 200]
const GENERATORS = { sockets, autocannon: cannon } as const

interface Ran {
  readonly rate: number
  readonly busy: number
}

function sockets(server: Running, claims: readonly Claim[], seconds: number): Promise<Ran> {
  return closedLoop(server, claims, CONNECTIONS, { seconds })
}

async function cannon(server: Running, claims: readonly Claim[], seconds: number): Promise<Ran> {
  const parts = claims[0]!.body.split(ID)
  const before = server.cpuMicros() ?? Number.NaN
  const started = performance.now()
  const result = await autocannon({
    url: server.url + PATH,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: PATH as `/${string}`,
        setupRequest: (request) => ({ ...request, body: parts.join(freshId()) }),
      },
    ],
  })
  const elapsedMs = performance.now() - started
  const cpu = (server.cpuMicros() ?? Number.NaN) - before
  return { rate: (result.requests.total * 1000) / elapsedMs, busy: cpu / (elapsedMs * 1000) }
}

/** Measures it. No gateway takes part, so there is nothing for the gate to judge. */
export async function generator({ rounds, seconds, progress }: Bench): Promise<Part> {
  const platform = await startEndpoint()
  const reference = await startPassthrough(platform.url)
  const planned = LINES.flatMap((lines) =>
    (['sockets', 'autocannon'] as const).map((name) => ({ lines, name })),
  )
  const bar = progress.begin('generator', planned.length * rounds)
  const runs = new Map<string, Ran[]>()
  await sockets(reference, claimsOf({ lines: 20 }), seconds)
  for (let round = 0; round < rounds; round += 1) {
    for (const { lines, name } of shuffled(planned, Math.random)) {
      const key = `${name}, ${lines} lines`
      bar.step(key)
      const run = await GENERATORS[name](reference, claimsOf({ lines }), seconds)
      runs.set(key, [...(runs.get(key) ?? []), run])
    }
  }
  bar.end()
  for (const each of [reference, platform]) await each.stop()
  const table = new Table({
    head: ['generator, c=64, reference', '/s', 'core used by the reference'],
    ...TABLE,
  })
  for (const [key, all] of [...runs].toSorted(([one], [other]) => one.localeCompare(other))) {
    table.push([
      key,
      median(all.map(({ rate }) => rate)).toFixed(0),
      times(median(all.map(({ busy }) => busy))),
    ])
  }
  return { figures: {}, lines: [table.toString()], faults: [] }
}
