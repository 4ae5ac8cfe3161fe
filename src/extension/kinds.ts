/** Names for the kinds of transactions, for people. */
import type { OperationKind } from './dialect.ts'

/** The kinds in both languages. */
export const KINDS: Readonly<Record<OperationKind, { readonly zh: string; readonly en: string }>> = {
  session: { zh: '签到', en: 'sign-in' },
  query: { zh: '查询', en: 'question' },
  trial: { zh: '试算', en: 'trial' },
  write: { zh: '登记', en: 'change' },
  settlement: { zh: '结算', en: 'settlement' },
  cancellation: { zh: '撤销、退费', en: 'cancellation' },
  reversal: { zh: '冲正', en: 'reversal' },
}
