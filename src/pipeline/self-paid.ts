/**
 * The bill of who has paid all, for a claim by hand: a visit is paid once, directly or by hand. Both are judged from the journal,
 * before anything leaves. A bill bears the settlement that was tried for its visit and failed.
 * Source: docs/facts/cross-region.md, Failure reasons [A].
 */
import type { Message } from '../extension/dialect.ts'
import type { FailedAttempt } from '../extension/failed-attempt.ts'
import { type ExchangeState, selfPaidName, takenBackName } from '../journal/entry.ts'
import type { Journal, Outcome } from '../journal/journal.ts'
import { followed, type MaybePromise } from '../journal/maybe-promise.ts'
import { encounterBusy } from '../journal/noes.ts'
import { fieldRefused } from './settlement-named.ts'
import { isCancelled } from './undone.ts'

type Asked = Pick<Journal, 'settlers' | 'settlements' | 'cancellations' | 'openers' | 'unresolved' | 'byId'>

/** Reason of a bill that no settlement was tried for: its patient chose to pay. [A] */
const CHOSEN = 'E901'

/** Name under which the outcome of a bill is found again, and why it was not settled directly; nothing of other messages. */
export function selfPaidOutcome({ subject, failed }: Message): Pick<Outcome, 'settlement' | 'reason'> {
  const { selfPaid } = subject
  if (!selfPaid) return {}
  const { visit, isBack } = selfPaid
  if (isBack) return { settlement: takenBackName(visit) }
  return { settlement: selfPaidName(visit), reason: failed ? failed.reason : CHOSEN }
}

/** A bill with the settlement that failed before it, in its remark too; any other message as it is. */
export function withFailed(journal: Asked, message: Message): MaybePromise<Message> {
  const { selfPaid } = message.subject
  if (!selfPaid || selfPaid.isBack) return message
  return failedBefore(journal, message, selfPaid.visit).then((failed) => {
    if (!failed) return message
    const why = failed.reason ? `，原因${failed.reason}` : ''
    const remark = `直接结算未成功：${failed.transaction}报文${failed.message}${why}`
    return { ...(message.operation.remarked?.(message, remark) ?? message), failed }
  })
}

const FAILED: readonly string[] = ['refused', 'rejected', 'unsent', 'reversed']

/** The last settlement of a visit, if it has failed. */
async function failedBefore(
  journal: Asked,
  { institution }: Message,
  visit: string,
): Promise<FailedAttempt | null> {
  const all = await journal.settlements(visit)
  const last = all.filter(({ exchange }) => exchange.institution === institution).at(-1)
  if (!last || !FAILED.includes(last.state)) return null
  const { message, transaction, id } = last.exchange
  const stored = await journal.byId(id)
  return { transaction: transaction!, message: message!, reason: stored?.reason ?? null }
}

/** Reason of the field where the two ways of paying meet. [A] */
const PAID_ALREADY = 'E504'

/**
 * Refuses to settle a visit of which a self-paid bill stands. The filter of the journal knows most of those that have none; what
 * is asked is answered in the turn of the asking, so that nothing comes between this and the claim that follows.
 *
 * @throws {GatewayError} invalid-field
 */
export function refuseSelfPaid(
  journal: Asked,
  { operation, institution, subject }: Message,
): MaybePromise<void> {
  const { encounter } = subject
  if (operation.kind !== 'settlement' || !encounter) return
  const isOwn = ({ exchange, state }: ExchangeState) =>
    exchange.institution === institution && state === 'accepted'
  return followed(journal.settlers(selfPaidName(encounter), true), (bills) => {
    const bill = bills.filter(isOwn).at(-1)
    if (!bill) return
    return followed(journal.settlers(takenBackName(encounter), true), (backs) => {
      if (backs.some((back) => isOwn(back) && back.exchange.id > bill.exchange.id)) return
      const { transaction, message } = bill.exchange
      const how = `须先以${transaction}撤回自费上传（有效标志valiFlag填0），或由参保人凭自费票据到参保地手工报销`
      const text = `该就诊已按自费上传（${transaction}报文${message}），不能直接结算；本次未发出，费用没有变动。${how}`
      throw fieldRefused('mdtrt_id', text, PAID_ALREADY)
    })
  })
}

/**
 * Refuses the bill of a visit that is settled directly, or may be.
 *
 * @throws {GatewayError} invalid-field; encounter-busy where money of the visit has no outcome yet
 */
export async function refuseSettled(journal: Asked, { institution, subject }: Message): Promise<void> {
  const { selfPaid } = subject
  if (!selfPaid || selfPaid.isBack) return
  const isOfVisit = ({ exchange }: Pick<ExchangeState, 'exchange'>) =>
    exchange.institution === institution && exchange.encounter === selfPaid.visit
  const moving = (await journal.unresolved()).filter(({ exchange }) => exchange.kind !== 'write')
  if (moving.some(isOfVisit)) throw encounterBusy()
  for (const id of await settledIn(journal, institution, selfPaid.visit)) {
    const settled = await journal.byId(id)
    if (settled?.state !== 'accepted' || (await isCancelled(journal, settled))) continue
    const { transaction, message } = settled.exchange
    const text = `该就诊已直接结算（${transaction}报文${message}），不能再按自费上传；本次未发出，费用没有变动。须先撤销结算`
    throw fieldRefused('mdtrtId', text, PAID_ALREADY)
  }
}

/** Settlements of a visit: those that name it, and the purchase that has opened it. */
async function settledIn(journal: Asked, institution: string, visit: string): Promise<number[]> {
  const named = (await journal.settlements(visit)).filter(
    ({ exchange }) => exchange.institution === institution,
  )
  const openers = (await journal.openers(visit)).filter((one) => one.institution === institution)
  const opened = await Promise.all(
    openers.map(({ exchange }) => (exchange === null ? null : journal.byId(exchange))),
  )
  const buying = opened.filter((one) => one?.exchange.kind === 'settlement')
  return [...named, ...buying].map((one) => one!.exchange.id)
}
