/** What is told where there is no time for one more request: over REST and FHIR, before a router has seen it. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { GatewayError, type Terms } from '../domain/problems.ts'
import type { Ids } from '../pipeline/ids.ts'
import type { Admission } from './admission.ts'
import { passOver } from './body.ts'
import { fhirFault, outcomeOf } from './fhir/operation-outcome.ts'
import { PROBLEM_JSON, problemDocument } from './problem.ts'

/** It may be a message sent again whose first is under way: only of this request it is known that nothing has left. */
const DETAIL = ({ key }: Terms) =>
  `网关繁忙，本次请求未受理，未发出；此前已用同一${key}发送过的，办理结果不受影响。请稍后用同一${key}重发，勿换新的${key}`
/** Seconds after which it may be tried again. They differ, so that those who were turned away together do not come back so. */
const AGAIN_SECONDS = [1, 2, 3]

let turn = 0

/** Made once: an error costs as much as all the rest of an answer, and whom there is no time for must cost little. */
const ERRORS = AGAIN_SECONDS.map(
  (retryAfterSeconds) => new GatewayError('gateway-busy', 'receive', DETAIL, { retryAfterSeconds }),
)

/** The error, with a `retryAfterSeconds` that is another one each time. */
export function gatewayBusy(): GatewayError {
  turn += 1
  return ERRORS[turn % ERRORS.length]!
}

/** What people and machines ask of the gateway itself is answered always: they look when something is wrong. */
const OF_OUR_OWN =
  /^\/v1\/(?:archive|open-cases|recovery|destinations|tally)(?:[/?]|$)|^\/(?!(?:v1|fhir|reports)(?:\/|$))/
/** Who asks how a message has ended is in doubt about money: heard for as long as there is any time. */
const ENDS_DOUBT = /^\/v1\/status(?:[/?]|$)/

/** Turns away, before its body is read, what there is no time for; null if the request goes on. */
export function openBusyDoor(admission: Admission, ids: Pick<Ids, 'answer'>) {
  return (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> | null =>
    OF_OUR_OWN.test(incoming.url!) || admission.admits(incoming, ENDS_DOUBT.test(incoming.url!))
      ? null
      : admission.turnAway(() => answerBusy(incoming, outgoing, ids.answer('')))
}

/**
 * Gives an answer to a request whose body nobody wants. It is given first, and what is left of the body is read past after
 * it, or the connection would end in a reset; one that ends with its answer is read past before.
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
