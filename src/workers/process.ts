/**
 * One worker process: a whole gateway over its own part of the data directory, whose connections come from the
 * primary and whose other requests come from the other workers.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { flushCompileCache } from 'node:module'
import type { AddressInfo, Socket } from 'node:net'
import { type App, createApp } from '../app.ts'
import { type Config, readConfig } from '../config.ts'
import { boundConnections, connectionsMax } from '../http/connections.ts'
import { createLog, type Log } from '../log.ts'
import { systemClock, systemRandom } from '../ports.ts'
import { createNetwork } from '../transport/network.ts'
import { createHop, isFromWorker } from './hop.ts'
import { partOf } from './layout.ts'
import type { Beginning, ToPrimary, ToWorker } from './messages.ts'
import { createNeighbours } from './neighbours.ts'

const REFUSED = 403

/** Sockets that the primary handed over; every other is another worker's, or nobody's. */
const handed = new WeakSet<Socket>()
const waiting = new Map<number, (yes: boolean) => void>()
let asked = 0
let ports: readonly (number | null)[] = []
let paused = false
let app: App | null = null
let server: Server | null = null
let log: Log | null = null

function tell(message: ToPrimary): void {
  if (process.connected) process.send!(message)
}

function ask(message: (id: number) => ToPrimary): Promise<boolean> {
  asked += 1
  const id = asked
  return new Promise((resolve) => {
    waiting.set(id, resolve)
    tell(message(id))
  })
}

function hear(message: ToWorker, socket: Socket | undefined): void {
  switch (message.is) {
    case 'begin':
      run(message).catch((cause) => {
        console.error(`Worker ${message.worker}: ${cause instanceof Error ? cause.message : String(cause)}`)
        process.exit(1)
      })
      return
    case 'neighbours':
      ports = message.ports
      return
    case 'connection':
      if (socket) take(socket, Buffer.from(message.bytes, 'base64'))
      tell({ is: 'taken', id: message.id })
      return
    case 'pause':
      paused = message.paused
      app?.recovery.pause(paused)
      return
    case 'answer':
      waiting.get(message.id)?.(message.yes)
      waiting.delete(message.id)
      return
    case 'end':
      void end()
  }
}

/** Goes on with a connection where the primary stopped reading. */
function take(socket: Socket, bytes: Buffer): void {
  if (!server) {
    socket.destroy()
    return
  }
  handed.add(socket)
  // As of a server's own connections: who has said everything still hears the answer.
  socket.allowHalfOpen = true
  if (bytes.length > 0) socket.unshift(bytes)
  server.emit('connection', socket)
}

function configOf(base: Config, worker: number): Config {
  const { dataDir, archiveDir } = partOf(base.dataDir, base.archiveDir, worker)
  const keyFile = base.keyFile ?? `${base.dataDir}/key`
  return { ...base, dataDir, archiveDir, keyFile, recoveryPaused: paused }
}

async function run({ worker, workers, addresses, secret, paused: startsPaused }: Beginning): Promise<void> {
  const step = (text: string) => tell({ is: 'step', step: text })
  step('starts')
  paused = startsPaused
  const base = readConfig(process.env)
  const config = configOf(base, worker)
  log = createLog(config.logLevel).child({ worker })
  const isPassed = ({ socket }: IncomingMessage) => !handed.has(socket)
  const neighbours = createNeighbours({
    own: worker,
    workers,
    hop: createHop(secret),
    directoryOf: (other) => partOf(base.dataDir, base.archiveDir, other).dataDir,
    portOf: (other) => ports[other - 1] ?? null,
    isPassed,
    keepPaused: async (now) => void (await ask((id) => ({ is: 'pause', id, paused: now }))),
    deadlineMs: config.deadlineMs,
  })
  const outside = {
    config,
    clock: systemClock,
    random: systemRandom,
    network: createNetwork(),
    addresses,
    log,
  }
  app = await createApp({ ...outside, neighbours, step })
  app.recovery.pause(paused)
  const { listener } = app
  server = createServer((request, response) => {
    if (!isPassed(request) || isFromWorker(request.headers, secret)) void listener(request, response)
    else response.writeHead(REFUSED).end()
  })
  // What another worker has opened is no outsider's.
  boundConnections(server, connectionsMax(), (socket) => handed.has(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  tell({ is: 'ready', port: (server.address() as AddressInfo).port })
  flushCompileCache()
}

async function end(): Promise<void> {
  server?.close()
  await app?.close()
  server?.closeAllConnections()
  log?.flush()
  process.exit(0)
}

/** Works until the primary says that it is over, or is gone. */
export function work(): Promise<never> {
  // The primary says when to end: at a terminal, or under a supervisor, every process of the group gets the signal.
  process.on('SIGTERM', () => {})
  process.on('SIGINT', () => {})
  // Without the primary nobody is given a connection. What is in flight is found again by the next run, as after a kill.
  process.once('disconnect', () => process.exit(1))
  process.on('message', hear)
  return new Promise(() => {})
}
