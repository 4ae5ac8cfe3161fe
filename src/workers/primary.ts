/**
 * The primary process of several workers: starts them, opens the door when all have recovered, gives each connection to
 * its worker and starts again what dies. It reads no message and holds no journal.
 */
import { randomBytes } from 'node:crypto'
import { watch } from '../patience.ts'
import type { Callers } from '../pipeline/callers.ts'
import type { Clock } from '../ports.ts'
import { type Child, startChild } from './child.ts'
import { type Door, openDoor } from './door.ts'
import type { Hint } from './first-bytes.ts'
import { homeOf } from './home.ts'
import type { Beginning, ToPrimary } from './messages.ts'
import { createRestarts } from './restarts.ts'

/** What the primary is started with. */
export interface PrimarySettings {
  readonly workers: number
  readonly port: number
  readonly host: string
  /** Whether the recovery starts paused. */
  readonly paused: boolean
  readonly addresses: Readonly<Record<string, string>>
  readonly callers: Callers
  readonly clock: Clock
  /** Told of what people should know. */
  tell(text: string): void
  /** Told how far the start is. */
  step?(text: string): void
}

/** Workers behind one port. */
export interface Primary {
  readonly port: number
  /** Process ids of the workers, in their order. */
  pids(): readonly number[]
  /** Rejects, in words, where a worker does not live. */
  readonly broken: Promise<never>
  /** Closes the door, lets all finish what is in flight, and waits for their end. */
  stop(): Promise<void>
}

const SECRET_BYTES = 32

/** Who waits for the start of a worker. */
interface Start {
  heard(step: string): void
  ready(): void
}

/** Starts the workers and, when all have recovered, opens the door. @throws where one does not start, or the port is taken */
export async function startPrimary(settings: PrimarySettings): Promise<Primary> {
  const { workers, clock, addresses, tell } = settings
  const secret = randomBytes(SECRET_BYTES).toString('hex')
  const restarts = Array.from({ length: workers }, createRestarts)
  const children: Child[] = []
  const { promise: broken, reject: breakDown } = Promise.withResolvers<never>()
  broken.catch(() => {})
  let paused = settings.paused
  let stopping = false
  let turn = 0

  function hear(child: Child, message: ToPrimary, { heard, ready }: Start): void {
    switch (message.is) {
      case 'taken':
        return
      case 'step':
        heard(message.step)
        return
      case 'ready':
        child.tell({ is: 'pause', paused })
        announce()
        ready()
        return
      case 'pause':
        paused = message.paused
        child.tell({ is: 'answer', id: message.id, yes: true })
    }
  }

  /** Starts a worker; resolves when it has recovered. */
  function start(worker: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const beginning: Beginning = { worker, workers, addresses, secret, paused }
    const waited = watch({ name: `worker ${worker}`, say: tell, clock }, ({ message }) => {
      tell(`${message}. It is killed`)
      child.kill()
    })
    const heard = (text: string) => {
      waited.heard(text)
      settings.step?.(`worker ${worker} ${text}`)
    }
    const ready = () => {
      waited.end()
      resolve()
    }
    const child: Child = startChild(beginning, (message) => hear(child, message, { heard, ready }))
    children[worker - 1] = child
    child.ended.then(() => {
      waited.end()
      announce()
      reject(new Error(`Worker ${worker} did not start; its words stand above`))
    })
    return promise
  }

  /** Starts a worker again whenever it ends, until it ends too often. */
  function keep(worker: number): void {
    children[worker - 1]!.ended.then(() => {
      if (stopping) return
      const pause = restarts[worker - 1]!.after(clock.elapsed())
      if (pause === null) {
        breakDown(
          new Error(`Worker ${worker} ends again and again; its words stand above. All workers end with it`),
        )
        return
      }
      tell(`Worker ${worker} has ended and is started again. Its institutions are refused meanwhile`)
      clock.after(pause, () => {
        if (stopping) return
        start(worker).catch(() => {})
        keep(worker)
      })
    })
  }

  /** Tells all workers where the others listen. */
  function announce(): void {
    const ports = children.map((child) => child.port())
    for (const child of children) child.tell({ is: 'neighbours', ports })
  }

  function homeIn(hint: Hint): number | null {
    if (hint.is === 'institution') return homeOf(hint.institution, workers)
    if (hint.is === 'caller') return homeOfCaller(settings.callers, hint.key, workers)
    return null
  }

  /** The home, else any that is ready: that one passes on, or says that the home is not ready. */
  function choose(hint: Hint): Child | null {
    const home = homeIn(hint)
    const wanted = home === null ? undefined : children[home - 1]
    if (wanted && wanted.port() !== null) return wanted
    const ready = children.filter((child) => child.port() !== null)
    turn += 1
    return ready[turn % ready.length] ?? null
  }

  async function stop(): Promise<void> {
    stopping = true
    door?.close()
    for (const child of children) child.tell({ is: 'end' })
    await Promise.all(children.map(({ ended }) => ended))
  }

  let door: Door | null = null
  try {
    await Promise.all(Array.from({ length: workers }, (_, index) => start(index + 1)))
    const { port, host } = settings
    door = await openDoor({ port, host, clock, choose })
  } catch (cause) {
    await stop()
    throw cause
  }
  for (let worker = 1; worker <= workers; worker += 1) keep(worker)
  return { port: door.port, pids: () => children.map(({ pid }) => pid), broken, stop }
}

/** The worker that is the home of all institutions of a caller; null where there is none. */
function homeOfCaller(callers: Callers, key: string, workers: number): number | null {
  try {
    const { institutions } = callers.identify(key)
    if (institutions === 'any') return null
    const homes = new Set([...institutions].map((institution) => homeOf(institution, workers)))
    return homes.size === 1 ? [...homes][0]! : null
  } catch {
    // The worker says so.
    return null
  }
}
