/** The platforms as processes of their own that are killed, frozen, and started again on their books and ports. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { untilEndedChild, untilStarted } from '../../../src/patience.ts'
import type { ProcessOptions, ProcessReport } from '../../../src/simulator/process.ts'
import { freePort } from '../kills/gateway.ts'

const ENTRY = fileURLToPath(new URL('../../../src/simulator/process.ts', import.meta.url))
const DELAY = { fromMs: 0, toMs: 3 }
/** Shorter than the gateway's deadline. */
const NATIONAL_DEADLINE_MS = 800

const say = (text: string) => void process.stderr.write(`${text}\n`)

/** One platform. */
export class Platform {
  readonly name: string
  readonly url: string
  readonly #options: ProcessOptions
  #child: ChildProcess | null = null

  constructor(options: ProcessOptions & { readonly port: number }) {
    this.name = options.platform
    this.url = `http://127.0.0.1:${options.port}`
    this.#options = options
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [ENTRY, JSON.stringify(this.#options)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.#child = child
    const told = await untilStarted<ProcessReport>(child, { name: `Platform ${this.name}`, say })
    if ('fault' in told) throw new Error(`Platform ${this.name}: ${told.fault}`)
  }

  async kill(): Promise<void> {
    const child = this.#child!
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  freeze(): void {
    this.#child!.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child!.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGCONT')
    if (this.#child) await untilEndedChild(this.#child, { name: `Platform ${this.name}`, say })
  }
}

/** Starts them. @returns the national one first, then the provinces */
export async function startPlatforms(
  dataDir: string,
  codes: readonly string[],
): Promise<readonly Platform[]> {
  const shared = { dataDir, engineDelay: DELAY, nationalDeadlineMs: NATIONAL_DEADLINE_MS }
  const provinces: Platform[] = []
  for (const platform of codes) provinces.push(new Platform({ ...shared, platform, port: await freePort() }))
  const addresses = Object.fromEntries(provinces.map(({ name, url }) => [name, url]))
  const port = await freePort()
  const national = new Platform({ ...shared, platform: 'national', port, provinces: addresses })
  const all = [national, ...provinces]
  const started = await Promise.allSettled(all.map((platform) => platform.start()))
  const failed = started.find(({ status }) => status === 'rejected')
  if (failed) {
    await Promise.all(all.map((platform) => platform.stop()))
    throw (failed as PromiseRejectedResult).reason
  }
  return all
}
