/** The fifth step: what a call came to, as the caller will be answered and as the journal keeps it. */
import { type Day, dayOf } from '../domain/day.ts'
import type { GatewayError } from '../domain/problems.ts'
import type { Outcome } from '../journal/journal.ts'
import { type AnswerFormat, reasonOf, type Said } from './answer-format.ts'
import {
  type Concluded,
  type RequestContext,
  type Sent,
  type Services,
  Stopped,
  type Translated,
} from './context.ts'
import type { Dispatched, Yes } from './dispatch.ts'
import { refusalOf, retryAfterOf } from './refusals.ts'
import { selfPaidOutcome } from './self-paid.ts'

/** Makes the answer and the outcome. Where this fails, the fault is ours and the outcome unknown. */
export function conclude(services: Pick<Services, 'clock' | 'ids' | 'reportFault'>, sent: Sent): Concluded {
  const { intent, dispatched } = sent
  try {
    if (dispatched.event === 'fault') return faulted(sent)
    return dispatched.event === 'yes'
      ? accepted(services, sent, dispatched)
      : refused(services, sent, dispatched)
  } catch (cause) {
    // Nothing of a question, and of what has not left, can be unknown.
    if (intent?.is !== 'begun') throw Stopped.at(sent.request, cause)
    services.reportFault(cause)
    return faulted(sent)
  }
}

const OWN_FAULT = '网关内部错误'

type Making = Pick<Services, 'clock' | 'ids'>

function accepted(
  { clock, ids }: Making,
  sent: Sent,
  dispatched: Extract<Dispatched, { event: 'yes' }>,
): Concluded {
  const { message, inbound } = sent.request
  const { settlement, encounter, fileType } = dispatched.reply
  const said = saidTo(inbound.format, dispatched)
  const id = ids.answer(message.treatmentArea)
  const body = inbound.format.success(message, said, clock.now(), id)
  const outcome = {
    hop: dispatched.destination.id,
    reply: body,
    encounter: encounter ?? message.subject.encounter ?? null,
    ...moneyOf(settlement),
    ...orderOf(dispatched.reply),
    ...selfPaidOutcome(message),
    ...rowsOf(dispatched.reply),
    ...timesOf(sent.request),
  }
  const type = fileType && said.own ? { contentType: fileType } : {}
  const told = { body, problem: null, retryAfterSeconds: null, ...type }
  return { ...sent, event: 'yes', told, outcome }
}

function refused(making: Making, sent: Sent, dispatched: Exclude<Dispatched, { event: 'yes' }>): Concluded {
  const { request } = sent
  const day = dayOf(making.clock.now())
  const error = refusalOf(request.message, dispatched, (code) => areaName(request, code, day))
  const body = bodyOf(making, request, error)
  // An outcome that may still change is not stored as the answer of its key.
  const reply = dispatched.event === 'no' ? body : null
  const outcome = { ...toldOf(error), hop: dispatched.destination.id, reply, ...timesOf(request) }
  const told = { body, problem: error.code, retryAfterSeconds: retryAfterOf(error) }
  return { ...sent, event: dispatched.event, told, outcome }
}

/** Nothing is known of it. */
function faulted(sent: Sent): Concluded {
  const outcome = { hop: 'gateway', told: OWN_FAULT }
  return { ...sent, event: 'no-answer', told: { unclear: OWN_FAULT }, outcome }
}

function bodyOf({ clock, ids }: Making, { inbound, message }: Translated, error: GatewayError): Buffer {
  const { treatmentArea, operation } = message
  return inbound.format.failure(error, clock.now(), ids.answer(treatmentArea), operation.transaction)
}

/** What the journal keeps of an error. */
export function toldOf(error: GatewayError): Pick<Outcome, 'problem' | 'reason' | 'told'> {
  return { problem: error.code, reason: reasonOf(error), told: error.message }
}

function areaName({ codes }: RequestContext, code: string, day: Day): string | null {
  const found = codes.lookup('area', code, day)
  return found.found ? found.entry.name : null
}

/** Where the time went up to now, as columns of an outcome; the wait for the outcome itself is to come. */
function timesOf({ stopwatch }: RequestContext): Outcome {
  const { ownMs, commitMs, counterpartMs } = stopwatch.receipt()
  return {
    ownMicros: Math.round(ownMs * 1000),
    commitMicros: Math.round(commitMs * 1000),
    counterpartMicros: Math.round(counterpartMs * 1000),
  }
}

/** What a yes says to a caller. */
export function saidTo(
  { id }: AnswerFormat,
  { reply, body, dialect }: Extract<Dispatched, { event: 'yes' }>,
): Said {
  const { output, warning, refused } = reply
  return { output, warning, own: dialect.id === id ? body : null, refused }
}

/** The rows that a yes refuses, as a column of an outcome: which of a list stand is data, the platform's words are in its answer. */
export function rowsOf({ refused }: Pick<Yes, 'refused'>): Pick<Outcome, 'refusedRows'> {
  if (!refused) return {}
  return { refusedRows: { sent: refused.sent, rows: refused.rows.map(({ row }) => row) } }
}

/** The order that a yes opens: no money yet, but the id under which it will be settled. */
export function orderOf({ order }: Pick<Yes, 'order'>): Outcome {
  return order === undefined ? {} : { settlement: order }
}

/** The amounts of a settlement, as columns of an outcome. */
export function moneyOf(settlement: Extract<Dispatched, { event: 'yes' }>['reply']['settlement']): Outcome {
  if (!settlement) return {}
  const { id, split, fund, person, account, cash, hospital } = settlement
  return { settlement: id || null, total: split.total, fund, personShare: person, account, cash, hospital }
}
