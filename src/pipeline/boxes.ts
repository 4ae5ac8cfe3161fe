/**
 * Boxes, which are sold once: while it is not known whether a message has sold or returned one, no other message of the
 * institution does. What is held is read from the journal, so that a restart changes nothing; nothing is held for settlements.
 */
import { GatewayError } from '../domain/problems.ts'
import type { Message, Named } from '../extension/dialect.ts'
import { isFinal } from '../journal/exchange-state.ts'
import type { Journal } from '../journal/journal.ts'
import { readSealed, type Speaks } from './spoken.ts'

/**
 * Refuses a message whose boxes (`own`) another message without an outcome names. Of two that begin in the same moment both may leave:
 * then the platform is the judge, which sells a box once.
 *
 * @throws {GatewayError} encounter-busy
 */
export async function refuseHeld(
  services: Speaks & { readonly journal: Pick<Journal, 'unresolved' | 'byId'> },
  message: Message,
  own: readonly Named[],
): Promise<void> {
  const { journal, dialect } = services
  for (const { exchange } of await journal.unresolved()) {
    const { institution, transaction, id } = exchange
    const operation = dialect.operations[transaction ?? '']
    if (institution !== message.institution || !operation?.boxes) continue
    const known = await journal.byId(id)
    if (!known?.exchange.sealed || isFinal(known.state)) continue
    const held = new Set(operation.boxes(readSealed(services, known.exchange)).map(({ value }) => value))
    const met = own.find(({ value }) => held.has(value))
    if (met) throw isHeld(met.field, transaction)
  }
}

function isHeld(field: string, transaction: string | null): GatewayError {
  const text = `${field}所填追溯码在另一笔${transaction}中尚无结果，可能已办理，网关正在查询；本次未发出，请待其有结果后再办理，不要换编号重报`
  return new GatewayError('encounter-busy', 'journal', text, { fields: [{ field }] })
}
