/** The processes of a bench, each on a core of its own where the machine lets us, and what they cost. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Which core a process runs on: what is measured on the first, everything else on the second. */
export type Core = 'measured' | 'other'

const CORES: Readonly<Record<Core, string>> = { measured: '0', other: '1' }
const START_MS = 60_000

/** Whether processes can be bound to a core here. */
export const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0

/** A running process of the bench. */
export interface Running {
  readonly url: string
  readonly pid: number
  /** User and system time of all its threads so far, in microseconds; null where the system does not tell. */
  cpuMicros(): number | null
  /** Resident memory in bytes; null where the system does not tell. */
  residentBytes(): number | null
  stop(): Promise<void>
}

/** Binds this process, which generates the load, to its core. */
export function pinSelf(core: Core): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', CORES[core], String(process.pid)])
}

/**
 * Starts a module of ours that tells `{ url }` or `{ ready, port }` when it listens.
 *
 * @throws where it does not listen in time
 */
export async function start(
  module: URL,
  args: readonly string[],
  core: Core | 'any',
  environment: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<Running> {
  const command = [process.execPath, ...flags, fileURLToPath(module), ...args]
  const [file, ...rest] = canPin && core !== 'any' ? ['taskset', '-c', CORES[core], ...command] : command
  const child = spawn(file!, rest, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const told = await Promise.race([
    once(child, 'message').then(([message]) => message as { url?: string; port?: number }),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${module.pathname} ended with code ${code}`)
    }),
    once(AbortSignal.timeout(START_MS), 'abort').then(() => {
      throw new Error(`${module.pathname} did not listen in ${START_MS} ms`)
    }),
  ])
  return {
    url: told.url ?? `http://127.0.0.1:${told.port}`,
    pid: child.pid!,
    cpuMicros: () => cpuMicros(child.pid!),
    residentBytes: () => residentBytes(child.pid!),
    stop: () => stop(child),
  }
}

const TICKS_A_SECOND = 100
const PAGE_BYTES = 4096

/** User and system time of a process so far, in microseconds; null where the system does not tell. */
export function cpuMicros(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_A_SECOND
  } catch {
    return null
  }
}

function residentBytes(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES
  } catch {
    return null
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
  await gone
  clearTimeout(timer)
}
