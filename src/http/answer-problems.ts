/** Fallback answers as problem+json: unknown addresses, and errors thrown by routes. */
import type { Context, Hono } from 'hono'
import { GatewayError } from '../domain/problems.ts'
import { Unidentified } from '../pipeline/callers.ts'
import { passOver } from './body.ts'
import { asGatewayError, PROBLEM_JSON, problemDocument, retryAfterHeader } from './problem.ts'
import { type Door, WrongMethod } from './roles.ts'
import type { Strangers } from './strangers.ts'

/** Dependencies. */
export interface ProblemPorts {
  /** Creates the id of an answer. */
  instance(): string
  readonly strangers: Strangers
  /** Called for internal faults. */
  fault(cause: unknown): void
}

/** Installs the fallback answers of an app. */
export function answerProblems(app: Hono<Door>, { instance, strangers, fault }: ProblemPorts): void {
  const say = (context: Context, error: GatewayError) => {
    context.header('content-type', PROBLEM_JSON)
    return context.body(JSON.stringify(problemDocument(error, instance())), error.row.status)
  }
  app.notFound((context) => say(context, new GatewayError('not-found', 'receive', '没有该地址')))
  app.onError(async (cause, context) => {
    const error = asGatewayError(cause)
    await passOver(context.env?.incoming)
    if (error.code === 'internal-fault') fault(cause)
    if (error instanceof Unidentified) strangers.refused(error.code)
    if (error instanceof WrongMethod) context.header('allow', error.allow)
    const retryAfter = retryAfterHeader(error)
    if (retryAfter) context.header('retry-after', retryAfter)
    return say(context, error)
  })
}
