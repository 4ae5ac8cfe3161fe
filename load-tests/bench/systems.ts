/** What is compared: a platform, the reference before it, the gateway before it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from 'undici'
import project from '../../package.json' with { type: 'json' }
import type { Tables } from './code-rows.ts'
import { type Core, makeDirectory, type Running, removeDirectory, start } from './processes.ts'

/** Where settlements go. */
export const PATH = '/hss-call-service-interface'
/** Province codes whose platform the endpoint plays, besides the national one. */
const PROVINCES = ['340000', '440000', '620000', '640000', '430000']

const ENDPOINT = new URL('./endpoint.ts', import.meta.url)
const PASSTHROUGH = new URL('./passthrough.ts', import.meta.url)
const DURABLE = new URL('./durable.ts', import.meta.url)
/** Where this build lies. */
export const GATEWAY_ROOT = new URL('../../', import.meta.url)
const flagsIn = (start: string) => start.split(' ').filter((word) => word.startsWith('--'))
/** The options that `npm start` gives to Node. */
export const GATEWAY_FLAGS = flagsIn(project.scripts.start)
/** The young generation with which the reference is fastest. */
const REFERENCE_FLAGS = ['--max-semi-space-size=64']

/** Starts a platform. */
export function startEndpoint(core: Core = 'other'): Promise<Running> {
  return start(ENDPOINT, [], core)
}

/** Starts the reference. */
export function startPassthrough(upstream: string): Promise<Running> {
  return start(PASSTHROUGH, [JSON.stringify({ upstream })], 'measured', { flags: REFERENCE_FLAGS })
}

/** Starts the reference with two commits to a file, which it makes. */
export function startDurable(told: {
  readonly upstream: string
  readonly file: string
  readonly sealed: boolean
}): Promise<Running> {
  return start(DURABLE, [JSON.stringify(told)], 'measured', { flags: REFERENCE_FLAGS })
}

/** How a gateway of the bench is started. */
export interface Start {
  /** Address of every platform, or addresses by platform. */
  readonly upstream: string | Readonly<Record<string, string>>
  readonly tables: Tables | null
  readonly core?: Core
  /** More on its command line. */
  readonly args?: readonly string[]
  /** Checkout of another build, whose `npm start` says its options; else this one. */
  readonly root?: URL
}

/** A gateway of the bench, on a data directory of its own that goes with it. */
export async function startGateway({
  upstream,
  tables,
  core = 'measured',
  args = [],
  root = GATEWAY_ROOT,
}: Start): Promise<Running & { readonly dataDir: string }> {
  const dataDir = makeDirectory()
  tables?.give(dataDir)
  const addresses =
    typeof upstream === 'string'
      ? Object.fromEntries(['national', ...PROVINCES].map((name) => [name, upstream]))
      : upstream
  const environment = {
    ZHIJIE_DATA: dataDir,
    ZHIJIE_PORT: '0',
    ZHIJIE_LOG: 'info',
    ZHIJIE_UPSTREAM: Object.entries(addresses)
      .map(([name, url]) => `${name}=${url}`)
      .join(','),
  }
  const log = join(dataDir, 'log')
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as typeof project
  const gateway = await start(new URL('src/zhijie.mjs', root), ['serve', ...args], core, {
    environment,
    log,
    flags: flagsIn(scripts.start),
  })
  await tables?.check(gateway)
  return {
    ...gateway,
    dataDir,
    async stop() {
      await gateway.stop()
      removeDirectory(dataDir)
    },
  }
}

/** One page of JSON, however long it takes: a tally of millions takes minutes. */
export async function page<Page>(server: Running, path: string): Promise<Page> {
  const { body } = await request(server.url + path, { headersTimeout: 0, bodyTimeout: 0 })
  return (await body.json()) as Page
}

/** Tells a platform how to behave. */
export async function tell(platform: Running, path: '/delay' | '/silence', how: object): Promise<void> {
  await fetch(platform.url + path, { method: 'PUT', body: JSON.stringify(how) })
}
