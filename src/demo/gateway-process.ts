/** Runs the gateway as a child process and restarts it when it dies, like an operator's supervisor. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { untilEndedChild, untilStarted } from '../patience.ts'

/** A supervised gateway. */
export interface GatewayProcess {
  readonly url: string
  /** Process id of the current child. */
  pid(): number
  /** Number of restarts. */
  restarts(): number
  /** Kills it like `kill -9`; the supervisor restarts it. */
  kill(): void
  /** Rejects if it fails to restart. */
  readonly broken: Promise<never>
  stop(): Promise<void>
}

const MAIN = join(import.meta.dirname, '..', 'zhijie.mjs')

/**
 * Starts the gateway and waits until it is ready.
 *
 * @param settings its environment; restarts reuse the port of the first start
 * @param say reports what a slow start is waiting for
 */
export async function startGateway(
  settings: Readonly<Record<string, string>>,
  say: (text: string) => void = (text) => console.error(text),
): Promise<GatewayProcess> {
  const waiting = { name: 'the gateway', say }
  let stopping = false
  let restarts = 0
  let port = settings.ZHIJIE_PORT ?? '0'
  let child: ChildProcess
  const { promise: broken, reject: breakDown } = Promise.withResolvers<never>()
  broken.catch(() => {})

  async function start(): Promise<void> {
    child = spawn(process.execPath, [MAIN, 'serve', '--steps'], {
      env: { ...process.env, ...settings, ZHIJIE_PORT: port },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const started = child
    const { port: its } = await untilStarted<{ port: number }>(started, waiting).catch((cause: Error) => {
      started.kill('SIGKILL')
      throw new Error(`The gateway did not start; its words stand above (${cause.message})`)
    })
    port = String(its)
    started.once('exit', () => {
      if (stopping) return
      restarts += 1
      start().catch(breakDown)
    })
  }

  await start()
  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => child.pid!,
    restarts: () => restarts,
    kill: () => child.kill('SIGKILL'),
    broken,
    stop() {
      stopping = true
      return untilEndedChild(child, waiting)
    },
  }
}
