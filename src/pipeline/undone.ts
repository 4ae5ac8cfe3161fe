/**
 * A settlement is undone once: by its cancellation (2208, 2305) or by the reversal of its message (2601). Whatever a platform
 * answers to a second undoing, nothing changes by it, and no sum may be lowered twice.
 */
import { GatewayError } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import { type ExchangeState, isSamePlatform, type StoredExchange, undoingName } from '../journal/entry.ts'
import { UNRESOLVED } from '../journal/exchange-state.ts'
import type { Journal } from '../journal/journal.ts'
import { followed, type MaybePromise } from '../journal/maybe-promise.ts'
import { ownSettlement } from './owner.ts'
import { fieldOf, fieldRefused, isOfOrder } from './settlement-named.ts'

type Asked = Pick<Journal, 'settlers' | 'cancellations'>

/**
 * The name of what a message undoes, the same whatever undoes it: the message that settled or opened, by which a reversal
 * names it; the id of the platform where the journal does not know that message.
 *
 * @returns null where it undoes nothing that is undone once
 */
export function undoneBy(journal: Known, message: Message): MaybePromise<string | null> {
  const { operation, institution, insuredArea, subject } = message
  const { original, encounter, settlement } = subject
  if (original) return undoingName(institution, original.id)
  // Questions name one too, but never come here.
  if (settlement && isOfOrder(message)) return undoingOfId(institution, insuredArea, settlement)
  if (settlement) return undoingOfSettlement(journal, message, settlement)
  if (!operation.withdraws || !encounter) return null
  if (operation.withdraws === 'discharge')
    return undoingOfId(institution, insuredArea, `${encounter}|discharge`)
  return undoingOfOpening(journal, message, encounter)
}

type Known = Pick<Journal, 'settlers' | 'ownOpener' | 'byId'>
type Whose = Pick<Message, 'institution' | 'insuredArea'>

function undoingOfId(institution: string, insuredArea: string, id: string): string {
  return undoingName(institution, `${insuredArea.slice(0, 2)}|${id}`)
}

function undoingOfSettlement(journal: Known, whose: Whose, settlement: string): MaybePromise<string> {
  return followed(ownSettlement(journal, whose, settlement), (own) =>
    own
      ? undoingName(whose.institution, own.exchange.message)
      : undoingOfId(whose.institution, whose.insuredArea, settlement),
  )
}

function undoingOfOpening(
  journal: Known,
  { institution, insuredArea }: Whose,
  encounter: string,
): MaybePromise<string> {
  const opening = followed(journal.ownOpener(encounter, institution, insuredArea), (opener) =>
    opener?.exchange ? journal.byId(opener.exchange) : null,
  )
  return followed(opening, (opened) =>
    opened
      ? undoingName(institution, opened.exchange.message)
      : undoingOfId(institution, insuredArea, encounter),
  )
}

/** What a settlement is found by. */
interface Settled {
  readonly institution: string
  readonly insuredArea: string
  readonly encounter: string
  readonly settlement: string
}

/** Cancellations of a settlement that were done or may have been: all others left it as it was. */
async function cancellationsOf({ cancellations }: Asked, settled: Settled): Promise<ExchangeState[]> {
  return (await cancellations(settled.encounter)).filter(
    ({ exchange, state }) =>
      exchange.settlement === settled.settlement &&
      exchange.institution === settled.institution &&
      isSamePlatform(exchange.insuredArea, settled.insuredArea) &&
      (state === 'accepted' || UNRESOLVED.includes(state)),
  )
}

function settledBy({ exchange, encounter: opened, settlement }: StoredExchange): Settled | null {
  const { kind, institution, insuredArea } = exchange
  // A purchase opens its visit with the settlement: only its outcome names it.
  const encounter = exchange.encounter ?? opened
  if (kind !== 'settlement' || !institution || !insuredArea || !encounter || !settlement) return null
  return { institution, insuredArea, encounter, settlement }
}

/** Whether a settlement was cancelled, so that the reversal of its message undoes nothing any more. */
export async function isCancelled(journal: Asked, original: StoredExchange): Promise<boolean> {
  const settled = settledBy(original)
  if (!settled) return false
  return (await cancellationsOf(journal, settled)).some(({ state }) => state === 'accepted')
}

/**
 * Judges a message by the other one that was undoing the same, and has an outcome now. What that did not do, or may have
 * done, is judged by `refuseTwice`.
 *
 * @throws {GatewayError} invalid-field where the other has undone it
 */
export function refuseAfter(other: ExchangeState | null, message: Message): void {
  if (other?.state !== 'accepted') return
  const { kind, transaction, settlement } = other.exchange
  // Of one order the other may have paid it, or given another part back: that is judged anew.
  const isOrders = settlement !== null && (kind === 'settlement' || kind === 'write')
  if (isOrders || isOfOrder(message) || message.subject.part) return
  const how = kind === 'reversal' ? '冲正' : '撤销'
  const field = fieldOf(message)
  throw fieldRefused(
    field,
    `${field}所指的业务已由另一报文（${transaction}）${how}；本次未发出，费用没有变动`,
  )
}

/**
 * Refuses what would undo a settlement a second time. To be asked while the name of the undoing is this message's (`judge` of
 * its beginning): then nobody else undoes the same between this and its intent.
 *
 * @throws {GatewayError} invalid-field where it is undone; encounter-busy where its undoing has no outcome yet
 */
export async function refuseTwice(
  journal: Asked & Pick<Journal, 'byMessage' | 'isReversing'>,
  message: Message,
): Promise<void> {
  const { operation, institution, subject } = message
  const { original } = subject
  if (operation.kind === 'cancellation') await refuseCancellation(journal, message)
  if (operation.kind !== 'reversal' || !original) return
  const known = await journal.byMessage(institution, original.id, original.transaction)
  if (known?.state === 'accepted') await refuseReversal(journal, known, fieldOf(message))
}

async function refuseReversal(journal: Asked, original: StoredExchange, field: string): Promise<void> {
  const settled = settledBy(original)
  const [first] = settled ? await cancellationsOf(journal, settled) : []
  if (!first) return
  const { transaction } = first.exchange
  if (first.state === 'accepted') {
    const text = `${field}所指的结算已由${transaction}撤销，不能再冲正；未发出，费用没有变动`
    throw fieldRefused(field, text)
  }
  const text = `${field}所指结算的撤销${transaction}结果未知，网关正在查询；冲正未发出，请待撤销有结果后再办理`
  throw new GatewayError('encounter-busy', 'journal', text)
}

async function refuseCancellation(
  journal: Asked & Pick<Journal, 'isReversing'>,
  message: Message,
): Promise<void> {
  const { institution, insuredArea, subject } = message
  const { encounter, settlement } = subject
  if (!encounter || !settlement) return
  const field = fieldOf(message)
  const told = (how: string) =>
    fieldRefused(field, `${field}所指的结算已${how}；本次撤销未发出，费用没有变动`)
  const own = await ownSettlement(journal, message, settlement)
  if (own?.state === 'reversed') throw told('冲正')
  if (own && (await journal.isReversing(undoingName(institution, own.exchange.message)))) {
    const text = `${field}所指结算的冲正结果未知，网关正在查询；撤销未发出，请待冲正有结果后再办理`
    throw new GatewayError('encounter-busy', 'journal', text)
  }
  const all = await cancellationsOf(journal, { institution, insuredArea, encounter, settlement })
  if (all.some(({ state }) => state === 'accepted')) throw told('撤销，不能重复撤销')
}
