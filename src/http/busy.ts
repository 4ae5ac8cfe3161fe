/** Refuses requests under overload, for REST and FHIR, before a router sees them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError, type Terms } from '../domain/problems.ts'
import type { Ids } from '../pipeline/ids.ts'
import type { Admission } from './admission.ts'
import { passOver } from './body.ts'
import { fhirFault, outcomeOf } from './fhir/operation-outcome.ts'
import { PROBLEM_JSON, problemDocument } from './problem.ts'

/** It may be a retry of a message that is still in flight: only this request is known not to have been sent. */
const DETAIL = ({ key }: Terms) =>
  `网关繁忙，本次请求未受理，未发出；此前已用同一${key}发送过的，办理结果不受影响。请稍后用同一${key}重发，勿换新的${key}`
/** Retry delays in seconds, varied so that clients refused together do not return together. */
const AGAIN_SECONDS = [1, 2, 3]

let turn = 0

/** Created once: an error costs as much as the rest of the answer, and refusals must be cheap. */
const ERRORS = AGAIN_SECONDS.map(
  (retryAfterSeconds) => new GatewayError('gateway-busy', 'receive', DETAIL, { retryAfterSeconds }),
)

/** The error, with `retryAfterSeconds` varying from call to call. */
export function gatewayBusy(): GatewayError {
  turn += 1
  return ERRORS[turn % ERRORS.length]!
}

/** Monitoring of the gateway itself is always answered: people look when something is wrong. */
const OF_OUR_OWN =
  /^\/v1\/(?:archive|onboarding|open-cases|recovery|destinations|tally)(?:[/?]|$)|^\/(?!(?:v1|fhir|reports)(?:\/|$))/
/** Callers asking for the result of a message are in doubt about money: answered as long as there is any time. */
const ENDS_DOUBT = /^\/v1\/status(?:[/?]|$)/

/** Refuses requests that there is no time for, before reading their body; null if the request proceeds. */
export function openBusyDoor(admission: Admission, ids: Pick<Ids, 'answer'>) {
  return (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> | null =>
    OF_OUR_OWN.test(incoming.url!) || admission.admits(incoming, ENDS_DOUBT.test(incoming.url!))
      ? null
      : admission.turnAway(() => answerBusy(incoming, outgoing, ids.answer('')))
}

/**
 * Answers a request whose body is not wanted. The answer is sent first and the body drained afterwards, or the
 * connection would end in a reset; if the connection closes with its answer, the body is drained first.
 */
export async function answerUnread(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: () => void,
): Promise<void> {
  if (!outgoing.shouldKeepAlive) await passOver(incoming)
  answer()
  await passOver(incoming)
}

function answerBusy(incoming: IncomingMessage, outgoing: ServerResponse, instance: string): Promise<void> {
  const error = gatewayBusy()
  const isFhir = incoming.url!.startsWith('/fhir')
  const told = isFhir ? outcomeOf(fhirFault(error).issues) : problemDocument(error, instance)
  const body = Buffer.from(JSON.stringify(told))
  const headers: Record<string, string | number> = {
    'content-type': isFhir ? 'application/fhir+json; charset=utf-8' : PROBLEM_JSON,
    'content-length': body.length,
    'retry-after': error.extra.retryAfterSeconds as number,
  }
  return answerUnread(incoming, outgoing, () => outgoing.writeHead(error.row.status, headers).end(body))
}
