/**
 * `--only generator`: whether the load generator is the limit. The same requests from bare sockets and from autocannon,
 * each with an id of its own, against the reference: what generator and platform, which share the second core, take for
 * one request over what the reference takes on the first.
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

/** CPU time of one request, in microseconds: what the generator, the platform and the reference take for it. */
interface Ran {
  readonly rate: number
  readonly generator: number
  readonly platform: number
  readonly reference: number
}

interface Servers {
  readonly platform: Running
  readonly reference: Running
}

function sockets({ reference }: Servers, claims: readonly Claim[], seconds: number): Promise<number> {
  return closedLoop(reference, claims, CONNECTIONS, { seconds }).then(({ sent }) => sent)
}

async function cannon({ reference }: Servers, claims: readonly Claim[], seconds: number): Promise<number> {
  const parts = claims[0]!.body.split(ID)
  const result = await autocannon({
    url: reference.url + PATH,
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
  return result.requests.total
}

/** Runs one of them and divides what everybody took by the requests. */
async function ran(
  name: keyof typeof GENERATORS,
  servers: Servers,
  lines: number,
  seconds: number,
): Promise<Ran> {
  const claims = claimsOf({ lines })
  const spent = () => {
    const { user, system } = process.cpuUsage()
    const of = (server: Running) => server.cpuMicros() ?? Number.NaN
    return { generator: user + system, platform: of(servers.platform), reference: of(servers.reference) }
  }
  const before = spent()
  const started = performance.now()
  const requests = await GENERATORS[name](servers, claims, seconds)
  const elapsedMs = performance.now() - started
  const after = spent()
  const each = (who: keyof typeof before) => (after[who] - before[who]) / requests
  return {
    rate: (requests * 1000) / elapsedMs,
    generator: each('generator'),
    platform: each('platform'),
    reference: each('reference'),
  }
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
  const servers = { platform, reference }
  await sockets(servers, claimsOf({ lines: 20 }), seconds)
  for (let round = 0; round < rounds; round += 1) {
    for (const { lines, name } of shuffled(planned, Math.random)) {
      const key = `${lines} ${lines === 1 ? 'line' : 'lines'}, ${name}`
      bar.step(key)
      runs.set(key, [...(runs.get(key) ?? []), await ran(name, servers, lines, seconds)])
    }
  }
  bar.end()
  for (const each of [reference, platform]) await each.stop()
  const head = ['c=64', '/s', 'generator µs', 'platform µs', 'second core ÷ first']
  const table = new Table({ head, ...TABLE })
  for (const [key, all] of [...runs].toSorted(([one], [other]) => one.localeCompare(other))) {
    const of = (name: keyof Ran) => median(all.map((run) => run[name]))
    const second = median(all.map((run) => (run.generator + run.platform) / run.reference))
    table.push([
      key,
      ...[of('rate'), of('generator'), of('platform')].map((value) => value.toFixed(0)),
      times(second),
    ])
  }
  const told = 'Where the second core has more to do for a request than the first, it is the limit.'
  return { figures: {}, lines: [table.toString(), told], faults: null }
}
