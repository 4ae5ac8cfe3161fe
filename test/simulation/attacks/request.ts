/** One request of a hospital system at either door, and what it is told. */
import { fenFromYuan } from '../../../src/domain/money.ts'

/** The doors for hospital systems. */
export type Door = 'national' | 'rest'

/** A request as it is sent, and sent again. */
export interface Request {
  readonly door: Door
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Another body under the same key. */
  readonly contrary: string
  /** National number of what is asked for: `2207`. */
  readonly transaction: string
  readonly institution: string
  /** Message id, or the value of `Idempotency-Key`; empty with a question over REST. */
  readonly key: string
  readonly encounter: string
  /** Settlement that it cancels or reverses; empty in others. */
  readonly undoes: string
}

/** Names of the amounts that a settlement is told with, as the books and both doors have them. */
export const AMOUNTS = {
  total: ['medfee_sumamt', 'totalFen'],
  fund: ['fund_pay_sumamt', 'fundFen'],
  person: ['psn_part_amt', 'personFen'],
  account: ['acct_pay', 'accountFen'],
  cash: ['psn_cash_pay', 'cashFen'],
} as const

/** Amounts in fen, without those that were not told: a cancellation names no cash. */
export type Amounts = Readonly<Partial<Record<keyof typeof AMOUNTS, number>>>

type Node = Readonly<Record<string, unknown>>

/** A yes. */
export interface Yes {
  readonly is: 'yes'
  readonly output: Node
  readonly bytes: string
}

/** A no; `retry` as the gateway advises. */
export interface No {
  readonly is: 'no'
  /** Code of the problem: `key-conflict`; empty where the platform's own sentence is all there is. */
  readonly code: string
  readonly retry: string
  readonly text: string
  readonly reason: string
}

/** What a call was answered with. */
export type Reply = Yes | No

const SENTENCE = /^(?:(E\d{3})\s*)?(?:\[([a-z-]+)\]\s*)?/

/** Reads an answer of the national door. */
export function readNational(bytes: string, retry: string): Reply {
  const { infcode, err_msg, output } = JSON.parse(bytes) as Node
  if (Number(infcode) === 0) return { is: 'yes', output: (output ?? {}) as Node, bytes }
  const [head, reason = '', code = ''] = SENTENCE.exec(String(err_msg))!
  return { is: 'no', code, reason, retry, text: String(err_msg).slice(head.length) }
}

/** Reads an answer of the REST door. */
export function readRest(bytes: string, ok: boolean): Reply {
  const document = JSON.parse(bytes) as Node
  if (ok) return { is: 'yes', output: document, bytes }
  const text = (name: string) => String(document[name] ?? '')
  return {
    is: 'no',
    code: text('type').replace('/problems/', ''),
    retry: text('retry'),
    reason: text('reason'),
    text: text('detail'),
  }
}

/** Whether an answer is final: what it says will be said again. */
export function isFinal(reply: Reply): boolean {
  return reply.is === 'yes' || (reply.retry !== 'same-key' && reply.retry !== 'inquire-first')
}

/** Settlement and amounts of a yes; null where it tells none. */
export function moneyOf(door: Door, { output }: Yes): { settlement: string; amounts: Amounts } | null {
  const isRest = door === 'rest'
  const row = (isRest ? output : output.setlinfo) as Node | undefined
  const settlement = row?.[isRest ? 'settlement' : 'setl_id']
  if (!row || !settlement) return null
  const amounts = Object.entries(AMOUNTS).flatMap(([name, [national, rest]]) => {
    const told = row[isRest ? rest : national]
    if (told === undefined || told === null || told === '') return []
    return [[name, isRest ? Number(told) : Number(fenFromYuan(told as string | number))]]
  })
  return { settlement: String(settlement), amounts: Object.fromEntries(amounts) }
}
