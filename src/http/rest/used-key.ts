/**
 * What a key is answered under an encounter whose registration is archived. The request itself can no longer be put
 * together, and its key may all the same stand in the journal: then the key decides, as everywhere.
 */
import { GatewayError } from '../../domain/problems.ts'
import { replay } from '../../pipeline/conclude.ts'
import { startWatch } from '../../pipeline/receipt.ts'
import type { Call, Done } from './send.ts'
import { restVoice } from './voice.ts'

/**
 * Answers from what stands under the key of a request.
 *
 * @returns null where nothing stands, or what stands was never sent and could be only now
 * @throws {GatewayError} key-conflict, key-in-flight
 */
export function answerOfKey({ way, key, bodyHash }: Call<unknown>): Done | null {
  const known = key === null ? null : way.journal.byKey(key)
  if (!known) return null
  if (known.exchange.bodyHash !== bodyHash) {
    throw new GatewayError('key-conflict', 'journal', '该Idempotency-Key已用于内容不同的请求，请换用新的键')
  }
  if (known.state === 'open') {
    throw new GatewayError('key-in-flight', 'journal', '同一请求正在处理，请稍后用原键重发')
  }
  if (known.state === 'unsent' && !known.archived) return null
  return replay(way, restVoice, known, startWatch(way.clock).receipt())
}
