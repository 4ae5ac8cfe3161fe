/** The gateway as a process of its own, started again where it dies: as an operator's supervisor would. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

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
 */
export async function startGateway(settings: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  let stopping = false
  let restarts = 0
  let port = settings.ZHIJIE_PORT ?? '0'
  let child: ChildProcess
  const { promise: broken, reject: breakDown } = Promise.withResolvers<never>()
  broken.catch(() => {})

  async function start(): Promise<void> {
    child = spawn(process.execPath, [MAIN, 'serve'], {
      env: { ...process.env, ...settings, ZHIJIE_PORT: port },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const started = child
    const ended = once(started, 'exit').then(() => null)
    const ready = await Promise.race([once(started, 'message'), ended])
    if (!ready) throw new Error('The gateway did not start; its words stand above')
    port = String((ready[0] as { port: number }).port)
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
    async stop() {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
