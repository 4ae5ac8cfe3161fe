/** Connections stay within their limit: the one idle longest gives way, and none that awaits its answer. */
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { boundConnections, connectionsMax, descriptors } from '../../src/http/connections.ts'

let server: Server
let asked: ServerResponse[] = []
let sockets: Socket[] = []
let bound: ReturnType<typeof boundConnections>
/** Whether connections may be closed for newer ones, and those that the server has seen. */
let yields = true
let seen: Socket[] = []
beforeEach(async () => {
  asked = []
  sockets = []
  server = createServer((_request, response) => void asked.push(response))
  yields = true
  seen = []
  bound = boundConnections(server, 3, () => yields)
  server.on('connection', (socket) => seen.push(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.closeAllConnections()
  server.close()
})

/** Opens a connection that the server has seen. */
async function open(): Promise<Socket> {
  const taken = once(server, 'connection')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  sockets.push(socket)
  await taken
  return socket
}

async function ask(socket: Socket): Promise<void> {
  const heard = once(server, 'request')
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await heard
}

const closed = (socket: Socket) => (socket.closed ? Promise.resolve() : once(socket, 'close'))

describe('boundConnections()', () => {
  it('closes the one on which nothing was asked for the longest, for one more', async () => {
    const [first, second] = [await open(), await open()]
    await open()
    await open()
    await closed(first)
    expect(second.closed).toBe(false)
    await open()
    await closed(second)
  })

  it('never closes one whose request is not answered: then the new one goes', async () => {
    const busy = [await open(), await open(), await open()]
    for (const socket of busy) await ask(socket)
    await closed(await open())
    expect(busy.map((socket) => socket.closed)).toEqual([false, false, false])
    const answered = once(asked[1]!, 'close')
    asked[1]!.end()
    await answered
    const next = await open()
    await closed(busy[1]!)
    expect([busy[0]!.closed, busy[2]!.closed, next.closed]).toEqual([false, false, false])
  })

  it('closes as many as come at once', async () => {
    const first = [await open(), await open(), await open()]
    const next = Promise.all([open(), open(), open()])
    await Promise.all(first.map(closed))
    expect((await next).map((socket) => socket.closed)).toEqual([false, false, false])
    const { promise, resolve } = Promise.withResolvers<number>()
    server.getConnections((_error, count) => resolve(count))
    expect(await promise).toBe(3)
  })

  it('closes the new one where none of the others yields', async () => {
    yields = false
    const first = [await open(), await open(), await open()]
    yields = true
    await closed(await open())
    expect(first.map((socket) => socket.closed)).toEqual([false, false, false])
  })

  it('closes none of which it was told that it is busy', async () => {
    const [first, second] = [await open(), await open()]
    await open()
    bound.busy(seen[0]!)
    await open()
    await closed(second)
    expect(first.closed).toBe(false)
  })

  it('has room again when one closes by itself', async () => {
    const all = [await open(), await open(), await open()]
    const gone = once(server, 'connection').then(() => {})
    const left = new Promise<void>((resolve) =>
      server.once('connection', (socket) => socket.once('close', resolve)),
    )
    const extra = await open()
    await gone
    await closed(all[0]!)
    extra.destroy()
    await left
    await open()
    expect(all[1]!.closed).toBe(false)
  })
})

describe('connectionsMax()', () => {
  it.each([
    [1024, 64, 480],
    [256, 60, 98],
    [1_048_576, 60, 10_000],
    [Number.POSITIVE_INFINITY, 60, 10_000],
  ])(
    'leaves at least half of what is free to files and platforms: of %i, %i open, %i',
    (limit, own, most) => {
      expect(connectionsMax({ limit, open: own })).toBe(most)
    },
  )

  it('starts nothing where nobody could be served, and says what to raise', () => {
    expect(() => connectionsMax({ limit: 64, open: 60 })).toThrow(/64 files.*ulimit -n/)
  })

  it.skipIf(process.platform !== 'linux')('knows the limit of this process', () => {
    const { limit, open: own } = descriptors()
    expect(limit).toBeGreaterThan(own)
    expect(own).toBeGreaterThan(3)
  })
})
