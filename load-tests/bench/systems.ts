/** What is compared: a platform, the reference before it, the gateway before it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Core, type Running, start } from './processes.ts'

/** Where settlements go. */
export const PATH = '/hss-call-service-interface'
/** Province codes whose platform the endpoint plays, besides the national one. */
const PROVINCES = ['340000', '440000', '620000', '640000', '430000']

const ENDPOINT = new URL('./endpoint.ts', import.meta.url)
const PASSTHROUGH = new URL('./passthrough.ts', import.meta.url)
const GATEWAY = new URL('../../src/zhijie.mjs', import.meta.url)

/** Starts the platform. */
export function startEndpoint(delayMs = 0): Promise<Running> {
  return start(ENDPOINT, [JSON.stringify({ delayMs })], 'other')
}

/** Starts the reference. */
export function startPassthrough(upstream: string, core: Core = 'measured'): Promise<Running> {
  return start(PASSTHROUGH, [JSON.stringify({ upstream })], core, {}, SEMI_SPACE)
}

/** The young generation as the gateway's own start sets it; the reference gets the same. */
const SEMI_SPACE = ['--max-semi-space-size=64']

/** A gateway of the bench, on a data directory of its own that goes with it. */
export async function startGateway(
  upstream: string | Readonly<Record<string, string>>,
  core: Core | 'any' = 'measured',
  workers = 1,
): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-bench-'))
  const addresses =
    typeof upstream === 'string'
      ? Object.fromEntries(['national', ...PROVINCES].map((name) => [name, upstream]))
      : upstream
  const gateway = await start(GATEWAY, ['serve'], core, {
    ZHIJIE_DATA: dataDir,
    ZHIJIE_PORT: '0',
    ZHIJIE_LOG: 'info',
    ZHIJIE_WORKERS: String(workers),
    ZHIJIE_UPSTREAM: Object.entries(addresses)
      .map(([name, url]) => `${name}=${url}`)
      .join(','),
  })
  return {
    ...gateway,
    async stop() {
      await gateway.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** One page of JSON. */
export async function page<Page>(server: Running, path: string): Promise<Page> {
  return (await (await fetch(server.url + path)).json()) as Page
}
