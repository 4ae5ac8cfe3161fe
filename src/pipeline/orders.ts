/** Orders, which are settlements that have their id before they are paid: paid once, taken back only unpaid, given back once. */
import type { Message } from '../extension/dialect.ts'
import { isSamePlatform } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import { ownSettlement } from './owner.ts'
import { fieldOf, fieldRefused, isOfOrder } from './settlement-named.ts'
import { readSealed, type Speaks } from './spoken.ts'

type Judging = Speaks & { readonly journal: Pick<Journal, 'settlers' | 'byId'> }

/**
 * Refuses what pays an order a second time, takes back a paid one, or gives back what was given back. To be asked while the name
 * of the order is this message's, as `refuseTwice` is.
 *
 * @throws {GatewayError} invalid-field
 */
export async function refuseOrder(services: Judging, message: Message): Promise<void> {
  const { operation, subject } = message
  if (isOfOrder(message)) await refusePaid(services, message)
  if (operation.kind === 'cancellation' && subject.settlement && !subject.encounter)
    await refuseRefund(services, message)
}

/** An order is paid once, under whichever message id, and taken back only while it is not. */
async function refusePaid({ journal }: Judging, message: Message): Promise<void> {
  const { operation, subject } = message
  const own = await ownSettlement(journal, message, subject.settlement!)
  if (own?.state !== 'accepted') return
  const told =
    operation.kind === 'settlement'
      ? `该订单已由另一报文（${own.exchange.message}）支付；本次未发出，没有重复扣款`
      : '该订单已支付，不能撤销；本次未发出，费用没有变动，退费请办理医保退费'
  throw fieldRefused(fieldOf(message), told)
}

/**
 * Refunds of an order that name no visit are found by the order. Two of them stand together only where they give back different
 * parts, or a part that is given back in pieces.
 */
async function refuseRefund(services: Judging, message: Message): Promise<void> {
  const { journal } = services
  const { institution, insuredArea, subject } = message
  const { part, settlement } = subject
  for (const { exchange, state } of await journal.settlers(settlement!)) {
    const isOwn = exchange.institution === institution && isSamePlatform(exchange.insuredArea, insuredArea)
    if (exchange.kind !== 'cancellation' || state !== 'accepted' || !isOwn) continue
    const stored = part ? await journal.byId(exchange.id) : null
    // One that is archived cannot be read any more: then it may have given back everything.
    const earlier = stored?.exchange.sealed ? readSealed(services, stored.exchange).subject.part : undefined
    if (part && earlier && (part.name !== earlier.name || part.inPieces)) continue
    const text = `该订单已由另一报文（${exchange.message}）退费；本次未发出，没有重复退费`
    throw fieldRefused(fieldOf(message), text)
  }
}
