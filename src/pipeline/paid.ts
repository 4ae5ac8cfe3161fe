/**
 * What is ordered is paid later, on the phone of the person: no message of the pharmacy pays it, and only a question shows it.
 * The order's own outcome then takes the amounts, once, whichever question has shown them first.
 */
import { type Settlement, turned } from '../domain/settlement.ts'
import type { Dialect, Message } from '../extension/dialect.ts'
import { type Journal, StaleState } from '../journal/journal.ts'
import { moneyOf } from './outcome.ts'
import { ownSettlement } from './owner.ts'

/** What is needed to record it. */
export interface PaidPorts {
  readonly dialect: Dialect
  readonly journal: Journal
  reportFault(cause: unknown): void
}

/**
 * Makes durable what a question has shown as paid. What is refunded is shown with its amounts turned: that is in the outcome
 * of the refund.
 */
export async function recordPaid(ports: PaidPorts, question: Message, shown: Settlement): Promise<void> {
  if (question.operation.kind !== 'query' || shown.id === '' || shown.split.total <= 0) return
  await tryRecord(ports, question, shown)
}

/** Makes durable what was paid where nobody had asked before it was given back: the refund says it. */
export async function recordPaidBefore(
  ports: PaidPorts,
  refund: Message,
  given: Settlement | null,
): Promise<void> {
  const { operation, subject } = refund
  const id = subject.settlement
  if (operation.kind !== 'cancellation' || !operation.described || !id || !given) return
  if (given.split.total >= 0) return
  await tryRecord(ports, refund, { ...turned(given), id })
}

async function tryRecord(ports: PaidPorts, about: Message, shown: Settlement): Promise<void> {
  try {
    await record(ports, about, shown)
  } catch (cause) {
    // Undone at this very moment, or the journal is down: questions go on, and the next one shows it again.
    if (!(cause instanceof StaleState)) ports.reportFault(cause)
  }
}

async function record({ dialect, journal }: PaidPorts, about: Message, shown: Settlement): Promise<void> {
  const own = await ownSettlement(journal, about, shown.id)
  if (own?.state !== 'accepted') return
  if (!dialect.operations[own.exchange.transaction ?? '']?.paidLater) return
  const known = await journal.byId(own.exchange.id)
  if (!known || known.archived || known.state !== 'accepted' || (known.total ?? 0) !== 0) return
  const { encounter, reply } = known
  const outcome = { hop: known.exchange.destination, told: PAID, encounter, reply, ...moneyOf(shown) }
  await journal.record(known.exchange, 'accepted', 'paid', outcome)
}

const PAID = '参保人已付款'
