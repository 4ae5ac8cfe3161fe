/** What a call came to: the answer for the caller, and the outcome for the journal. */
import { type Day, dayOf } from '../domain/day.ts'
import { GatewayError, type Terms } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import type { ExchangeEntry, StoredExchange } from '../journal/entry.ts'
import type { State } from '../journal/exchange-state.ts'
import type { Outcome } from '../journal/journal.ts'
import { type AnswerFormat, reasonOf, type Said } from './answer-format.ts'
import { archivedKey } from './archived-key.ts'
import type { OutboundReply, RequestContext, Services } from './context.ts'
import type { Dispatched } from './dispatch.ts'
import type { Receipt } from './receipt.ts'
import { refusalOf, retryAfterOf, unknownOutcome } from './refusals.ts'
import { isCancelled } from './undone.ts'

/** The answer and the outcome of a call. */
export function conclude(
  services: Services,
  trip: RequestContext,
  message: Message,
  dispatched: Dispatched,
): { answer: OutboundReply; outcome: Outcome } {
  const { format } = trip.arrival
  const at = services.clock.now()
  const id = services.ids.answer(message.treatmentArea)
  const hop = dispatched.destination.id
  const receipt = trip.watch.receipt()
  const times = {
    ownMicros: Math.round(receipt.ownMs * 1000),
    commitMicros: Math.round(receipt.commitMs * 1000),
    counterpartMicros: Math.round(receipt.counterpartMs * 1000),
  }
  if (dispatched.event === 'yes') {
    const { settlement, encounter } = dispatched.reply
    const body = format.success(message, saidTo(format, dispatched), at, id)
    const outcome = {
      hop,
      reply: body,
      encounter: encounter ?? message.subject.encounter ?? null,
      ...moneyOf(settlement),
      ...times,
    }
    return { answer: { body, problem: null, replayed: false, receipt, retryAfterSeconds: null }, outcome }
  }
  const error = refusalOf(message, dispatched, (code) => areaName(trip, code, dayOf(at)))
  const body = format.failure(error, at, id)
  const told = { problem: error.code, reason: reasonOf(error), hop, told: error.message }
  // An outcome that may still change is not stored as the answer of its key.
  const reply = dispatched.event === 'no' ? body : null
  return {
    answer: {
      body,
      problem: error.code,
      replayed: false,
      receipt,
      retryAfterSeconds: retryAfterOf(error),
    },
    outcome: { ...told, reply, ...times },
  }
}

function areaName({ codes }: RequestContext, code: string, day: Day): string | null {
  const found = codes.lookup('area', code, day)
  return found.found ? found.entry.name : null
}

/** What a yes says to a caller. */
export function saidTo(
  { id }: AnswerFormat,
  { reply, body, dialect }: Extract<Dispatched, { event: 'yes' }>,
): Said {
  return { output: reply.output, warning: reply.warning, own: dialect.id === id ? body : null }
}

/** The amounts of a settlement, as columns of an outcome. */
export function moneyOf(settlement: Extract<Dispatched, { event: 'yes' }>['reply']['settlement']): Outcome {
  if (!settlement) return {}
  const { id, split, fund, person, account, cash, hospital } = settlement
  return { settlement: id || null, total: split.total, fund, personShare: person, account, cash, hospital }
}

/** What stands under its key is answered as it was, whatever has become of the settlement since; what was never sent may leave. */
export function isAnswered({ journal }: Pick<Services, 'journal'>, key: string): boolean {
  const known = journal.byKey(key)
  return known !== null && known.state !== 'unsent'
}

/** Answers from what stands under the key. */
export function replay(
  services: Pick<Services, 'clock' | 'ids'>,
  format: AnswerFormat,
  known: StoredExchange,
  receipt: Receipt,
): OutboundReply {
  if (known.reply) {
    const problem = known.problem as OutboundReply['problem']
    return { body: known.reply, problem, replayed: true, receipt, retryAfterSeconds: null }
  }
  const error = known.archived
    ? archivedKey(known)
    : unknownOutcome(({ key }) => `网关正在查询，请勿重复收费，稍后用同一${key}重发即可得到结果`)
  const at = services.clock.now()
  const body = format.failure(error, at, services.ids.answer(''))
  return { body, problem: error.code, replayed: !known.archived, receipt, retryAfterSeconds: null }
}

/**
 * Makes durable that a reversal has undone its message; one that was cancelled before stays as it is. Whoever learns of a reversal's yes calls this: the counter's own
 * way, and recovery when the first answer was lost.
 */
export async function recordUndone(
  services: Pick<Services, 'formats' | 'clock' | 'ids' | 'journal'>,
  reversal: Message,
): Promise<void> {
  const { original } = reversal.subject
  if (reversal.operation.kind !== 'reversal' || !original) return
  const found = services.journal.byMessage(reversal.institution, original.id, original.transaction)
  if (!found || !UNDOABLE.has(found.state) || isCancelled(services.journal, found)) return
  await services.journal.record(
    found.exchange,
    found.state,
    'undone',
    reversedOutcome(services, found.exchange),
  )
}

/** States in which a message may turn out to have been undone by another one. */
const UNDOABLE: ReadonlySet<State> = new Set(['accepted', 'unknown', 'undoing'])

/** The outcome of a message that was undone: what its key is answered with from now on. */
export function reversedOutcome(
  services: Pick<Services, 'formats' | 'clock' | 'ids'>,
  exchange: ExchangeEntry,
): Outcome {
  const detail = ({ key }: Terms) => `该报文已冲正，未发生结算，可用新的${key}重新办理`
  const error = new GatewayError('reversed', 'record', detail)
  const id = services.ids.answer(exchange.treatmentArea ?? '')
  const reply = services.formats.get(exchange.voice ?? '')?.failure(error, services.clock.now(), id) ?? null
  return { problem: error.code, hop: 'gateway', told: error.message, reply }
}
