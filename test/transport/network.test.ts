/** A call knows whether it was sent, never leaves twice, and takes no answer that is not its own. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { createNetwork, type Heard, type Network, NetworkFault } from '../../src/transport/network.ts'
import { stretched } from '../support/stretched.ts'

/** Sockets to one origin, if a test bounds them. */
const SOCKETS = 4

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server on a free port, and a network to it. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  connections: number | null = null,
) {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    answer(request, response, Buffer.concat(parts).toString())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const network = createNetwork(connections)
  closers.push(async () => {
    await network.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post = (path = '/', body = '{}', deadlineMs = stretched(5_000)) =>
    network.post(url + path, Buffer.from(body), deadlineMs)
  return { url, post, network, server }
}

const faultOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (fault: unknown) => fault,
  )

describe('createNetwork()', () => {
  it('posts the bytes as JSON and gives the whole answer', async () => {
    const { post } = await serve(({ method, url, headers }, response, body) => {
      response.write('{"half":')
      setTimeout(() => response.end(`${JSON.stringify([method, url, headers['content-type'], body])}}`), 20)
    })
    expect(JSON.parse((await post('/fsi/api?a=1', '{"测":1}')).toString())).toEqual({
      half: ['POST', '/fsi/api?a=1', 'application/json; charset=utf-8', '{"测":1}'],
    })
  })

  it('takes a ZIP that is longer than any other answer may be', async () => {
    const long = 5 * 1024 * 1024
    const { post } = await serve((request, response) => {
      response.end(Buffer.alloc(long, request.url === '/zip' ? 'PK' : '  '))
    })
    expect((await post('/zip')).length).toBe(long)
    expect(await faultOf(post('/json'))).toMatchObject({
      cause: { message: expect.stringContaining('longer') },
    })
  })

  it.each([200, 302, 400, 500, 503])(
    'gives the answer with status %d: the envelope says what it is',
    async (status) => {
      const { post } = await serve((_request, response) => response.writeHead(status).end('said'))
      expect((await post()).toString()).toBe('said')
    },
  )

  it.each<[string, (response: ServerResponse) => void]>([
    ['without any answer', () => {}],
    ['in the midst of the answer', (response) => response.write('{"infcode":')],
    [
      'while the answer drips',
      (response) => {
        const drip = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(drip))
      },
    ],
  ])('gives up at the deadline %s: it was sent', async (_what, behave) => {
    const { post } = await serve((_request, response) => behave(response))
    const start = performance.now()
    expect(await faultOf(post('/', '{}', 200))).toMatchObject({ name: 'NetworkFault', sent: true })
    const spent = performance.now() - start
    expect(spent).toBeGreaterThan(190)
    expect(spent).toBeLessThan(2_000)
  })

  it('knows that nothing was sent if the connection is refused', async () => {
    const { url, network, server } = await serve(() => {})
    await new Promise((resolve) => server.close(resolve))
    const fault = await faultOf(network.post(url, Buffer.from('{}'), 5_000))
    expect(fault).toBeInstanceOf(NetworkFault)
    expect(fault).toMatchObject({ sent: false, message: 'not sent' })
  })

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['before the answer', (request) => request.socket.resetAndDestroy()],
    [
      'in the midst of the answer',
      (request, response) => {
        response.write('{"infcode":', () => request.socket.resetAndDestroy())
      },
    ],
    ['by an orderly end', (request) => request.socket.end()],
  ])('takes a connection that breaks off %s as sent', async (_what, behave) => {
    const { post } = await serve((request, response) => behave(request, response))
    expect(await faultOf(post())).toMatchObject({ name: 'NetworkFault', sent: true })
  })

  it('never sends again by itself after a reset', async () => {
    let calls = 0
    const { post } = await serve((request) => {
      calls += 1
      request.socket.resetAndDestroy()
    })
    await faultOf(post())
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(calls).toBe(1)
  })

  it('never sends again if a socket that was kept alive dies under the next request', async () => {
    // The server takes each socket for two requests: the first is answered, the second meets a reset.
    const seen = new Map<unknown, number>()
    let calls = 0
    const { post } = await serve((request, response) => {
      calls += 1
      const turn = (seen.get(request.socket) ?? 0) + 1
      seen.set(request.socket, turn)
      if (turn === 1) response.end('said')
      else request.socket.resetAndDestroy()
    })
    const told: unknown[] = []
    for (let turn = 0; turn < 20; turn += 1) {
      told.push(await post().then(String, (fault: NetworkFault) => fault.sent))
    }
    expect(calls).toBe(20)
    expect(new Set(told)).toEqual(new Set(['said', true]))
  })

  it('says that nothing was sent if the deadline passes before a socket is free, and sends nothing later', async () => {
    let calls = 0
    let letGo = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const { post } = await serve(async (_request, response) => {
      calls += 1
      await held
      response.end('said')
    }, SOCKETS)
    const first = Array.from({ length: SOCKETS }, () => post('/', '{}', 5_000))
    while (calls < SOCKETS) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await faultOf(post('/', '{}', 50))).toMatchObject({ sent: false })
    letGo()
    await Promise.all(first)
    expect((await post()).toString()).toBe('said')
    expect(calls).toBe(SOCKETS + 1)
  })

  it('has a socket for each call: 300 that hang take none from the next', async () => {
    const { post } = await serve(({ url }, response) => {
      if (url !== '/hangs') response.end('said')
    })
    const hanging = Array.from({ length: 300 }, () => faultOf(post('/hangs')))
    expect((await post('/other')).toString()).toBe('said')
    expect(hanging).toHaveLength(300)
  })

  it('reads an answer of four megabytes and gives up one byte beyond', async () => {
    const limit = 4 * 1024 * 1024
    const { post } = await serve(({ url }, response) =>
      response.end(Buffer.alloc(limit + Number(url!.slice(1)))),
    )
    expect(await post('/0')).toHaveLength(limit)
    expect(await faultOf(post('/1'))).toMatchObject({ sent: true })
  })

  it('keeps the cause for the log', async () => {
    const { post } = await serve((request) => request.socket.resetAndDestroy())
    expect(((await faultOf(post())) as NetworkFault).cause).toBeInstanceOf(Error)
  })
})

