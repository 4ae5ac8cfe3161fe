/** Errors over REST: `application/problem+json` (RFC 9457) with the stage and the next step for the caller. */
import { GatewayError, PROBLEMS, type Terms } from '../domain/problems.ts'
import { reasonOf } from '../pipeline/answer-format.ts'

/** Media type of a problem document. */
export const PROBLEM_JSON = 'application/problem+json; charset=utf-8'

/** Terms of the REST API: it has keys instead of message ids. */
const REST_TERMS: Terms = { key: 'Idempotency-Key', lookup: '/v1/status' }

/**
 * Builds a problem document for an error.
 *
 * @param instance id of the message or answer concerned
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

/** Seconds after which a refused caller may retry. */
const RETRY_AFTER_S = '5'

/** `Retry-After` of an error; null if waiting alone does not help, or the time is unknown. */
export function retryAfterHeader({ code }: GatewayError): string | null {
  return code === 'report-busy' ? RETRY_AFTER_S : null
}

/** Converts any thrown value to an error of ours. */
export function asGatewayError(cause: unknown): GatewayError {
  return cause instanceof GatewayError
    ? cause
    : new GatewayError('internal-fault', 'receive', '网关内部错误，请先查询结果', {}, cause)
}

/** The table of problems as JSON, so that every `type` resolves. */
export function problemTable(): Record<string, unknown>[] {
  return Object.entries(PROBLEMS).map(([code, row]) => ({ type: `/problems/${code}`, ...row }))
}
