/**
 * What is of all workers and not of one: each is asked for its share, and the shares are put together. Whatever may be
 * asked of any worker (codes, pages) needs nothing of this.
 */
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { GatewayError } from '../domain/problems.ts'
import { readOperatorJson } from '../http/body.ts'
import type { Metrics } from '../http/metrics.ts'
import type { Journal } from '../journal/journal.ts'
import { MisdirectedRequest } from '../pipeline/misdirected.ts'
import { cursorOf, readCasePage } from '../pipeline/recovery/case-page.ts'
import type { Recovery } from '../pipeline/recovery/recover.ts'
import type { Neighbours } from './neighbours.ts'
import { OPENING_PATH } from './placing.ts'

/** What the gathering works on. */
export interface GatherContext {
  readonly neighbours: Neighbours
  readonly journal: Pick<Journal, 'indexed' | 'openers'>
  readonly recovery: Pick<Recovery, 'pause'>
  readonly metrics: Pick<Metrics, 'share' | 'together' | 'contentType'>
}

/** Path at which a worker is asked to bring its tables up to its journal. */
const INDEXED_PATH = '/workers/indexed'
/** An archive run goes over many segments. */
const ARCHIVE_MS = 30 * 60_000
const NOTHING = Buffer.alloc(0)
/** The worse state of a breaker counts. */
const BREAKER_STATES = ['closed', 'half-open', 'open']

type Request = Context<{ Bindings: HttpBindings }>
type Share = Record<string, unknown>

/** Resolves when the tables of all workers hold what they have answered. @throws {GatewayError} */
export async function allIndexed({
  neighbours,
  journal,
}: Pick<GatherContext, 'neighbours' | 'journal'>): Promise<void> {
  const question = { method: 'GET', path: INDEXED_PATH, headers: {}, body: null }
  const answers = neighbours.others().map(async (worker) => {
    const { status } = await neighbours.ask(worker, question)
    if (status !== 200) {
      throw new GatewayError('journal-down', 'journal', `网关的第${worker}个工作进程的交易日志无法写入`)
    }
  })
  await Promise.all([journal.indexed(), ...answers])
}

