/** HTTP of one platform: transactions on every path, its book and its faults for operators. */

import type { Server } from 'node:http'
import { Readable } from 'node:stream'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { Instant } from '../domain/day.ts'
import { wait } from './delay.ts'
import { type Message, Refusal, readMessage, writeAnswer } from './envelope.ts'
import { type Fault, type FaultBox, readFaults } from './faults.ts'
import { FileAnswer } from './files.ts'
import { type Application, application } from './filing.ts'
import { guard } from './guard.ts'
import type { Answer } from './transactions.ts'

/** Largest request. */
const BODY_BYTES_MAX = 4_000_000

/** How long a fault holds a socket open. */
const HOLD_MS = 120_000

/** Dependencies of a server. */
export interface Served {
  /** `national` or a province code. */
  readonly platform: string
  /** Area in the answer ids. */
  readonly area: string
  readonly faults: FaultBox
  readonly now: () => Instant
  /** Books and answers. */
  readonly answer: (message: Message, receivedAt: Instant, body: string) => Answer | Promise<Answer>
  readonly book: () => unknown
  /** Accepts notifications for hospitals; absent on the national platform. */
  readonly notices?: () => readonly unknown[]
  /** People; absent at the national platform. */
  readonly people?: () => unknown
  /** Files, changes or cancels by a channel of the insured place; absent at the national platform. @throws {Refusal} */
  readonly apply?: (asked: Application) => string
}

type Env = { Bindings: Partial<HttpBindings> }

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

const FILE_TYPE = { 'content-type': 'application/zip' }

function respond(body: Answer): Response {
  if (typeof body === 'string') return new Response(body, { status: 200, headers: JSON_TYPE })
  const bytes = Readable.toWeb(body.open()) as ReadableStream<Uint8Array>
  return new Response(bytes, { status: 200, headers: FILE_TYPE })
}

/** Destroys the socket; without one (in a test that calls `app.fetch`) it is a bare 500. */
function destroyed(context: Context<Env>): Response {
  const socket = context.env?.incoming?.socket
  if (!socket) return new Response(null, { status: 500 })
  socket.destroy()
  return RESPONSE_ALREADY_SENT
}

/** Never answers: waits until the client leaves, then lets the socket go. */
async function held(context: Context<Env>): Promise<Response> {
  const socket = context.env?.incoming?.socket
  const left = new Promise<void>((resolve) => socket?.once('close', () => resolve()))
  await Promise.race([left, wait(HOLD_MS)])
  return destroyed(context)
}

