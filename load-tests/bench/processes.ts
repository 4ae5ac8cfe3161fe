/** The processes of a bench, each on a core of its own where the machine lets us. Whatever ends the bench ends them. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { cpuMicros, residentBytes } from './usage.ts'

/** Which core a process runs on: what is measured on the first, everything else on the second, or both together. */
export type Core = 'measured' | 'other' | 'any'

const CORES: Readonly<Record<Core, string>> = { measured: '0', other: '1', any: '0,1' }
/** A process that takes no processor for so long, and does not listen, is stuck; a busy machine is no failure. */
const STILL_MS = 60_000
const LOOK_MS = 1000
/** Processor time of less than this in that while is none. */
const STILL_MICROS = 50_000
const STOP_MS = 20_000

/** Whether processes can be bound to a core here. */
export const canPin = spawnSync('taskset', ['-c', CORES.any, 'true']).status === 0

/** A running process of the bench. */
export interface Running {
  readonly url: string
  readonly pid: number
  /** User and system time of all its threads and processes so far, in microseconds; null if the system does not tell. */
  cpuMicros(): number | null
  /** Resident memory in bytes; null if the system does not tell. */
  residentBytes(): number | null
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
const directories = new Set<string>()

/** Ends what is still running, without asking. */
export function endAll(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Ends what was started and removes what was written, also where someone interrupts. Called once, at the begin. */
export function cleanAtEnd(): void {
  process.once('exit', () => {
    endAll()
    for (const directory of directories)
      rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  })
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => process.exit(code))
}

/** A directory of the bench. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'zhijie-bench-'))
  directories.add(directory)
  return directory
}

/** Removes it. */
export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
  directories.delete(directory)
}

/** Binds a process with all its threads; this process, which generates the load, where none is named. */
export function bind(core: Core, pid = process.pid): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', CORES[core], String(pid)])
}

/** What a process is started with. */
export interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>
  /** Of Node itself. */
  readonly flags?: readonly string[]
  /** File for what it says on its error output; else it says it here. */
  readonly log?: string
}

/**
 * Starts a module of ours that tells `{ url }` or `{ ready, port }` when it listens.
 *
 * @throws if it ends before, or does nothing for long
 */
export async function start(
  module: URL,
  args: readonly string[],
  core: Core,
  { environment = {}, flags = [], log }: Surroundings = {},
): Promise<Running> {
  const command = [process.execPath, ...flags, fileURLToPath(module), ...args]
  const [file, ...rest] = canPin ? ['taskset', '-c', CORES[core], ...command] : command
  const child = spawn(file!, rest, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', log ? openSync(log, 'a') : 'inherit', 'ipc'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const timer = new AbortController()
  const told = await Promise.race([
    once(child, 'message', timer).then(([message]) => message as { url?: string; port?: number }),
    once(child, 'exit', timer).then(([code]) => {
      throw new Error(`${module.pathname} ended with code ${code}\n${log ? readFileSync(log, 'utf8') : ''}`)
    }),
    untilStill(child.pid!, timer.signal).then(() => {
      throw new Error(`${module.pathname} does not listen, and has done nothing for ${STILL_MS / 1000} s`)
    }),
  ]).finally(() => timer.abort())
  const pid = child.pid!
  return {
    url: told.url ?? `http://127.0.0.1:${told.port}`,
    pid,
    cpuMicros: () => cpuMicros(pid),
    residentBytes: () => residentBytes(pid),
    stop: () => stop(child),
  }
}

/** Resolves when a process has taken no processor for long; where the system does not tell, when as long has passed. */
async function untilStill(pid: number, signal: AbortSignal): Promise<void> {
  for (let still = 0, before = -STILL_MICROS; still < STILL_MS; still += LOOK_MS) {
    await pause(LOOK_MS, undefined, { signal })
    const used = cpuMicros(pid) ?? before
    if (used - before < STILL_MICROS) continue
    before = used
    still = 0
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await gone
  clearTimeout(timer)
}
