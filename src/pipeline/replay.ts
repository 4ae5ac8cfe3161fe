/** A key that has an outcome is answered with it again, and nothing is done. */
import type { GatewayError } from '../domain/problems.ts'
import type { StoredExchange } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { AnswerFormat } from './answer-format.ts'
import { archivedKey } from './archived-key.ts'
import type { AlreadyKnown, OutboundReply, Services } from './context.ts'
import type { Receipt } from './receipt.ts'
import { unknownOutcome } from './refusals.ts'

/** What stands under its key is answered as it was, whatever has become of the settlement since; what was never sent may leave. */
export async function isAnswered(journal: Pick<Journal, 'byKey'>, key: string): Promise<boolean> {
  const known = await journal.byKey(key)
  return known !== null && known.state !== 'unsent'
}

/** Answers a request whose key has an outcome. */
export function replay(
  services: Pick<Services, 'clock' | 'ids'>,
  { request, known }: AlreadyKnown,
): OutboundReply {
  const { inbound, stopwatch, message } = request
  const reply = replyAgain(services, inbound.format, known, stopwatch.receipt())
  return message.warnings ? { ...reply, warnings: message.warnings } : reply
}

/** The reply that stands under a key. */
export function replyAgain(
  { clock, ids }: Pick<Services, 'clock' | 'ids'>,
  format: AnswerFormat,
  known: StoredExchange,
  receipt: Receipt,
): OutboundReply {
  if (known.reply) {
    const problem = known.problem as GatewayError['code'] | null
    return { body: known.reply, problem, replayed: true, receipt, retryAfterSeconds: null }
  }
  const error = known.archived
    ? archivedKey(known)
    : unknownOutcome(({ key }) => `网关正在查询，请勿重复收费，稍后用同一${key}重发即可得到结果`)
  const body = format.failure(error, clock.now(), ids.answer(''), known.exchange.transaction)
  return { body, problem: error.code, replayed: !known.archived, receipt, retryAfterSeconds: null }
}
