/**
 * The life of a message as a table: which event takes which state to which, and why. The code runs this table and nothing
 * else changes a state; an event that is not in a state's rows is a fault of ours. 业务状态表：一笔报文从受理到了结的全部去向.
 */

/** What is known of a message. The last outcome in the journal says it. */
export type State =
  /** 已受理: the intent is durable; it may have left. */
  | 'open'
  /** 未发出: it could not leave. The same key may try again. */
  | 'unsent'
  /** 结果未知: it left, and no clear answer came. Left only on evidence. */
  | 'unknown'
  /** 冲正中: it was looked for in vain and a reversal has left; only a reversal that is answered and verified ends this. */
  | 'undoing'
  /** 平台已办: the platform did it. */
  | 'accepted'
  /** 平台拒绝: the platform said no. */
  | 'refused'
  /** 网关拒绝: the gateway said no; nothing left. */
  | 'rejected'
  /** 已冲正: it was undone, or shown never to have been done. */
  | 'reversed'

/** What may happen to a message. */
export type Event =
  | 'yes'
  | 'no'
  | 'no-answer'
  | 'not-sent'
  | 'try-again'
  | 'found'
  | 'not-found'
  | 'undo-sent'
  | 'still-standing'
  | 'paid'
  | 'undone'

/** One step: from a state by an event to a state, with its reason in words. */
interface Step {
  readonly from: State
  readonly event: Event
  readonly to: State
  readonly words: string
}

/** Every step there is, in order of precedence: where two could be taken, the upper one is. */
export const TRANSITIONS: readonly Step[] = [
  { from: 'open', event: 'yes', to: 'accepted', words: '平台明确答复已办' },
  { from: 'open', event: 'no', to: 'refused', words: '平台明确拒绝' },
  { from: 'open', event: 'not-sent', to: 'unsent', words: '确知没有发出' },
  { from: 'open', event: 'no-answer', to: 'unknown', words: '已发出而无明确答复，或网关在此中断' },
  { from: 'open', event: 'undone', to: 'reversed', words: '另一冲正报文已将其冲正' },
  { from: 'unsent', event: 'try-again', to: 'open', words: '同一报文再次提交' },
  { from: 'unknown', event: 'undone', to: 'reversed', words: '冲正成功，或三次查询证明未办且无需冲正' },
  { from: 'unknown', event: 'found', to: 'accepted', words: '按本报文ID查到平台已办' },
  { from: 'unknown', event: 'yes', to: 'accepted', words: '可重发的步骤重发后明确已办' },
  { from: 'unknown', event: 'no', to: 'refused', words: '可重发的步骤重发后明确拒绝' },
  { from: 'unknown', event: 'undo-sent', to: 'undoing', words: '三次查询未见，发出冲正' },
  { from: 'unknown', event: 'no-answer', to: 'unknown', words: '仍无证据' },
  { from: 'unknown', event: 'not-found', to: 'unknown', words: '平台明确答复查无此笔，计一次' },
  { from: 'undoing', event: 'undone', to: 'reversed', words: '冲正得到明确答复，复核查无此笔' },
  { from: 'undoing', event: 'undo-sent', to: 'undoing', words: '冲正无答复，再次发出冲正' },
  { from: 'undoing', event: 'still-standing', to: 'undoing', words: '冲正已获答复而复核仍见该笔，交人工' },
  { from: 'accepted', event: 'paid', to: 'accepted', words: '平台查询见参保人已付款，记入金额' },
  { from: 'accepted', event: 'undone', to: 'reversed', words: '医院的冲正报文已将其冲正' },
  { from: 'reversed', event: 'undone', to: 'reversed', words: '重复冲正，不变' },
]

/** Every event there is. */
export const EVENTS: readonly Event[] = [...new Set(TRANSITIONS.map(({ event }) => event))]

const NEXT = new Map(TRANSITIONS.map(({ from, event, to }) => [`${from} ${event}`, to]))

/** States that still want an outcome: recovery takes them up. */
export const UNRESOLVED: readonly State[] = ['open', 'unknown', 'undoing']

/**
 * The state after an event.
 *
 * @throws {Error} where the table has no such step: a broken invariant
 */
export function transition(state: State, event: Event): State {
  const next = NEXT.get(`${state} ${event}`)
  if (!next) throw new Error(`A message that is ${state} cannot take "${event}"`)
  return next
}

/** Whether the outcome stands: nothing but a reversal changes it. */
export function isFinal(state: State): boolean {
  return state === 'accepted' || state === 'refused' || state === 'rejected' || state === 'reversed'
}
