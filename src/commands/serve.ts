/** `npm start`: the gateway, with the simulator beside it unless real endpoints are named. */
import { once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { serve as listen } from '@hono/node-server'
import { createApp } from '../app.ts'
import { type Config, readConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { systemClock, systemRandom } from '../ports.ts'
import { startSimulator } from '../simulator/supervise.ts'
import { createNetwork } from '../transport/network.ts'
import { untilEnded } from './until-ended.ts'
import { progressBar } from './verify.ts'

/** Addresses by platform, and how to end what was started for them. */
interface Upstream {
  readonly addresses: Readonly<Record<string, string>>
  stop(): Promise<void>
}

async function upstreamOf(config: Config): Promise<Upstream> {
  if (Object.keys(config.upstream).length > 0) {
    return { addresses: config.upstream, stop: async () => {} }
  }
  const simulator = await startSimulator({ dataDir: config.dataDir, port: config.simulatorPort })
  const provinces = Object.entries(simulator.provinces).map(([code, { url }]) => [code, url] as const)
  const addresses = Object.fromEntries([['national', simulator.national.url], ...provinces])
  return { addresses, stop: simulator.stop }
}

/**
 * Serves until SIGTERM or SIGINT; then finishes what is in flight.
 *
 * @returns the exit code
 */
export async function serve(): Promise<number> {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel)
  const upstream = await upstreamOf(config)
  const network = createNetwork()
  const { addresses } = upstream
  const bar = progressBar()
  const outside = { config, clock: systemClock, random: systemRandom, network, addresses, log }
  const app = await createApp({ ...outside, progress: bar.update }).finally(bar.stop)
  const server = listen({ fetch: app.fetch, port: config.port, hostname: config.host })
  await once(server, 'listening').catch((error) => {
    const inUse = (error as { code?: string }).code === 'EADDRINUSE'
    throw new Error(inUse ? `Port ${config.port} is in use; set ZHIJIE_PORT to a free one` : String(error))
  })
  const port = (server.address() as { port: number }).port
  const url = `http://${config.host}:${port}`
  console.log(`Zhijie 直结 listens on ${url}  (page to try it: ${url}/docs)`)
  for (const [platform, address] of Object.entries(addresses))
    console.log(`  ${platform.padEnd(8)} ${address}`)
  process.send?.({ ready: true, port })
  // One that is killed keeps nothing at its end.
  flushCompileCache()

  await untilEnded()
  log.info('draining')
  server.close()
  await app.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await upstream.stop()
  log.flush()
  if (process.connected) process.disconnect()
  return 0
}
