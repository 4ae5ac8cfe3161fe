/** Starts the whole simulator: the national platform and five provinces, each a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EngineDelay } from './delay.ts'
import type { ProcessOptions, ProcessReport } from './process.ts'

/** The provinces that are simulated, in the order of their ports. */
export const PROVINCES = ['620000', '340000', '640000', '430000', '440000'] as const

/** Settings of the simulator. */
export interface SimulatorOptions {
  /** Books lie in `simulator/` below it and are kept on restart. */
  readonly dataDir: string
  /** The national platform gets this port, the provinces the next ones; 0 takes any that are free. */
  readonly port: number
  readonly nationalDeadlineMs?: number
  readonly engineDelay?: EngineDelay
  readonly peopleCount?: number
  readonly seed?: number
}

/** Where a platform listens. */
interface PlatformAddress {
  readonly url: string
  readonly pid: number
}

/** A running simulator. */
export interface Simulator {
  readonly national: PlatformAddress
  /** By province code. */
  readonly provinces: Readonly<Record<string, PlatformAddress>>
  /** Stops all processes and waits for them. */
  stop(): Promise<void>
}

/** How long a process may take to listen, and to stop. */
const START_MS = 20_000
const STOP_MS = 5000

const ENTRY = fileURLToPath(new URL('./process.ts', import.meta.url))

function spawned(options: ProcessOptions, children: ChildProcess[]): Promise<PlatformAddress> {
  const child = spawn(process.execPath, [ENTRY, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  children.push(child)
  return new Promise((resolve, reject) => {
    const name = `Platform ${options.platform}`
    const timer = setTimeout(() => reject(new Error(`${name} did not start in ${START_MS} ms`)), START_MS)
    const settle = (act: () => void) => {
      clearTimeout(timer)
      act()
    }
    child.once('error', (error) => settle(() => reject(error)))
    child.once('exit', (code) => settle(() => reject(new Error(`${name} ended with code ${code}`))))
    child.once('message', (message) => {
      const told = message as ProcessReport
      settle(() => {
        if ('url' in told) resolve({ url: told.url, pid: child.pid! })
        else reject(new Error(`${name}: ${told.fault}`))
      })
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill('SIGTERM')
  })
}

/**
 * Starts six processes on loopback.
 *
 * @throws {Error} where one does not start, for instance because its port is taken; the others are stopped then
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { port, ...shared } = options
  const children: ChildProcess[] = []
  const stop = async () => {
    await Promise.all(children.map(ended))
  }
  const portOf = (place: number) => (port === 0 ? 0 : port + place)
  try {
    const started = await Promise.all(
      PROVINCES.map(async (platform, index) => {
        const address = await spawned({ ...shared, platform, port: portOf(index + 1) }, children)
        return [platform, address] as const
      }),
    )
    const provinces = Object.fromEntries(started)
    const urls = Object.fromEntries(started.map(([code, { url }]) => [code, url]))
    const national = await spawned(
      { ...shared, platform: 'national', port: portOf(0), provinces: urls },
      children,
    )
    return { national, provinces, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
