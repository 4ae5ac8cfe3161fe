/** The errors that a call ends in: what happened, whether money moved, what to do. */
import { provinceOf } from '../domain/area.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import { type Dispatched, isQuestion } from './dispatch.ts'

/** An outcome that is not known. */
export function unknownOutcome(detail: string, cause?: unknown): GatewayError {
  return new GatewayError('outcome-unknown', 'dispatch', detail, {}, cause)
}

/** The party that a destination stands for, for a person at the counter. */
function party(message: Message, dispatched: Dispatched): string {
  return dispatched.destination.platform === 'national'
    ? `国家平台（参保省${provinceOf(message.insuredArea)}）`
    : `省平台${dispatched.destination.platform}`
}

/** The error of a call that did not end in a yes. */
export function refusalOf(message: Message, dispatched: Exclude<Dispatched, { event: 'yes' }>): GatewayError {
  const { event, reason, text } = dispatched
  if (event === 'no') {
    return new GatewayError('fund-refused', 'dispatch', text, reason ? { reason } : {})
  }
  const cross = dispatched.destination.platform === 'national'
  const silent = { reason: reason ?? (cross ? 'E703' : 'E704') }
  if (event === 'not-sent') {
    return new GatewayError(
      'destination-down',
      'dispatch',
      `${party(message, dispatched)}${text}，未发出，未发生费用`,
      silent,
    )
  }
  if (isQuestion(message)) {
    return new GatewayError(
      'destination-down',
      'dispatch',
      `${party(message, dispatched)}${text}，查询未完成，未发生费用`,
      silent,
    )
  }
  const detail = `${party(message, dispatched)}${text}，可能已办理。请勿重复收费，网关正在查询，稍后用同一报文ID重发即可得到结果`
  return new GatewayError('outcome-unknown', 'dispatch', detail, reason ? { reason } : {})
}
