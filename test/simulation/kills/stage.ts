/**
 * What a run plays on: the platforms as processes of their own with their own books, a fault proxy before each, and a
 * real gateway process on a real file behind them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { World } from '../../../src/demo/bills.ts'
import { settleDown } from '../../../src/demo/day.ts'
import { startSimulator } from '../../../src/simulator/supervise.ts'
import { type FaultProxy, type ProxyEvents, startProxy } from '../proxy.ts'
import { readWorld } from './bills.ts'
import { type Compared, compare, type HospitalSide } from './compare.ts'
import { Gateway } from './gateway.ts'
import { TRANSACTIONS } from './points.ts'

/** How long rest is waited for at the end of a run. */
const SETTLE_MS = 60_000
/** Shorter than the gateway's deadline. */
const NATIONAL_DEADLINE_MS = 800

/** What a run ended with. */
export interface Ended extends Compared {
  /** Messages of money that were forwarded to a platform more than once; a reversal may be. */
  readonly resent: number
}

/** A stage. */
export interface Stage {
  readonly dataDir: string
  readonly gateway: Gateway
  readonly world: World
  /** Waits for rest, stops the gateway and compares. */
  end(hospitals: HospitalSide): Promise<Ended>
  close(): Promise<void>
}

/** Opens a stage. @param events what the proxies tell, and what they are told to do */
export async function openStage(events: ProxyEvents): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-stage-'))
  const closing: (() => Promise<unknown>)[] = [
    async () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 }),
  ]
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end()
  }
  try {
    const engineDelay = { fromMs: 0, toMs: 3 }
    const simulator = await startSimulator({
      dataDir,
      port: 0,
      engineDelay,
      nationalDeadlineMs: NATIONAL_DEADLINE_MS,
    })
    closing.push(() => simulator.stop())
    const platforms = [['national', simulator.national] as const, ...Object.entries(simulator.provinces)]
    const urls = platforms.map(([, { url }]) => url)
    const proxies: FaultProxy[] = []
    for (const url of urls) {
      const proxy = await startProxy(url, events)
      proxies.push(proxy)
      closing.push(() => proxy.close())
    }
    const upstream = platforms.map(([name], place) => `${name}=${proxies[place]!.url}`).join(',')
    const world = await readWorld(urls.slice(1))
    const gateway = await Gateway.open(dataDir, upstream)
    closing.push(() => gateway.stop())
    const end = async (hospitals: HospitalSide) => {
      const openLeft = await settleDown(gateway.url, SETTLE_MS, () => {})
      await gateway.stop()
      const compared = await compare(dataDir, urls, hospitals)
      const unknownLeft = compared.unknownLeft + Math.abs(openLeft)
      return { ...compared, unknownLeft, resent: resentThrough(proxies) }
    }
    return { dataDir, gateway, world, end, close }
  } catch (cause) {
    await close()
    throw cause
  }
}

function resentThrough(proxies: readonly FaultProxy[]): number {
  const sent = new Map<string, number>()
  for (const { transaction, message, forwarded } of proxies.flatMap((proxy) => proxy.seen)) {
    if (!forwarded || transaction === '2601' || !TRANSACTIONS.some((one) => one === transaction)) continue
    const key = `${transaction} ${message}`
    sent.set(key, (sent.get(key) ?? 0) + 1)
  }
  return [...sent.values()].filter((times) => times > 1).length
}
