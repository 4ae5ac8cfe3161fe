/**
 * Answers a key under an encounter whose registration is archived. The request can no longer be rebuilt, but its key
 * may still be in the journal, and then the key decides as usual.
 */
import { GatewayError } from '../../domain/problems.ts'
import { stillInFlight } from '../../journal/noes.ts'
import { untilFor } from '../../pipeline/budget.ts'
import { startStopwatch } from '../../pipeline/receipt.ts'
import { replyAgain } from '../../pipeline/replay.ts'
import { waitForFirst } from '../../pipeline/waiting.ts'
import { REST } from './answer-format.ts'
import type { Call, Done } from './send.ts'

/**
 * Answers from the exchange with the request's key.
 *
 * @returns null if there is none, or it was never sent and would have to be sent now
 * @throws {GatewayError} key-conflict, key-in-flight
 */
export async function answerOfKey({
  services,
  key,
  bodyHash,
  patience,
}: Call<unknown>): Promise<Done | null> {
  const again = { key, bodyHash }
  const until = untilFor(services.clock.elapsed() + services.deadlineMs, patience)
  await waitForFirst(services, again, until)
  const known = key === null ? null : await services.journal.byKey(key)
  if (!known) return null
  if (known.exchange.bodyHash !== bodyHash) {
    throw new GatewayError('key-conflict', 'journal', '该Idempotency-Key已用于内容不同的请求，请换用新的键')
  }
  if (known.state === 'open') throw stillInFlight()
  if (known.state === 'unsent' && !known.archived) return null
  return replyAgain(services, services.formats.get(REST)!, known, startStopwatch(services.clock).receipt())
}