/** The routes, before those of a single worker, which answer what another worker asks. */
export function gatherRoutes(context: GatherContext): Hono<{ Bindings: HttpBindings }> {
  const { neighbours, journal, recovery, metrics } = context
  const app = new Hono<{ Bindings: HttpBindings }>()
  const isPassed = (c: Request) => neighbours.isPassed(c.env.incoming)

  app.get(INDEXED_PATH, async (c, next) => {
    if (!isPassed(c)) return next()
    await journal.indexed()
    return c.json({ indexed: true })
  })
  app.get(OPENING_PATH, async (c, next) => {
    if (!isPassed(c)) return next()
    const openers = await journal.openers(c.req.query('encounter') ?? '')
    return c.json({ openers: openers.map(({ institution, insuredArea }) => ({ institution, insuredArea })) })
  })

  app.get('/ready', async (c, next) => {
    if (isPassed(c)) return next()
    await next()
    const own = (await c.res.json()) as Share
    const nobody = { ready: false, journalWritable: false }
    const workers = await inOrder(own, async (worker) => shareOf(c, worker).catch(() => nobody))
    const every = (name: string) => workers.every((share) => share[name] === true)
    const [ready, journalWritable] = [every('ready'), every('journalWritable')]
    c.res = Response.json({ ready, journalWritable, workers }, { status: ready ? 200 : 503 })
  })
  app.get('/v1/open-cases', async (c, next) => {
    if (isPassed(c)) return next()
    const { limit } = readCasePage(c.req.query('limit'), c.req.query('after'))
    await next()
    if (!c.res.ok) return
    const shares = await inOrder((await c.res.json()) as Share, (worker) => shareOf(c, worker))
    const found = shares.flatMap(({ worker, cases }) => (cases as Share[]).map((one) => ({ worker, ...one })))
    const cases = found.slice(0, limit) as ({ worker: number; exchange: number } & Share)[]
    const last = cases.at(-1)
    // A worker with more has as many on the page as it may hold: the page ends there, or with one before it.
    const more = found.length > limit || shares.some(({ next }) => next !== null)
    c.res = Response.json({
      paused: shares.every(({ paused }) => paused === true),
      total: shares.reduce((sum, { total }) => sum + (total as number), 0),
      cases,
      next: more && last ? cursorOf(last.worker, last.exchange) : null,
    })
  })
  app.get('/v1/destinations', async (c, next) => {
    if (isPassed(c)) return next()
    await next()
    const shares = await inOrder((await c.res.json()) as Share, (worker) => shareOf(c, worker))
    const all = shares.flatMap(({ breakers }) => Object.entries(breakers as Record<string, string>))
    const rank = (state: string) => BREAKER_STATES.indexOf(state)
    all.sort(([, one], [, other]) => rank(one) - rank(other))
    const channels = shares.flatMap(({ worker, channels }) =>
      (channels as Share[]).map((one) => ({ worker, ...one })),
    )
    c.res = Response.json({ breakers: Object.fromEntries(all), channels })
  })
  app.get('/metrics', async (c) => {
    const own = { figures: await metrics.share() }
    if (isPassed(c)) return c.json(own)
    const shares = await inOrder(own, (worker) => shareOf(c, worker))
    c.header('content-type', metrics.contentType)
    return c.body(await metrics.together(shares.map(({ figures }) => figures as typeof own.figures)))
  })

  app.put('/v1/recovery', async (c, next) => {
    if (isPassed(c)) return next()
    const given = await readOperatorJson(c.env)
    const { paused } = (given ?? {}) as { paused?: unknown }
    if (typeof paused !== 'boolean') return next()
    // Kept first: a worker that starts meanwhile starts as is wanted.
    await neighbours.keepPaused(paused)
    recovery.pause(paused)
    await Promise.all(neighbours.others().map((worker) => shareOf(c, worker, bytesOf(given))))
    return c.json({ paused })
  })
  app.post('/v1/archive', async (c, next) => {
    if (isPassed(c)) return next()
    const given = await readOperatorJson(c.env)
    await next()
    if (!c.res.ok) return
    const own = (await c.res.json()) as Share
    const workers = await inOrder(own, (worker) => shareOf(c, worker, bytesOf(given), ARCHIVE_MS))
    c.res = Response.json({ workers })
  })
  app.get('/v1/status', async (c, next) => {
    if (isPassed(c)) return next()
    const { institution, key } = c.req.query()
    const home = institution && !key ? neighbours.ownerElsewhere(institution) : null
    if (home !== null) return neighbours.pass(c.env.incoming, new MisdirectedRequest(home, NOTHING))
    await next()
    if (key && (c.res.ok || c.res.status === 404)) c.res = await statusOfKey(c, c.res)
  })

  /** A key names no institution: every worker is asked. What one knows is told, even while another does not answer. */
  async function statusOfKey(c: Request, own: Response): Promise<Response> {
    const asked = await Promise.allSettled(
      neighbours.others().map((worker) => neighbours.ask(worker, passedOn(c, NOTHING))),
    )
    const heard = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const found = heard.filter(({ status }) => status === 200).map(({ body }) => parsed(body) as Share)
    if (own.ok) found.unshift((await own.clone().json()) as Share)
    if (found.length > 0) return Response.json({ requests: found.flatMap(({ requests }) => requests) })
    for (const one of asked) if (one.status === 'rejected') throw one.reason
    return own
  }

  async function shareOf(c: Request, worker: number, body = NOTHING, waitMs?: number): Promise<Share> {
    const heard = await neighbours.ask(worker, passedOn(c, body), waitMs)
    const share = parsed(heard.body) as Share
    if (heard.status !== 200 && !('ready' in share)) {
      throw new GatewayError(
        'not-ready',
        'report',
        `网关的第${worker}个工作进程没有给出：${share.detail ?? ''}`,
      )
    }
    return share
  }

  /** The shares of all workers in their order, each with its number. */
  async function inOrder(own: Share, ask: (worker: number) => Promise<Share>): Promise<Share[]> {
    const numbered = async (worker: number, share: Promise<Share>) => ({ worker, ...(await share) })
    const shares = await Promise.all([
      numbered(neighbours.own, Promise.resolve(own)),
      ...neighbours.others().map((worker) => numbered(worker, ask(worker))),
    ])
    return shares.sort((one, other) => one.worker - other.worker)
  }

  return app
}

function passedOn(c: Request, body: Buffer) {
  const { method, url, headers } = c.env.incoming
  return { method: method!, path: url!, headers, body }
}

const bytesOf = (given: unknown) => Buffer.from(JSON.stringify(given))

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return null
  }
}
