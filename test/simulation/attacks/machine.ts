/** A real gateway process under attack: started, killed, frozen, short of disk, with its clock wrong, told to refuse. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { untilStarted } from '../../../src/patience.ts'
import { freePort } from '../kills/gateway.ts'

/** Shifts the clock of the process by what it is told; a clock that is injected, since the machine's own stays as it is. */
const SHIFTED = `data:text/javascript,${encodeURIComponent(`
const real = Date.now
let shiftMs = Number(process.env.ZHIJIE_ATTACK_SHIFT_MS ?? 0)
Date.now = () => real() + shiftMs
process.on('message', (told) => { if (told?.is === 'shift') shiftMs = told.ms })`)}`

/** It is waited for as long as it says how far it is, and said for what. */
const WAITING = { name: 'The gateway', say: (text: string) => void process.stderr.write(`${text}\n`) }

/** Settings of every start. */
const SETTINGS = {
  ZHIJIE_DEADLINE_MS: '1500',
  ZHIJIE_QUERY_DEADLINE_MS: '1000',
  ZHIJIE_RECOVERY_PAUSE_MS: '20',
  ZHIJIE_LOG: 'error',
  ZHIJIE_SEGMENT_BYTES: String(512 * 1024),
  NODE_OPTIONS: '',
  VITEST: '',
}

/** Who may do anything does not see a read-only directory: such a process gives that right away. */
const PLAIN_RIGHTS =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : []

/** What a command ended with. */
export interface Ended {
  readonly code: number | null
  readonly said: string
}

/** How a machine is set up. */
export interface MachineOptions {
  /** The sources that run. */
  readonly root: string
  readonly dataDir: string
  readonly upstream: string
  readonly callersFile: string
  readonly workers: number
}

/** The machine. */
export class Machine {
  readonly url: string
  readonly dataDir: string
  readonly #options: MachineOptions
  readonly #environment: Record<string, string>
  #child: ChildProcess | null = null
  #starts: number[] = []
  #errors = ''
  /** Told when the process ended and nobody had asked for it. */
  onEnded: (text: string) => void = () => {}

  private constructor(options: MachineOptions, port: number) {
    this.url = `http://127.0.0.1:${port}`
    this.dataDir = options.dataDir
    this.#options = options
    this.#environment = {
      ...SETTINGS,
      NODE_COMPILE_CACHE: join(options.root, 'node_modules', '.cache', 'zhijie'),
      ZHIJIE_DATA: options.dataDir,
      ZHIJIE_PORT: String(port),
      ZHIJIE_UPSTREAM: options.upstream,
      ZHIJIE_CALLERS: options.callersFile,
      ZHIJIE_WORKERS: String(options.workers),
    }
  }

  /** Starts it for the first time. */
  static async open(options: MachineOptions): Promise<Machine> {
    const machine = new Machine(options, await freePort())
    await machine.start()
    return machine
  }

  get pid(): number {
    return this.#child!.pid!
  }

  /** Processes that it has started: the workers. */
  get workerPids(): readonly number[] {
    return childrenOf(this.pid)
  }

  get shortestStartMs(): number {
    return Math.min(...this.#starts)
  }

  get isUp(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null
  }

  #spawn(more: Record<string, string>, under: readonly string[]): ChildProcess {
    const line = [
      ...PLAIN_RIGHTS,
      ...under,
      process.execPath,
      '--import',
      SHIFTED,
      this.#main,
      'serve',
      '--steps',
    ]
    const child = spawn(line[0]!, line.slice(1), {
      env: { ...process.env, ...this.#environment, ...more },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#errors = ''
    child.stderr!.on('data', (bytes) => {
      this.#errors = (this.#errors + bytes).slice(-4000)
    })
    return child
  }

  get #main(): string {
    return join(this.#options.root, 'src', 'zhijie.mjs')
  }

  /** Begins a start; does not wait for it. */
  begin(more: Record<string, string> = {}): void {
    const begun = performance.now()
    const child = this.#spawn(more, [])
    this.#child = child
    child.on('message', (told: object) => {
      if ('ready' in told) this.#starts.push(performance.now() - begun)
    })
    child.once('exit', (code, signal) => {
      if (this.#child === child) this.onEnded(`ended by itself (${code ?? signal}): ${this.#errors.trim()}`)
    })
  }

  /** Starts it, and waits until it is ready. @throws where it ends instead, or says nothing for long */
  async start(more: Record<string, string> = {}): Promise<void> {
    this.begin(more)
    await untilStarted(this.#child!, WAITING).catch((cause: Error) => {
      throw new Error(`${cause.message}: ${this.#errors.trim()}`)
    })
  }

  /**
   * Starts it where it must not start.
   *
   * @param under a command that runs it: `prlimit --fsize=0`
   * @param more settings
   * @returns how it ended; null where it became ready, and was ended
   */
  async refuses(under: readonly string[] = [], more: Record<string, string> = {}): Promise<Ended | null> {
    const child = this.#spawn(more, under)
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said: this.#errors }))
    const isReady = await untilStarted(child, WAITING).then(
      () => true,
      () => false,
    )
    child.kill('SIGKILL')
    return isReady ? ended.then(() => null) : ended
  }

  /** Sends a signal, and takes it that the process ends. */
  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = null
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    // Workers of a killed primary end by themselves; the next start waits for them.
    await gone
  }

  /** kill -9. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** Ends it as a supervisor does. */
  stop(): Promise<void> {
    return this.#end('SIGTERM')
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Shifts its clock. */
  shift(ms: number): void {
    this.#child?.send({ is: 'shift', ms })
  }

  /** Lets it write no further byte to any file, or again as it likes: as a full disk, with another error. */
  limitFiles(full: boolean): void {
    execFileSync('prlimit', ['--pid', String(this.pid), `--fsize=${full ? '0' : 'unlimited'}:unlimited`])
  }

  /** Runs a command of the operator: `backup`, `restore`, `compared`, `verify`. */
  async run(...args: readonly string[]): Promise<Ended> {
    const child = spawn(process.execPath, [this.#main, ...args], {
      env: { ...process.env, ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes))
    const [code] = await once(child, 'close')
    return { code, said: said.trim() }
  }
}

/** Processes that a process has started, by the system's own list. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}
