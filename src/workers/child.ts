/** One worker as the primary sees it: a process that is started, told things, and ends. */
import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Beginning, ToPrimary, ToWorker } from './messages.ts'

/** A worker process. */
export interface Child {
  readonly pid: number
  /** Where it listens for the others; null until it has recovered. */
  port(): number | null
  tell(message: ToWorker): void
  hand(socket: Socket, bytes: Buffer): void
  /** Ends it whatever it is doing. */
  kill(): void
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
}

/** A worker starts as every command does. */
const ENTRY = fileURLToPath(new URL('../zhijie.mjs', import.meta.url))

/**
 * Workers share the caches of one machine: with a young generation of 16 MB each, and not the 64 MB that one process is
 * fastest with, two are no slower and take 0.6 GB less. The last of two equal options counts.
 */
const YOUNG_GENERATION = ['--max-semi-space-size=16', '--min-semi-space-size=16']

/** Starts a worker. @param hears what it tells, `ready` included */
export function startChild(beginning: Beginning, hears: (message: ToPrimary) => void): Child {
  const child: ChildProcess = fork(ENTRY, ['worker'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, ...YOUNG_GENERATION],
  })
  let port: number | null = null
  let handed = 0
  /** Sockets on their way. Of a worker that dies before it has one, it would stay open here for ever. */
  const onTheWay = new Map<number, Socket>()
  const close = (id: number) => {
    onTheWay.get(id)?.destroy()
    onTheWay.delete(id)
  }
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const gone = () => {
    port = null
    for (const id of onTheWay.keys()) close(id)
    resolve()
  }
  child.once('exit', gone)
  child.once('error', gone)
  child.on('message', (message: ToPrimary) => {
    if (message.is === 'ready') port = message.port
    if (message.is === 'taken') close(message.id)
    else hears(message)
  })
  const tell = (message: ToWorker) => {
    // One that has just died is told nothing; its end is heard of next.
    if (child.connected) child.send(message, () => {})
  }
  tell({ is: 'begin', ...beginning })
  return {
    pid: child.pid!,
    port: () => port,
    tell,
    kill: () => void child.kill('SIGKILL'),
    hand(socket, bytes) {
      handed += 1
      const id = handed
      onTheWay.set(id, socket)
      const message: ToWorker = { is: 'connection', id, bytes: bytes.toString('base64') }
      if (!child.connected) close(id)
      else child.send(message, socket, { keepOpen: true }, (fault) => fault && close(id))
    },
    ended,
  }
}
