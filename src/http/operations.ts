/** The endpoint for operators: liveness, readiness, open cases, reachability of destinations. */
import { Hono } from 'hono'
import { ARCHIVE_DAYS_MAX } from '../config.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Archiver } from '../journal/archive/archive.ts'
import type { Journal } from '../journal/journal.ts'
import type { Offload } from '../offload/offload.ts'
import { boundTo } from '../pipeline/callers.ts'
import { type CaseRows, cursorOf, readCasePage } from '../pipeline/recovery/case-page.ts'
import type { Recovery } from '../pipeline/recovery/recover.ts'
import type { ChannelStatus } from '../transport/transport.ts'
import { readOperatorJson } from './body.ts'
import { offloaded } from './offloaded.ts'
import { problemTable } from './problem.ts'
import { callerOf, type Door } from './roles.ts'

/** The breaker of each destination: open if one of its channels is. */
function worstOf(channels: readonly ChannelStatus[]): Record<string, ChannelStatus['breaker']> {
  const breakers: Record<string, ChannelStatus['breaker']> = {}
  for (const { destination, breaker } of channels)
    if (breaker === 'open' || !breakers[destination]) breakers[destination] = breaker
  return breakers
}

/**
 * Minimum age in days for archiving over HTTP: messages of the month to be confirmed next are still queried, and for
 * an archived key only the outcome is returned.
 */
export const ARCHIVE_LIMITS = { youngestDays: 31 }

/** Dependencies of the operators' endpoint. */
export interface OperationsContext {
  readonly journal: Journal
  ready(): boolean
  readonly recovery: Pick<Recovery, 'shown' | 'pause' | 'isPaused'>
  readonly offload: Pick<Offload, 'answer'>
  /** Number of this worker, if there are several. */
  readonly worker?: number
  readonly archiver: Pick<Archiver, 'run'>
  destinations(): readonly ChannelStatus[]
  /** Resolves when the tables of all workers contain everything answered so far. */
  indexed(): Promise<void>
}

/**
 * `GET /health`, `/ready`, `/v1/open-cases`, `/v1/destinations`, `/v1/tally`, `/problems`, `/problems/{code}`;
 * `PUT /v1/recovery`, `POST /v1/archive`.
 */
export function operationsRoutes(context: OperationsContext): Hono<Door> {
  const app = new Hono<Door>()
  app.get('/health', (c) => c.json({ alive: true }))
  app.get('/ready', (c) => {
    const ready = context.ready() && context.journal.writable()
    return c.json({ ready, journalWritable: context.journal.writable() }, ready ? 200 : 503)
  })
  app.get('/v1/open-cases', async (c) => {
    // After this call reports that all is quiet, the tables contain everything answered.
    await context.journal.indexed().catch(() => {})
    const { worker = 1, recovery, offload } = context
    const page = readCasePage(c.req.query('limit'), c.req.query('after'))
    const { body } = await offload.answer(
      'open-cases',
      { worker, page, institutions: boundTo(callerOf(c)) },
      c.req.raw.signal,
    )
    const { total, rows, more } = (await new Response(body).json()) as CaseRows
    const cases = await recovery.shown(rows)
    const last = rows.at(-1)
    const next = more && last ? cursorOf(worker, last.id) : null
    return c.json({ paused: recovery.isPaused(), total, cases, next })
  })
  app.put('/v1/recovery', async (c) => {
    const body = (await readOperatorJson(c.env)) as { paused?: unknown } | null
    if (typeof body?.paused !== 'boolean') {
      throw new GatewayError('invalid-field', 'receive', '请提交{"paused":true}或{"paused":false}', {
        fields: [{ field: 'paused' }],
      })
    }
    context.recovery.pause(body.paused)
    return c.json({ paused: context.recovery.isPaused() })
  })
  app.post('/v1/archive', async (c) => {
    const body = (await readOperatorJson(c.env)) as { olderThanDays?: unknown } | null
    const days = body?.olderThanDays
    if (!Number.isSafeInteger(days) || (days as number) < 0 || (days as number) > ARCHIVE_DAYS_MAX) {
      throw new GatewayError(
        'invalid-field',
        'receive',
        '请提交{"olderThanDays":天数}，天数为不小于0的整数',
        {
          fields: [{ field: 'olderThanDays' }],
        },
      )
    }
    if ((days as number) < ARCHIVE_LIMITS.youngestDays) {
      const detail = `不足${ARCHIVE_LIMITS.youngestDays}天的交易日志不能归档，olderThanDays须为${ARCHIVE_LIMITS.youngestDays}或更大；没有移动任何文件`
      throw new GatewayError('invalid-field', 'receive', detail, { fields: [{ field: 'olderThanDays' }] })
    }
    return c.json(await context.archiver.run(days as number))
  })
  app.get('/v1/destinations', (c) => {
    const channels = context.destinations()
    return c.json({ breakers: worstOf(channels), channels })
  })
  app.get('/v1/tally', async (c) => {
    await context.indexed()
    return offloaded(c, context.offload, 'tally', { institutions: boundTo(callerOf(c)) })
  })
  app.get('/problems', (c) => c.json(problemTable()))
  app.get('/problems/:code', (c) => {
    const row = problemTable().find(({ type }) => type === `/problems/${c.req.param('code')}`)
    return row ? c.json(row) : c.notFound()
  })
  return app
}
