/** How a message names a settlement: as what it undoes, or as the order that it pays. */
import { GatewayError } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import type { Journal } from '../journal/journal.ts'
import { followed, type MaybePromise } from '../journal/maybe-promise.ts'
import { ownSettlement } from './owner.ts'

/** Whether a message undoes a settlement. */
function isUndoing({ operation }: Message): boolean {
  return operation.kind === 'reversal' || operation.kind === 'cancellation'
}

/** Whether a message pays an order, or takes it back unpaid: it names the settlement before there is one. */
export function isOfOrder({ operation, subject }: Message): boolean {
  return subject.settlement !== undefined && ['settlement', 'write'].includes(operation.kind)
}

/** Whether what has become of a settlement decides if a message may leave. */
export function concernsSettlement(message: Message): boolean {
  return isUndoing(message) || isOfOrder(message)
}

/** Whether a reversal names the settlement that it undoes, and not the message. */
export function namesNoOriginal({ operation, subject }: Message): boolean {
  return operation.kind === 'reversal' && !subject.original && subject.settlement !== undefined
}

/** The same with the message that gave its settlement; as it is where the journal does not know that one. */
export function withOriginal(journal: Pick<Journal, 'settlers'>, message: Message): MaybePromise<Message> {
  const { subject } = message
  return followed(ownSettlement(journal, message, subject.settlement!), (own) => {
    const { message: id, transaction } = own?.exchange ?? {}
    if (!id || !transaction) return message
    return { ...message, subject: { ...subject, original: { id, transaction } } }
  })
}

/** The field where no name of it is known in the message. */
const FIELDS = { reversal: 'omsgid', cancellation: 'setl_id' } as Readonly<Record<string, string>>

/** The field in which a message names a settlement, whatever it is called there; a reversal of a message names that. */
export function fieldOf({ operation, subject, named }: Message): string {
  const isIt = ({ what, value }: Message['named'][number]) =>
    what !== 'institution' && value === subject.settlement
  const place = subject.settlement === undefined ? undefined : named.find(isIt)?.field
  return place?.split('.').at(-1) ?? FIELDS[operation.kind] ?? 'mdtrt_id'
}

/** What a message is told whose settlement stands otherwise than it takes for granted. */
export function fieldRefused(field: string, text: string, reason?: string): GatewayError {
  return new GatewayError('invalid-field', 'journal', text, {
    ...(reason && { reason }),
    fields: [{ field }],
  })
}