describe('what createNetwork() tells of an answer', () => {
  /** A call, how its answer came, and its text. */
  async function heardOf(network: Network, url: string, body = '{}') {
    let heard: Heard | undefined
    const answer = await network.post(url, Buffer.from(body), 5_000, (how) => {
      heard = how
    })
    return { text: answer.toString(), ...heard!, heard: heard! }
  }

  it.each([200, 401, 500])('its status %d and its headers', async (status) => {
    const { network, url } = await serve((_request, response) =>
      response.writeHead(status, { 'X-Signed': 'so' }).end('said'),
    )
    expect(await heardOf(network, url)).toMatchObject({ status, text: 'said', headers: { 'x-signed': 'so' } })
  })

  it('what cannot be signed does not leave, and it is certain that it has not', async () => {
    let asked = 0
    const { network, url } = await serve((_request, response) => {
      asked += 1
      response.end('said')
    })
    const unsigned = () => {
      throw new Error('no key')
    }
    const fault = await faultOf(network.post(url, Buffer.from('{}'), 5_000, () => {}, unsigned))
    expect(fault).toMatchObject({ name: 'NetworkFault', sent: false, cause: { message: 'no key' } })
    expect(asked).toBe(0)
  })

  it('a second answer on a kept connection, written when the next message is under way: its bytes came before', async () => {
    const served = await serve((request, response, body) => {
      if (body === 'first') return response.end('of the first')
      // The second answer to the first message comes just before the answer to this one.
      const late = 'of the first'
      request.socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${late.length}\r\n\r\n${late}`)
      response.end('of the second')
    })
    const { network, url, server } = served
    let connections = 0
    server.on('connection', () => {
      connections += 1
    })
    expect(await heardOf(network, url, 'first')).toMatchObject({ text: 'of the first', repeated: false })
    await setImmediate()
    const { text, repeated, heard } = await heardOf(network, url, 'second')
    expect({ text, repeated, connections }).toEqual({ text: 'of the first', repeated: true, connections: 1 })
    heard.close()
    expect(await heardOf(network, url, 'first')).toMatchObject({ text: 'of the first', repeated: false })
    expect(connections).toBe(2)
  })

  it('nothing of a connection that was closed reaches the next message', async () => {
    const ports = new Set<unknown>()
    const { network, url } = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('said')
    })
    for (let turn = 0; turn < 5; turn += 1) (await heardOf(network, url)).heard.close()
    expect(ports.size).toBe(5)
  })
})

/** A server on a thread of its own, which answers after so many milliseconds whatever this thread does. */
async function serveElsewhere(afterMs: number) {
  const source = `
    const { createServer } = require('node:http')
    const { parentPort } = require('node:worker_threads')
    const server = createServer((request, response) => {
      parentPort.postMessage('asked')
      request.resume().on('end', () => setTimeout(() => response.end('answer'), ${afterMs}))
    }).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`
  const worker = new Worker(source, { eval: true })
  closers.push(() => worker.terminate())
  const [port] = await once(worker, 'message')
  return { url: `http://127.0.0.1:${port}`, asked: () => once(worker, 'message') }
}

/** This thread does nothing for so long, and reads nothing. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

describe('a deadline that passes while this process stands still', () => {
  it('is not over for an answer that has arrived meanwhile', async () => {
    const { url, asked } = await serveElsewhere(50)
    const network = createNetwork(SOCKETS)
    closers.push(() => network.close())
    const call = network.post(url, Buffer.from('{}'), 300)
    await asked()
    // Nothing is read until the deadline is long over.
    standStill(600)
    expect((await call).toString()).toBe('answer')
  })
})