/** Answers, and some milliseconds after that is written, writes the same answer once more. */
function doubled(context: Context<Env>, body: Answer, laterMs: number): Response {
  if (body instanceof FileAnswer) return respond(body)
  const outgoing = context.env?.outgoing
  const socket = context.env?.incoming?.socket
  const again = () => {
    const length = Buffer.byteLength(body)
    if (socket?.writable !== true) return
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`,
    )
  }
  outgoing?.once('finish', () => (laterMs > 0 ? void wait(laterMs).then(again) : again()))
  return respond(body)
}

/** Does what a fault says. `work` books and gives the answer. */
async function faulty(
  { faults }: Served,
  context: Context<Env>,
  fault: Fault,
  work: () => Promise<Answer>,
): Promise<Response> {
  switch (fault.kind) {
    case 'down':
      return destroyed(context)
    case 'drop-before':
      return held(context)
    case 'drop-after':
      await work()
      return held(context)
    case 'reset':
      if (fault.when === 'after') await work()
      return destroyed(context)
    case 'late':
      await wait(fault.ms)
      return respond(await work())
    case 'garbage':
      await work()
      return new Response(new Uint8Array([0x7b, 0xff, 0x00, 0xfe, 0x22]), { status: 200, headers: JSON_TYPE })
    case 'double':
      return doubled(context, await work(), faults.drawMs(fault.ms))
    default: {
      const body = await work()
      await wait(fault.kind === 'delay' ? fault.ms : 0)
      return respond(body)
    }
  }
}

function refuse(served: Served, receivedAt: Instant, refusal: Refusal): Response {
  const head = { area: served.area, serial: 0, receivedAt, respondedAt: served.now() }
  return respond(writeAnswer(head, { refusal }))
}

/** One transaction: stop windows, faults, the answer. */
async function transact(served: Served, context: Context<Env>): Promise<Response> {
  const receivedAt = served.now()
  if (served.faults.takeDown()) return destroyed(context)
  const body = await context.req.text()
  try {
    const message = readMessage(body)
    if (served.faults.takeStop(message.transaction, message.insured)) {
      throw new Refusal('E702', '参保地医保平台停机维护，请稍后重试')
    }
    const fault = served.faults.take(message.transaction)
    const work = async () => served.answer(message, receivedAt, body)
    return fault ? await faulty(served, context, fault, work) : respond(await work())
  } catch (error) {
    if (error instanceof Refusal) return refuse(served, receivedAt, error)
    // Our bug, or the book is closed. Names only: a message may hold personal data.
    process.stderr.write(`simulator ${served.platform}: ${error instanceof Error ? error.name : 'error'}\n`)
    // A province has booked nothing then; the national platform may have forwarded, so it must not say no.
    if (served.platform === 'national') return destroyed(context)
    return refuse(served, receivedAt, new Refusal('E705', '参保地无法计算，请联系参保地经办机构'))
  }
}

/** The application of one platform. */
export function createServerApp(served: Served): Hono<Env> {
  const app = new Hono<Env>()
  app.use(guard)
  app.get('/health', (context) => context.json({ platform: served.platform, status: 'ok' }))
  app.get('/book', (context) => context.json(served.book() as object))
  app.get('/people', (context) => {
    if (!served.people) return context.json({ error: 'The national platform insures nobody' }, 404)
    return context.json(served.people() as object)
  })
  app.post('/filings', bodyLimit({ maxSize: BODY_BYTES_MAX }), async (context) => {
    if (!served.apply) return context.json({ error: 'The national platform files nothing' }, 404)
    const asked = application.safeParse(await context.req.json().catch(() => null))
    if (!asked.success) return context.json({ error: z.prettifyError(asked.error) }, 400)
    try {
      return context.json({ trt_dcla_detl_sn: served.apply(asked.data) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return context.json({ error: `${error.reason} ${error.message}` }, 409)
    }
  })
  app.put('/notices', (context) => context.json({ notices: served.notices?.() ?? [] }))
  app.get('/faults', (context) => context.json({ faults: served.faults.list() }))
  app.post('/faults', bodyLimit({ maxSize: BODY_BYTES_MAX }), async (context) => {
    if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
      return context.json({ error: 'The content type must be application/json' }, 415)
    }
    const given = readFaults(await context.req.text())
    if (typeof given === 'string') return context.json({ error: given }, 400)
    served.faults.add(given)
    return context.json({ faults: served.faults.list() })
  })
  app.delete('/faults', (context) => {
    served.faults.clear()
    return context.json({ faults: [] })
  })
  app.post('*', bodyLimit({ maxSize: BODY_BYTES_MAX }), (context) => transact(served, context))
  return app
}

/** As many connections may wait to be accepted as at the gateway: platforms are load-tested too. */
const BACKLOG = 4_096

/**
 * Listens on loopback.
 *
 * @param port 0 for any that is free
 * @throws {Error} with a plain sentence where the port is taken
 */
export function listen(app: Hono<Env>, port: number): Promise<{ server: Server; port: number }> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is in use; stop what holds it or set ZHIJIE_SIMULATOR_PORT`
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error)
    })
    server.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, () => {
      const address = server.address()
      resolve({ server, port: typeof address === 'object' && address ? address.port : port })
    })
  })
}
