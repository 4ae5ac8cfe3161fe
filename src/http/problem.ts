/** Errors over REST: `application/problem+json` (RFC 9457) with the stage, and what the caller may do next. */
import { GatewayError, PROBLEMS, type Terms } from '../domain/problems.ts'
import { reasonOf } from '../pipeline/answer-format.ts'

/** Media type of a problem document. */
export const PROBLEM_JSON = 'application/problem+json; charset=utf-8'

/** What a caller of the REST door has: keys, not message ids. */
const REST_TERMS: Terms = { key: 'Idempotency-Key', lookup: '/v1/status' }

/**
 * Writes an error as a problem document.
 *
 * @param instance id of the message or answer it is about
 */
export function problemDocument(error: GatewayError, instance: string): Record<string, unknown> {
  const { status, title, retry } = error.row
  return {
    type: `/problems/${error.code}`,
    title,
    status,
    detail: error.detailIn(REST_TERMS),
    instance,
    stage: error.stage,
    retry,
    reason: reasonOf(error),
    ...error.extra,
  }
}

/** Seconds after which a caller that was turned away may come again. */
const RETRY_AFTER_S = '5'

/** `Retry-After` of an error; null if waiting alone does not help, or how long is not known. */
export function retryAfterOf({ code }: GatewayError): string | null {
  return code === 'report-busy' ? RETRY_AFTER_S : null
}

/** Any thrown value as an error of ours. */
export function asGatewayError(cause: unknown): GatewayError {
  return cause instanceof GatewayError
    ? cause
    : new GatewayError('internal-fault', 'receive', '网关内部错误，请先查询结果', {}, cause)
}

/** The table of problems as a page of JSON: every `type` leads somewhere. */
export function problemTable(): Record<string, unknown>[] {
  return Object.entries(PROBLEMS).map(([code, row]) => ({ type: `/problems/${code}`, ...row }))
}
