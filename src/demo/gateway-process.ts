/** The gateway as a process of its own, started again where it dies: as an operator's supervisor would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { untilEndedChild, untilStarted } from '../patience.ts'

/** A supervised gateway. */
export interface GatewayProcess {
  readonly url: string
  /** Process id of the one that runs now. */
  pid(): number
  /** How often it was started again. */
  restarts(): number
  /** Ends it as `kill -9` does; the supervisor starts it again. */
  kill(): void
  /** Rejects where it does not start again. */
  readonly broken: Promise<never>
  stop(): Promise<void>
}

const MAIN = join(import.meta.dirname, '..', 'zhijie.mjs')

/**
 * Starts the gateway and waits until it is ready.
 *
 * @param settings its environment; the port of the first start is kept for the later ones
 * @param say tells people for what we wait, where it takes long
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
