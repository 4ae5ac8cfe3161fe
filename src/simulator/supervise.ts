/** Starts the whole simulator: the national platform and five provinces, each a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { untilEndedChild, untilStarted } from '../patience.ts'
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
  /** Tells people for what we wait, where it takes long; else it is said on the error output. */
  readonly say?: (text: string) => void
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

const ENTRY = fileURLToPath(new URL('./process.ts', import.meta.url))

/** One that was started, with what waiting for it needs. */
interface Started {
  readonly child: ChildProcess
  readonly name: string
  readonly say: (text: string) => void
}

async function spawned(options: ProcessOptions, say: Started['say'], children: Started[]) {
  const child = spawn(process.execPath, [ENTRY, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const name = `Platform ${options.platform}`
  children.push({ child, name, say })
  const told = await untilStarted<ProcessReport>(child, { name, say })
  if ('fault' in told) throw new Error(`${name}: ${told.fault}`)
  return { url: told.url, pid: child.pid! }
}

/**
 * Starts six processes on loopback.
 *
 * @throws {Error} if one does not start, for instance because its port is taken; the others are stopped then
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { port, say = (text: string) => console.error(text), ...shared } = options
  const children: Started[] = []
  const stop = async () => {
    await Promise.all(children.map(({ child, ...waiting }) => untilEndedChild(child, waiting)))
  }
  const portOf = (place: number) => (port === 0 ? 0 : port + place)
  try {
    const started = await Promise.all(
      PROVINCES.map(async (platform, index) => {
        const address = await spawned({ ...shared, platform, port: portOf(index + 1) }, say, children)
        return [platform, address] as const
      }),
    )
    const provinces = Object.fromEntries(started)
    const urls = Object.fromEntries(started.map(([code, { url }]) => [code, url]))
    const national = await spawned(
      { ...shared, platform: 'national', port: portOf(0), provinces: urls },
      say,
      children,
    )
    return { national, provinces, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
