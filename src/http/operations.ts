/** The door of operators: is it alive, is it ready, what is open, which destinations are reachable. */
import { Hono } from 'hono'
import { GatewayError } from '../domain/problems.ts'
import type { Journal } from '../journal/journal.ts'
import type { Recovery } from '../pipeline/recover.ts'
import { problemTable } from './problem.ts'

/** What the operators' door shows. */
export interface OperationsContext {
  readonly journal: Journal
  ready(): boolean
  readonly recovery: Pick<Recovery, 'cases' | 'pause' | 'isPaused'>
  breakers(): Readonly<Record<string, string>>
}

/** `GET /health`, `/ready`, `/v1/open-cases`, `/v1/destinations`, `/problems`, `/problems/{code}`; `PUT /v1/recovery`. */
export function operationsRoutes(context: OperationsContext): Hono {
  const app = new Hono()
  app.get('/health', (c) => c.json({ alive: true }))
  app.get('/ready', (c) => {
    const ready = context.ready() && context.journal.writable()
    return c.json({ ready, journalWritable: context.journal.writable() }, ready ? 200 : 503)
  })
  app.get('/v1/open-cases', async (c) => {
    // Whoever sees here that all is at rest, and then reads the tables, reads what was answered.
    await context.journal.indexed().catch(() => {})
    return c.json({ paused: context.recovery.isPaused(), cases: context.recovery.cases() })
  })
  app.put('/v1/recovery', async (c) => {
    const body = (await c.req.json().catch(() => null)) as { paused?: unknown } | null
    if (typeof body?.paused !== 'boolean') {
      throw new GatewayError('invalid-field', 'receive', '请提交{"paused":true}或{"paused":false}', {
        fields: [{ field: 'paused' }],
      })
    }
    context.recovery.pause(body.paused)
    return c.json({ paused: context.recovery.isPaused() })
  })
  app.get('/v1/destinations', (c) => c.json({ breakers: context.breakers() }))
  app.get('/problems', (c) => c.json(problemTable()))
  app.get('/problems/:code', (c) => {
    const row = problemTable().find(({ type }) => type === `/problems/${c.req.param('code')}`)
    return row ? c.json(row) : c.notFound()
  })
  return app
}
