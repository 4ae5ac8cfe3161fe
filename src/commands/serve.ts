/** `npm start [-- --workers N]`: the gateway, with the simulator unless real endpoints are configured. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { flushCompileCache } from 'node:module'
import { parseArgs } from 'node:util'
import { createApp } from '../app.ts'
import { type Config, readConfig, requireCallers } from '../config.ts'
import { BACKLOG, boundConnections, connectionsMax } from '../http/connections.ts'
import { createLog } from '../log.ts'
import type { StartStep } from '../patience.ts'
import { systemClock, systemRandom } from '../ports.ts'
import { startSimulator } from '../simulator/supervise.ts'
import { createNetwork } from '../transport/network.ts'
import { settleLayout } from '../workers/layout.ts'
import { serveWorkers } from './serve-workers.ts'
import { untilEnded } from './until-ended.ts'
import { progressBar } from './verify.ts'

const USAGE = 'Usage: npm start [-- --workers N]   (N processes behind one port; see docs/operator.md)'

/** Addresses by platform, and how to stop what was started for them. */
interface Upstream {
  readonly addresses: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** Settings from the command line and the environment. */
interface Told {
  readonly config: Config
  /** Reports startup progress to the parent process if it asked for it. */
  step(text: string): void
}

/** `--steps` is for a parent process that waits. @returns null if the arguments are invalid */
function read(args: readonly string[]): Told | null {
  const options = { workers: { type: 'string' }, steps: { type: 'boolean', default: false } } as const
  let given: { workers?: string; steps: boolean }
  try {
    given = parseArgs({ args: [...args], options }).values
  } catch {
    return null
  }
  const workers = given.workers === undefined ? {} : { ZHIJIE_WORKERS: given.workers }
  const step = given.steps
    ? (text: string) => void process.send?.({ step: text } satisfies StartStep)
    : () => {}
  return { config: readConfig({ ...process.env, ...workers }), step }
}

async function upstreamOf({ config, step }: Told): Promise<Upstream> {
  if (Object.keys(config.upstream).length > 0) {
    return { addresses: config.upstream, stop: async () => {} }
  }
  const say = (text: string) => {
    console.error(text)
    step(text)
  }
  const simulator = await startSimulator({ dataDir: config.dataDir, port: config.simulatorPort, say })
  const provinces = Object.entries(simulator.provinces).map(([code, { url }]) => [code, url] as const)
  const addresses = Object.fromEntries([['national', simulator.national.url], ...provinces])
  return { addresses, stop: simulator.stop }
}

function withoutCallers({ openToAll }: Config): string {
  const who = openToAll ? 'whoever reaches this port' : 'whoever works on this machine'
  return `No callers are set (ZHIJIE_CALLERS): ${who} may settle for any institution. For trials only`
}

/** Reports the address to people and to the parent process. */
function sayListening(config: Config, port: number, addresses: Upstream['addresses'], more = ''): void {
  const url = `http://${config.host}:${port}`
  console.log(`Zhijie listens on ${url}  (page to try it: ${url}/docs)${more}`)
  for (const [platform, address] of Object.entries(addresses))
    console.log(`  ${platform.padEnd(8)} ${address}`)
  if (config.callersFile === null) console.log(withoutCallers(config))
  process.send?.({ ready: true, port })
}

/**
 * Serves until SIGTERM or SIGINT, then finishes requests in flight.
 *
 * @returns the exit code: 0 stopped as requested, 2 invalid arguments
 */
export async function serve(args: readonly string[] = []): Promise<number> {
  const told = read(args)
  if (!told) {
    console.error(USAGE)
    return 2
  }
  const { config, step } = told
  requireCallers(config)
  step('starts')
  const workers = config.workers > 1
  // Reported before anything is started. Several workers check again once they hold the directory.
  if (!workers) settleLayout(config.dataDir, 1)
  const upstream = await upstreamOf(told)
  await (workers ? serveWorkers : serveAlone)(config, upstream.addresses, sayListening, step)
  await upstream.stop()
  if (process.connected) process.disconnect()
  return 0
}

/** One process, one journal. */
async function serveAlone(
  config: Config,
  addresses: Upstream['addresses'],
  listening: typeof sayListening,
  step: Told['step'],
): Promise<void> {
  const log = createLog(config.logLevel)
  const network = createNetwork()
  const bar = progressBar('{value} / {total} bytes')
  const outside = { config, clock: systemClock, random: systemRandom, network, addresses, log }
  const app = await createApp({ ...outside, progress: bar.update, step }).finally(bar.stop)
  const server = createServer((request, response) => void app.listener(request, response))
  boundConnections(server, connectionsMax())
  server.listen({ port: config.port, host: config.host, backlog: BACKLOG })
  await once(server, 'listening').catch((error) => {
    const inUse = (error as { code?: string }).code === 'EADDRINUSE'
    throw new Error(inUse ? `Port ${config.port} is in use; set ZHIJIE_PORT to a free one` : String(error))
  })
  listening(config, (server.address() as { port: number }).port, addresses)
  // A killed process would not save it on exit.
  flushCompileCache()

  await untilEnded()
  log.info('draining')
  server.close()
  await app.close()
  server.closeAllConnections()
  log.flush()
}
