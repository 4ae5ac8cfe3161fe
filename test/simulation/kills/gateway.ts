/** A real gateway process that is killed again and again, with the next one loaded and ready to start. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { databaseFile } from '../../../src/store/database.ts'
import { checkpointOf } from './files.ts'
import type { KillerData, Look } from './killer.worker.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const MAIN = join(ROOT, 'src', 'zhijie.mjs')
const source = (...path: string[]) => JSON.stringify(pathToFileURL(join(ROOT, 'src', ...path)).href)

/**
 * Run before `zhijie.mjs`: loads its modules and waits for the word to start. Loading is most of a start and touches no
 * data, so it is done while the process before still works. It archives what is of today, which over HTTP nobody may.
 */
const WARM = `data:text/javascript,${encodeURIComponent(`
await import(${source('preload.ts')})
await import(${source('commands', 'serve.ts')})
const { ARCHIVE_LIMITS } = await import(${source('http', 'operations.ts')})
ARCHIVE_LIMITS.youngestDays = 0
await new Promise((go) => process.once('message', go))`)}`

const SETTINGS = {
  ZHIJIE_DEADLINE_MS: '1500',
  ZHIJIE_QUERY_DEADLINE_MS: '1000',
  ZHIJIE_RECOVERY_PAUSE_MS: '20',
  ZHIJIE_LOG: 'error',
  ZHIJIE_SEGMENT_BYTES: String(512 * 1024),
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'zhijie'),
  NODE_OPTIONS: '',
  VITEST: '',
}

/**
 * A port outside of the range that connections take theirs from, so that it is free again after a kill. Drawn by real
 * chance: two runs of one seed may go on at once.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(18_000, 30_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** The process that works; where it is killed, the next one starts at once. */
export class Gateway {
  readonly url: string
  readonly #environment: Record<string, string>
  readonly #file: string
  #child!: ChildProcess
  #standby: ChildProcess
  #stopping = false
  #broken: Error | null = null
  #starts: number[] = []
  /** What recovery of the log left in `attempted`: it is no checkpoint of this process. */
  #attemptedAtStart = 0
  /** Resolves when the present process is ready. */
  ready: Promise<void> = Promise.resolve()
  isReady = false
  /** Kills of which the shared memory of SQLite shows that a checkpoint had begun and not ended. */
  inCheckpoint = 0

  private constructor(port: number, dataDir: string, upstream: string) {
    this.url = `http://127.0.0.1:${port}`
    const own = { ZHIJIE_DATA: dataDir, ZHIJIE_PORT: String(port), ZHIJIE_UPSTREAM: upstream }
    this.#environment = { ...SETTINGS, ...own }
    this.#file = databaseFile(dataDir)
    this.#standby = this.#warm()
    this.#start()
  }

  /** @param upstream addresses of the platforms, as `ZHIJIE_UPSTREAM` names them */
  static async open(dataDir: string, upstream: string): Promise<Gateway> {
    const gateway = new Gateway(await freePort(), dataDir, upstream)
    try {
      await gateway.ready
      return gateway
    } catch (cause) {
      await gateway.stop()
      throw cause
    }
  }

  #warm(): ChildProcess {
    return spawn(process.execPath, ['--import', WARM, MAIN, 'serve'], {
      env: { ...process.env, ...this.#environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  #start(): void {
    const child = this.#standby
    const begun = performance.now()
    this.#child = child
    this.isReady = false
    child.send('go')
    this.#standby = this.#warm()
    this.ready = new Promise((resolve, reject) => {
      child.once('message', () => {
        this.#starts.push(performance.now() - begun)
        this.#attemptedAtStart = checkpointOf(this.#file).attempted
        this.isReady = true
        resolve()
      })
      child.once('exit', (code) => {
        if (code !== null && !this.#stopping) {
          this.#broken = new Error(`The gateway ended by itself with code ${code}`)
          return reject(this.#broken)
        }
        if (!this.#stopping) this.#next()
      })
    })
    this.ready.catch(() => {})
  }

  #next(): void {
    const { done, attempted } = checkpointOf(this.#file)
    if (this.isReady && attempted > done && attempted !== this.#attemptedAtStart) this.inCheckpoint += 1
    this.#start()
  }

  /** Mean time from the word to start to readiness. */
  get startMs(): number {
    return this.#starts.reduce((sum, ms) => sum + ms, 0) / Math.max(1, this.#starts.length)
  }

  get shortestStartMs(): number {
    return Math.min(...this.#starts)
  }

  /** @throws where the process ended without being killed */
  check(): void {
    if (this.#broken) throw this.#broken
  }

  /** Where a checkpoint is to be looked for. */
  get checkpoint(): Look {
    return { at: 'checkpoint', file: this.#file, attemptedAtStart: this.#attemptedAtStart }
  }

  /** Kills it as soon as something is seen in its files. @returns whether it was seen in time */
  async killWhen(look: Look, limitMs: number): Promise<boolean> {
    const gone = once(this.#child, 'exit')
    const workerData: KillerData = { look, pid: this.#child.pid!, limitMs }
    const killer = new Worker(new URL('./killer.worker.ts', import.meta.url), { workerData })
    const found = await new Promise<boolean>((resolve, reject) => {
      killer.on('message', (said) => typeof said === 'boolean' && resolve(said))
      killer.once('error', reject)
    })
    if (found) await gone
    return found
  }

  /** Kills it; resolves when it is gone and the next one has been told to start. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#standby.kill('SIGKILL')
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await gone
  }
}
