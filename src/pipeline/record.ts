/**
 * The last two steps: the outcome is made durable, and only then answered. What the journal could not take down is unknown, and
 * is handed to recovery as soon as the journal can be written again.
 */

import { GatewayError, type Terms } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import type { ExchangeEntry } from '../journal/entry.ts'
import type { State } from '../journal/exchange-state.ts'
import { type Outcome, StaleState } from '../journal/journal.ts'
import { InFlight } from '../journal/noes.ts'
import {
  type Answered,
  type Concluded,
  type OutboundReply,
  type Services,
  Stopped,
  type Translated,
  type Unclear,
  type Withheld,
} from './context.ts'
import { recordPaidBefore } from './paid.ts'
import { retryAfterOf, unknownOutcome } from './refusals.ts'
import { replyAgain } from './replay.ts'
import { SHELF } from './shelf.ts'
import { isCancelled } from './undone.ts'
import { waitFor } from './waiting.ts'

/**
 * Makes the outcome durable.
 *
 * @returns what may be answered: the outcome as it was given, or that it is unknown
 * @throws {Stopped} where nothing has left and that cannot be written
 */
export async function record(services: Services, concluded: Concluded): Promise<Concluded> {
  const { intent, request } = concluded
  if (intent?.is !== 'begun') return recordWithheld(services, intent!, concluded)
  const { exchange } = intent
  try {
    await request.stopwatch.commit(recordOutcome(services, exchange, concluded))
    return concluded
  } catch (cause) {
    // Recovery took the message that this one undoes further at this very moment: no fault, but not yet an outcome.
    const isMet = cause instanceof StaleState
    const told = isMet ? '冲正期间原报文已另有结果，冲正结果待查' : '交易日志无法写入'
    if (isMet) await recordUnknown(services, exchange, told).catch(() => leaveToRecovery(services, exchange))
    else leaveToRecovery(services, exchange)
    return { ...concluded, told: isMet ? { unclear: told } : { unclear: told, detail: NOT_WRITTEN } }
  }
}

const NOT_WRITTEN = '交易日志无法写入，平台可能已办理，请先查询，勿重复收费'

/** The last step: answers with what is durable by now, and with the one receipt. */
export function answer(services: Services, recorded: Concluded): OutboundReply {
  const { request, dispatched, told } = recorded
  const { warnings } = request.message
  const said = 'body' in told ? told : saidOf(services, request, told)
  const receipt = request.stopwatch.receipt()
  const { platform } = dispatched.destination
  if (platform !== SHELF) services.observe(request.message, platform, receipt)
  const reply = { replayed: false, ...said, receipt }
  return warnings ? { ...reply, warnings } : reply
}

function saidOf(
  { clock, ids }: Pick<Services, 'clock' | 'ids'>,
  { inbound, message }: Translated,
  { unclear, detail }: Unclear,
): Answered {
  const again = ({ key }: Terms) => `${unclear}，平台可能已办理，请勿重复收费，稍后用同一${key}重发`
  const error = unknownOutcome(detail ?? again)
  const { treatmentArea, operation } = message
  const id = ids.answer(treatmentArea)
  const body = inbound.format.failure(error, clock.now(), id, operation.transaction)
  return { body, problem: error.code, retryAfterSeconds: retryAfterOf(error) }
}

/** The outcome; with a reversal, that of the message it has undone first. */
async function recordOutcome(
  services: Services,
  exchange: ExchangeEntry,
  { event, outcome, request, dispatched }: Concluded,
): Promise<void> {
  if (event === 'yes') await recordUndone(services, request.message)
  const isCancellation = request.message.operation.kind === 'cancellation'
  if (isCancellation && dispatched.event === 'yes' && dispatched.reply.settlement) {
    const { dialect, journal } = services
    const ports = { dialect, journal, reportFault: (cause: unknown) => services.reportFault(cause) }
    await recordPaidBefore(ports, request.message, dispatched.reply.settlement)
  }
  const state = await services.journal.record(exchange, 'open', event, outcome)
  if (state === 'unknown') services.trackUnknown(exchange.id)
}

/**
 * What does not leave: intent and outcome are one write, since nothing lies between them. Another gateway for which the
 * destination is not down may have begun the same meanwhile: then that is waited for, and its outcome is the answer.
 */
async function recordWithheld(
  services: Services,
  { request, intent, until }: Withheld,
  concluded: Concluded,
): Promise<Concluded> {
  const { journal, clock, ids } = services
  const { stopwatch, message, inbound } = request
  try {
    for (;;) {
      try {
        const written = journal.reject(intent, { ...concluded.outcome, at: clock.now() }, 'unsent')
        const before = await stopwatch.commit(written)
        if (!before) return concluded
        return { ...concluded, told: replyAgain({ clock, ids }, inbound.format, before, stopwatch.receipt()) }
      } catch (cause) {
        if (!(cause instanceof InFlight)) throw cause
        await stopwatch.commit(waitFor({ clock, journal }, cause, message, until))
      }
    }
  } catch (cause) {
    throw Stopped.at(request, cause)
  }
}

/** Makes it unknown, and has it looked for. */
async function recordUnknown(services: Services, exchange: ExchangeEntry, told: string): Promise<void> {
  await services.journal.record(exchange, 'open', 'no-answer', { hop: 'gateway', told })
  services.trackUnknown(exchange.id)
}

/** The same as soon as the journal can be written again: as after a restart. */
function leaveToRecovery(services: Services, exchange: ExchangeEntry): void {
  const told = '交易日志一度无法写入，结果未知'
  const { journal } = services
  journal
    .whenWritable()
    .then(() => recordUnknown(services, exchange, told))
    .catch((cause) => {
      // Whoever shares the journal has taken it over by now.
      if (cause instanceof StaleState) services.trackUnknown(exchange.id)
      else if (journal.writable()) services.reportFault(cause)
      else leaveToRecovery(services, exchange)
    })
}

/**
 * Makes durable that a reversal has undone its message; one that was cancelled before stays as it is. Whoever learns of the
 * reversal's yes calls this: this step, and recovery where the first answer was lost.
 */
export async function recordUndone(
  services: Pick<Services, 'formats' | 'clock' | 'ids' | 'journal'>,
  reversal: Message,
): Promise<void> {
  const { original } = reversal.subject
  if (reversal.operation.kind !== 'reversal' || !original) return
  const found = await services.journal.byMessage(reversal.institution, original.id, original.transaction)
  if (!found || !UNDOABLE.has(found.state)) return
  // While this reversal has no outcome nobody cancels the same; whoever else takes the message further makes this stale.
  if (await isCancelled(services.journal, found)) return
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
  { formats, clock, ids }: Pick<Services, 'formats' | 'clock' | 'ids'>,
  exchange: ExchangeEntry,
): Outcome {
  const detail = ({ key }: Terms) => `该报文已冲正，未发生结算，可用新的${key}重新办理`
  const error = new GatewayError('reversed', 'record', detail)
  const id = ids.answer(exchange.treatmentArea ?? '')
  const reply =
    formats.get(exchange.voice ?? '')?.failure(error, clock.now(), id, exchange.transaction) ?? null
  return { problem: error.code, hop: 'gateway', told: error.message, reply }
}
