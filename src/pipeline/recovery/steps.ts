/**
 * The steps of recovery. Nothing leaves while recovery is paused or without the lease of the case; nothing is counted,
 * sent or ended that the journal does not hold.
 */
import { GatewayError } from '../../domain/problems.ts'
import { type Settlement, settlementFault } from '../../domain/settlement.ts'
import type { Message } from '../../extension/dialect.ts'
import type { Event, State } from '../../journal/exchange-state.ts'
import type { Outcome } from '../../journal/journal.ts'
import { PIECED_TOGETHER, reasonOf } from '../answer-format.ts'
import { moneyOf, orderOf, rowsOf, saidTo } from '../outcome.ts'
import { recordPaidBefore } from '../paid.ts'
import { recordUndone, reversedOutcome } from '../record.ts'
import { selfPaidOutcome } from '../self-paid.ts'
import { namesNoOriginal, withOriginal } from '../settlement-named.ts'
import { sealedOf } from '../spoken.ts'
import { type CaseContext, newId, send } from './case.ts'
import { isLastSearch, searchedOnceMore, sightedOnceMore } from './plan.ts'
import { look, type Shown } from './search.ts'

/** Where a reversal has come to. */
export interface Undone {
  readonly state: State | null
  /** Whether the reversal was answered with a yes. */
  readonly answered: boolean
}

function record(
  { ports, lease, known }: CaseContext,
  from: State,
  event: Event,
  outcome: Outcome,
): Promise<State> {
  return ports.journal.record(known.exchange, from, event, outcome, lease)
}

/**
 * Looks for the outcome. A search in vain is counted durably once it counts; silence counts as nothing. One that finds some rows
 * of a list is counted too, since the others may be booked yet: they are held for refused when nothing would be for not done.
 */
export async function ask(context: CaseContext): Promise<State | null> {
  const { known, counts } = context
  const shown = await look(context)
  if (shown === 'unclear') return null
  const isPart = shown !== 'nothing' && shown.refused !== undefined
  if (!counts && (isPart || shown === 'nothing')) return null
  if (shown === 'nothing' || (isPart && !isLastSearch(known))) {
    const { problem, reason, exchange } = known
    const outcome = { problem, reason, hop: exchange.destination, ...searchedOnceMore(known, isPart) }
    return record(context, known.state, 'not-found', outcome)
  }
  const outcome = foundOutcome(context, shown)
  if (!outcome) return null
  await recordUndoneBy(context)
  const given = settlementFound(context.message, shown.output)
  if (given !== 'unusable') await recordPaidBefore(context.ports, context.message, given)
  return record(context, known.state, 'found', outcome)
}

/** What a reversal has undone that was found done; it may name the settlement alone. */
async function recordUndoneBy({ ports, message }: CaseContext): Promise<void> {
  const named = namesNoOriginal(message) ? await withOriginal(ports.journal, message) : message
  await recordUndone(ports, named)
}

/** The money that evidence shows; `unusable` where it is missing or does not add up. */
export function settlementFound(
  message: Message,
  output: Record<string, unknown>,
): Settlement | null | 'unusable' {
  try {
    const settlement = message.operation.settlement?.(output, message) ?? null
    return settlement && settlementFault(settlement) ? 'unusable' : settlement
  } catch (cause) {
    if (cause instanceof RangeError) return 'unusable'
    throw cause
  }
}

/**
 * What the caller would have been answered, pieced together from what was found; null where the money in it is missing
 * or does not add up, which is no evidence.
 */
function foundOutcome(
  { ports, known, message }: CaseContext,
  { output, refused }: Extract<Shown, object>,
): Outcome | null {
  const { exchange } = known
  const settlement = settlementFound(message, output)
  if (settlement === 'unusable') return null
  const encounter = message.operation.encounter?.(output) || null
  const format = ports.formats.get(exchange.voice ?? '')
  const id = ports.ids.answer(message.treatmentArea)
  return {
    hop: exchange.destination,
    told: refused ? '查询到平台已办理清单中的部分行' : '查询到平台已办理',
    reply:
      format?.success(message, { output: () => output, ...PIECED_TOGETHER }, ports.clock.now(), id) ?? null,
    encounter: encounter ?? message.subject.encounter ?? null,
    ...moneyOf(settlement),
    ...selfPaidOutcome(message),
    ...(refused && rowsOf({ refused })),
  }
}

/**
 * Undoes what could not be found. That it will be undone is durable before the reversal leaves, and it is undone only
 * when the reversal was answered and nothing is found standing afterwards.
 */
export async function undo(context: CaseContext): Promise<Undone> {
  const { ports, known, message } = context
  const { evidence } = message.operation
  if (!evidence?.undo) return { state: await reversed(context, known.state), answered: false }
  const reversal = ports.dialect.compose(message, evidence.undo(message), newId(context), ports.clock.now())
  const told = `多次查询未见，发出${reversal.operation.title}${reversal.id}`
  const undoing = await record(context, known.state, 'undo-sent', { hop: 'gateway', told })
  const answer = await send(context, reversal)
  if (answer.event !== 'yes') return { state: undoing, answered: false }
  const standing = { ...known, state: undoing, searches: 0, sightings: 0 }
  return { state: await verify({ ...context, known: standing }), answered: true }
}

/**
 * Looks once more after a reversal was answered with a yes. What still stands is said durably and is a person's from then
 * on; it is looked at again, but not reversed again.
 */
export async function verify(context: CaseContext): Promise<State | null> {
  const { known } = context
  const shown = await look(context)
  if (shown === 'unclear') return known.state
  if (shown === 'nothing') return reversed(context, known.state)
  const hop = known.exchange.destination
  const outcome = { problem: 'outcome-unknown', hop, ...sightedOnceMore(known) }
  return record(context, known.state, 'still-standing', outcome)
}

function reversed(context: CaseContext, from: State): Promise<State> {
  return record(context, from, 'undone', reversedOutcome(context.ports, context.known.exchange))
}

/** Sends once more what may be repeated, under its own id and byte for byte. */
export async function resend(context: CaseContext): Promise<State | null> {
  const { ports, known, message } = context
  const answer = await send(context, message, sealedOf(ports, known.exchange))
  if (answer.event === 'no-answer' || answer.event === 'not-sent') return null
  const format = ports.formats.get(known.exchange.voice ?? '')
  const id = ports.ids.answer(message.treatmentArea)
  const hop = answer.destination.id
  if (answer.event === 'yes') {
    await recordUndone(ports, message)
    const reply = format?.success(message, saidTo(format, answer), ports.clock.now(), id) ?? null
    // What it has opened is found by its number from now on, as after a first answer.
    const encounter = answer.reply.encounter ?? message.subject.encounter ?? null
    const opened = { encounter, ...orderOf(answer.reply), ...rowsOf(answer.reply) }
    return record(context, known.state, 'yes', { hop, reply, ...opened })
  }
  const error = new GatewayError('fund-refused', 'dispatch', answer.text, { reason: answer.reason })
  const reply = format?.failure(error, ports.clock.now(), id, known.exchange.transaction) ?? null
  const told = { problem: error.code, reason: reasonOf(error), hop, told: error.message, reply }
  return record(context, known.state, 'no', told)
}
