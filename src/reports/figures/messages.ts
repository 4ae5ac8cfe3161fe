/** From a stay down to its messages. */
import { dayOf, type Instant } from '../../domain/day.ts'
import { partFor, type Store } from '../../store/parts.ts'
import type { FiguresStore } from '../../store/queries/figures/open.ts'
import { stayMessages } from '../../store/queries/figures/pages.ts'
import { figureWrites } from '../../store/queries/figures/writes.ts'
import { refusedAround } from './fold.ts'
import type { StayMessagesQuestion } from './question.ts'
import type { Sheet } from './sheets.ts'

/** What happened to a stay in the journal, oldest first; nothing where it came by file alone. */
export function messageSheet({ $client }: FiguresStore, sources: Store, asked: StayMessagesQuestion): Sheet {
  const writes = figureWrites($client)
  const known = writes.stay(asked)
  const refused = known ? refusedAround(writes, known).map(({ exchange }) => exchange) : []
  const source = partFor(sources, asked.institution).$client
  const found = stayMessages(source, { ...asked, limit: asked.limit + 1 }, refused)
  const messages = found.slice(0, asked.limit)
  const next = found.length > asked.limit ? String(messages.at(-1)!.outcome) : null
  return {
    value: { institution: asked.institution, stay: asked.stay, messages, next },
    head: [
      '序号',
      '日期',
      '报文ID',
      '交易',
      '状态',
      '问题',
      '原因代码',
      '发现处',
      '总费用（分）',
      '基金（分）',
    ],
    rows: messages.map((one) => [
      ...[one.outcome, dayOf(one.at as Instant), one.message, one.number, one.state, one.problem, one.reason],
      ...[one.hop, one.total, one.fund],
    ]),
  }
}
