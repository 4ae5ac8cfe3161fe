/** The door of operators: is it alive, is it ready, what is open, which destinations are reachable. */
import { Hono } from 'hono'
import type { Journal } from '../journal/journal.ts'
import type { OpenCase } from '../pipeline/recover.ts'
import { problemTable } from './problem.ts'

/** What the operators' door shows. */
export interface OperationsContext {
  readonly journal: Journal
  ready(): boolean
  cases(): readonly OpenCase[]
  breakers(): Readonly<Record<string, string>>
}

/** `GET /health`, `/ready`, `/v1/open-cases`, `/v1/destinations`, `/problems`, `/problems/{code}`. */
export function operationsRoutes(context: OperationsContext): Hono {
  const app = new Hono()
  app.get('/health', (c) => c.json({ alive: true }))
  app.get('/ready', (c) => {
    const ready = context.ready() && context.journal.writable()
    return c.json({ ready, journalWritable: context.journal.writable() }, ready ? 200 : 503)
  })
  app.get('/v1/open-cases', (c) => c.json({ cases: context.cases() }))
  app.get('/v1/destinations', (c) => c.json({ breakers: context.breakers() }))
  app.get('/problems', (c) => c.json(problemTable()))
  app.get('/problems/:code', (c) => {
    const row = problemTable().find(({ type }) => type === `/problems/${c.req.param('code')}`)
    return row ? c.json(row) : c.notFound()
  })
  return app
}
