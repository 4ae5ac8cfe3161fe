/** The errors that a call ends in: what happened, whether money moved, what to do. */
import { provinceOf } from '../domain/area.ts'
import { shanghaiTime } from '../domain/day.ts'
import { type Detail, GatewayError, type Terms } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import type { Refused } from '../transport/fault.ts'
import { type Dispatched, isQuestion, type NotSent } from './dispatch.ts'

/** Seconds after which a caller may try again what was not sent, where nothing better is known. */
const AGAIN_SECONDS = 5

/** Seconds after which a caller may try again; null where that would not help, or it must ask first. */
export function retryAfterOf(error: GatewayError): number | null {
  const { retryAfterSeconds } = error.extra
  if (typeof retryAfterSeconds === 'number') return retryAfterSeconds
  return error.row.status === 503 ? AGAIN_SECONDS : null
}

/** An outcome that is not known. */
export function unknownOutcome(detail: Detail, cause?: unknown): GatewayError {
  return new GatewayError('outcome-unknown', 'dispatch', detail, {}, cause)
}

/** What was not sent because the time that the caller gave was over. */
export function budgetSpent(stage: 'journal' | 'dispatch'): GatewayError {
  const detail = ({ key }: Terms) =>
    `调用方设定的等待时限已到，本笔未发出，未发生费用，请延长时限后用同一${key}重发`
  return new GatewayError('budget-spent', stage, detail, { retryAfterSeconds: 1 })
}

/**
 * What a patient who cannot wait may do, here and now: the upload of a self-paid bill to the platform is not offered.
 * Source: docs/facts/cross-region.md, Late filing [K] and When a part is down [A]: paid in full, claimed by hand at the insured place.
 */
const BY_HAND = '；病人不能等候的，可先全额自费结算，再凭发票、费用清单和病历资料向参保地经办机构申请手工报销'

/** The party that a destination stands for, for a person at the counter. */
function party({ insuredArea }: Message, { destination }: Dispatched, nameOf: NameOf): string {
  return partyNamed(destination.platform, provinceOf(insuredArea), nameOf)
}

/**
 * The same by its codes.
 *
 * @param platform `national` or the code of a province
 * @param insured province of the insured
 */
export function partyNamed(platform: string, insured: string, nameOf: NameOf): string {
  const named = (code: string) => nameOf(code) ?? code
  return platform === 'national' ? `国家平台（参保地：${named(insured)}）` : `省平台（${named(platform)}）`
}

/** Name of an area on the day of the message; null where it has none. */
export type NameOf = (code: string) => string | null

/** Why it could not leave, in words. */
export const WHY_NOT_SENT: Readonly<Record<Exclude<Refused['why'], 'late'>, (refused: Refused) => string>> = {
  down: ({ since }) =>
    since === null ? '无正常应答' : `自${shanghaiTime(since).slice(11, 16)}起无正常应答，已暂停发送`,
  busy: () => '繁忙，排队请求过多',
  unreached: () => '暂时无法连接',
}

function notSent(message: Message, dispatched: Dispatched & NotSent, nameOf: NameOf): GatewayError {
  const { refused, destination, reason, text } = dispatched
  if (refused?.why === 'late') return budgetSpent('dispatch')
  const silent = reason ?? (destination.platform === 'national' ? 'E703' : 'E704')
  const who = party(message, dispatched, nameOf)
  const again = ({ key }: Terms) => (isQuestion(message) ? '请稍后再查' : `请稍后用同一${key}重发`)
  const byHand = message.operation.kind === 'settlement' ? BY_HAND : ''
  if (refused === null) {
    const detail = (terms: Terms) => `${who}答复“${text}”，本次未办理，未发生费用。${again(terms)}${byHand}`
    return new GatewayError('destination-down', 'dispatch', detail, { reason: silent })
  }
  const { why } = refused
  return new GatewayError(
    why === 'busy' ? 'destination-busy' : 'destination-down',
    'dispatch',
    (terms) => `${who}${WHY_NOT_SENT[why](refused)}，未发出，未发生费用。${again(terms)}${byHand}`,
    {
      reason: silent,
      destination: destination.id,
      since: refused.since === null ? null : shanghaiTime(refused.since),
      retryAfterSeconds: Math.max(1, Math.ceil(refused.againMs / 1000)),
    },
  )
}

/** The error of a call that did not end in a yes. */
export function refusalOf(
  message: Message,
  dispatched: Exclude<Dispatched, { event: 'yes' }>,
  nameOf: NameOf,
): GatewayError {
  if (dispatched.event === 'not-sent') return notSent(message, dispatched, nameOf)
  const { event, reason, text } = dispatched
  if (event === 'no') {
    return new GatewayError('fund-refused', 'dispatch', text, reason ? { reason } : {})
  }
  const who = party(message, dispatched, nameOf)
  if (isQuestion(message)) {
    const cross = dispatched.destination.platform === 'national'
    return new GatewayError(
      'destination-down',
      'dispatch',
      `${who}${text}，查询未完成，未发生费用，请稍后再查`,
      {
        reason: reason ?? (cross ? 'E703' : 'E704'),
      },
    )
  }
  const detail = ({ key }: Terms) =>
    `${who}${text}，可能已办理。请勿重复收费，网关正在查询，稍后用同一${key}重发即可得到结果`
  return new GatewayError('outcome-unknown', 'dispatch', detail, reason ? { reason } : {})
}

/** What was thrown, as an error for the caller: what is none of ours is a fault of the gateway. */
export function errorOf(cause: unknown): GatewayError {
  return cause instanceof GatewayError
    ? cause
    : new GatewayError('internal-fault', 'receive', '网关内部错误，请先查询结果', {}, cause)
}
