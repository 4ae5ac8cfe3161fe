/** What a call came to: the answer for the caller, and the outcome for the journal. */
import { type Day, dayOf } from '../domain/day.ts'
import { GatewayError, type Terms } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import type { ExchangeEntry, StoredExchange } from '../journal/entry.ts'
import type { State } from '../journal/exchange-state.ts'
import type { Outcome } from '../journal/journal.ts'
import type { Dispatched } from './dispatch.ts'
import type { Receipt } from './receipt.ts'
import { refusalOf, retryAfterOf, unknownOutcome } from './refusals.ts'
import { retiredKey } from './retired.ts'
import type { Answer, Trip, Way } from './trip.ts'
import { isCancelled } from './undone.ts'
import { reasonOf, type Said, type Voice } from './voice.ts'

/** The answer and the outcome of a call. */
export function conclude(
  way: Way,
  trip: Trip,
  message: Message,
  dispatched: Dispatched,
): { answer: Answer; outcome: Outcome } {
  const { voice } = trip.arrival
  const at = way.clock.now()
  const id = way.ids.answer(message.treatmentArea)
  const hop = dispatched.destination.id
  const receipt = trip.watch.receipt()
  const times = {
    ownMicros: Math.round(receipt.ownMs * 1000),
    commitMicros: Math.round(receipt.commitMs * 1000),
    counterpartMicros: Math.round(receipt.counterpartMs * 1000),
  }
  if (dispatched.event === 'yes') {
    const { settlement, encounter } = dispatched.reply
    const body = voice.yes(message, saidTo(voice, dispatched), at, id)
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
  const body = voice.no(error, at, id)
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

function areaName({ codes }: Trip, code: string, day: Day): string | null {
  const found = codes.lookup('area', code, day)
  return found.found ? found.entry.name : null
}

/** What a yes says to a caller. */
export function saidTo({ id }: Voice, { reply, body, dialect }: Extract<Dispatched, { event: 'yes' }>): Said {
  return { output: reply.output, warning: reply.warning, own: dialect.id === id ? body : null }
}

/** The amounts of a settlement, as columns of an outcome. */
export function moneyOf(settlement: Extract<Dispatched, { event: 'yes' }>['reply']['settlement']): Outcome {
  if (!settlement) return {}
  const { id, split, fund, person, account, cash, hospital } = settlement
  return { settlement: id || null, total: split.total, fund, personShare: person, account, cash, hospital }
}

/** What stands under its key is answered as it was, whatever has become of the settlement since; what was never sent may leave. */
export function isAnswered({ journal }: Pick<Way, 'journal'>, key: string): boolean {
  const known = journal.byKey(key)
  return known !== null && known.state !== 'unsent'
}

/** Answers from what stands under the key. */
export function replay(
  way: Pick<Way, 'clock' | 'ids'>,
  voice: Voice,
  known: StoredExchange,
  receipt: Receipt,
): Answer {
  if (known.reply) {
    const problem = known.problem as Answer['problem']
    return { body: known.reply, problem, replayed: true, receipt, retryAfterSeconds: null }
  }
  const error = known.archived
    ? retiredKey(known)
    : unknownOutcome(({ key }) => `网关正在查询，请勿重复收费，稍后用同一${key}重发即可得到结果`)
  const at = way.clock.now()
  const body = voice.no(error, at, way.ids.answer(''))
  return { body, problem: error.code, replayed: !known.archived, receipt, retryAfterSeconds: null }
}

/**
 * Makes durable that a reversal has undone its message; one that was cancelled before stays as it is. Whoever learns of a reversal's yes calls this: the counter's own
 * way, and recovery when the first answer was lost.
 */
export async function recordUndone(
  way: Pick<Way, 'voices' | 'clock' | 'ids' | 'journal'>,
  reversal: Message,
): Promise<void> {
  const { original } = reversal.subject
  if (reversal.operation.kind !== 'reversal' || !original) return
  const found = way.journal.byMessage(reversal.institution, original.id, original.transaction)
  if (!found || !UNDOABLE.has(found.state) || isCancelled(way.journal, found)) return
  await way.journal.record(found.exchange, found.state, 'undone', reversedOutcome(way, found.exchange))
}

/** States in which a message may turn out to have been undone by another one. */
const UNDOABLE: ReadonlySet<State> = new Set(['accepted', 'unknown', 'undoing'])

/** The outcome of a message that was undone: what its key is answered with from now on. */
export function reversedOutcome(
  way: Pick<Way, 'voices' | 'clock' | 'ids'>,
  exchange: ExchangeEntry,
): Outcome {
  const detail = ({ key }: Terms) => `该报文已冲正，未发生结算，可用新的${key}重新办理`
  const error = new GatewayError('reversed', 'record', detail)
  const id = way.ids.answer(exchange.treatmentArea ?? '')
  const reply = way.voices.get(exchange.voice ?? '')?.no(error, way.clock.now(), id) ?? null
  return { problem: error.code, hop: 'gateway', told: error.message, reply }
}
