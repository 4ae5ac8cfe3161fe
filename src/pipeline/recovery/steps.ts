/**
 * The steps of recovery. Nothing leaves while recovery is paused or without the lease of the case; nothing is counted,
 * sent or ended that the journal does not hold.
 */
import { GatewayError } from '../../domain/problems.ts'
import { type Settlement, settlementFault } from '../../domain/settlement.ts'
import type { Message } from '../../extension/dialect.ts'
import { inEncounter, type ListEvidence, type Question, type ShownRow } from '../../extension/evidence.ts'
import type { RefusedRows } from '../../extension/reply.ts'
import type { Lease } from '../../journal/engine.ts'
import { isSamePlatform, type StoredExchange } from '../../journal/entry.ts'
import type { Event, State } from '../../journal/exchange-state.ts'
import type { Outcome } from '../../journal/journal.ts'
import type { MaybePromise } from '../../journal/maybe-promise.ts'
import { PIECED_TOGETHER, reasonOf } from '../answer-format.ts'
import type { Services } from '../context.ts'
import { type Dispatched, dispatch } from '../dispatch.ts'
import { moneyOf, rowsOf, saidTo } from '../outcome.ts'
import { recordUndone, reversedOutcome } from '../record.ts'
import { encode, readSealed, type Sealed, sealedOf } from '../spoken.ts'
import { isLastSearch, searchedOnceMore, sightedOnceMore } from './plan.ts'

/** What the steps need of the way. */
export type RecoveryPorts = Pick<
  Services,
  | 'journal'
  | 'dialect'
  | 'spoken'
  | 'transport'
  | 'clock'
  | 'deadlineMs'
  | 'queryDeadlineMs'
  | 'ids'
  | 'formats'
>

/** Recovery was paused before a message could leave. */
export class RecoveryPaused extends Error {
  override readonly name = 'Withheld'
}

/** One case in the hands of one worker. */
export interface CaseContext {
  readonly ports: RecoveryPorts
  readonly lease: Lease
  readonly known: StoredExchange
  readonly message: Message
  /** Whether a search in vain counts by now. */
  readonly counts: boolean
  isPaused(): boolean
}

/** Where a reversal has come to. */
export interface Undone {
  readonly state: State | null
  /** Whether the reversal was answered with a yes. */
  readonly answered: boolean
}

/** Sends; the only place where something of recovery leaves. @throws {RecoveryPaused} @throws {LeaseLost} */
async function send(
  { ports, lease, isPaused }: CaseContext,
  message: Message,
  sealed?: Sealed,
): Promise<Dispatched> {
  await lease.renew()
  // Looked at last: nothing comes between this and the sending.
  if (isPaused()) throw new RecoveryPaused()
  return dispatch(ports, message, sealed ?? encode(ports, message), { from: 'recovery', until: null })
}

function record(
  { ports, lease, known }: CaseContext,
  from: State,
  event: Event,
  outcome: Outcome,
): Promise<State> {
  return ports.journal.record(known.exchange, from, event, outcome, lease)
}

function newId({ ports, message }: CaseContext): string {
  return ports.ids.message(message.institution)
}

type Shown =
  | { readonly output: Record<string, unknown>; readonly refused?: RefusedRows }
  | 'nothing'
  | 'unclear'

/**
 * Whether another message has opened an encounter at this platform, or may be opening it just now: then it shows nothing
 * of this one.
 */
async function isOthers({ ports, known }: CaseContext, encounter: string): Promise<boolean> {
  const { id, transaction, person, insuredArea } = known.exchange
  const all = await ports.journal.openers(encounter)
  const openers = all.filter((one) => isSamePlatform(insuredArea, one.insuredArea))
  if (openers.length > 0) return openers.some(({ exchange }) => exchange !== id)
  return (await ports.journal.unresolved()).some(
    ({ exchange, state }) =>
      state === 'open' &&
      exchange.transaction === transaction &&
      exchange.person === person &&
      exchange.id !== id,
  )
}

/**
 * Reads an answer by whose the visits in it are. A dialect reads at once and the journal may have to be waited for, so it
 * reads twice: first to hear which visits it asks about.
 */
export async function readByVisits<Read>(
  read: (isOthers: (encounter: string) => boolean) => Read,
  isOthers: (encounter: string) => MaybePromise<boolean>,
): Promise<Read> {
  const asked = new Set<string>()
  const first = read((encounter) => asked.add(encounter).size > 0)
  if (asked.size === 0) return first
  const others = new Set<string>()
  for (const encounter of asked) if (await isOthers(encounter)) others.add(encounter)
  return read((encounter) => others.has(encounter))
}

/** Messages of one order that are read: what opened it, what pays it, what gives back. */
const OF_ORDER_MAX = 10

/** The other messages of an order, as far as the journal has them at hand: what opened it says whose it is. */
async function othersOfOrder({ ports, known, message }: CaseContext): Promise<readonly Message[]> {
  const { settlement } = message.subject
  const all = settlement ? await ports.journal.settlers(settlement, true) : []
  const others: Message[] = []
  for (const { exchange } of all.slice(0, OF_ORDER_MAX)) {
    const isOwn = exchange.id !== known.exchange.id && exchange.institution === message.institution
    const stored = isOwn ? await ports.journal.byId(exchange.id) : null
    if (stored?.exchange.sealed) others.push(readSealed(ports, stored.exchange))
  }
  return others
}

/** Visits of one answer that are looked at: more than a person has at one institution on one day. */
const VISITS_MAX = 20

/** Asks every question in its order. One that was not answered, or could not be, makes the whole search unclear. */
async function inquire(
  context: CaseContext,
  questions: readonly Question[] = context.message.operation.evidence?.questions ?? [],
): Promise<Shown> {
  const { ports, message } = context
  for (const { ask, found, each, refused, ofOrder } of questions) {
    const asked = ofOrder ? ask(message, await othersOfOrder(context)) : ask(message)
    const question = ports.dialect.compose(message, asked, newId(context), ports.clock.now())
    const answer = await send(context, question)
    if (answer.event === 'no' && refused === 'nothing') continue
    if (answer.event !== 'yes') return 'unclear'
    const shown = answer.reply.output()
    const output =
      found &&
      (await readByVisits(
        (areOthers) => found(message, shown, areOthers),
        (encounter) => isOthers(context, encounter),
      ))
    if (output === 'unclear') return 'unclear'
    if (output) return { output }
    const inVisits = each ? await inquireEach(context, each, shown) : 'nothing'
    if (inVisits !== 'nothing') return inVisits
  }
  return 'nothing'
}

/** Asks the questions of every visit that an answer shows. Ours may be found behind one that could not be read. */
async function inquireEach(
  context: CaseContext,
  { encounters, questions }: NonNullable<Question['each']>,
  output: unknown,
): Promise<Shown> {
  const { message } = context
  const visits = encounters(message, output)
  let isUnclear = visits.length > VISITS_MAX
  for (const encounter of visits.slice(0, VISITS_MAX)) {
    const shown = await inquire({ ...context, message: inEncounter(message, encounter) }, questions)
    if (shown === 'unclear') isUnclear = true
    else if (shown !== 'nothing') return shown
  }
  return isUnclear ? 'unclear' : 'nothing'
}

/** Looks for the rows of a list one by one: what is found of them together is its outcome. */
async function inquireRows(context: CaseContext, { rows, answer }: ListEvidence): Promise<Shown> {
  const { message } = context
  const all: ShownRow[] = []
  for (const questions of rows(message)) {
    const shown = await inquire(context, questions)
    if (shown === 'unclear') return 'unclear'
    all.push(shown === 'nothing' ? null : shown.output)
  }
  return all.every((row) => row === null) ? 'nothing' : answer(message, all)
}

/** Looks for the outcome, of a list or of any other message. */
function look(context: CaseContext): Promise<Shown> {
  const list = context.message.operation.evidence?.list
  return list ? inquireRows(context, list) : inquire(context)
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
  return outcome && record(context, known.state, 'found', outcome)
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
    return record(context, known.state, 'yes', { hop, reply, ...rowsOf(answer.reply) })
  }
  const error = new GatewayError('fund-refused', 'dispatch', answer.text, { reason: answer.reason })
  const reply = format?.failure(error, ports.clock.now(), id) ?? null
  const told = { problem: error.code, reason: reasonOf(error), hop, told: error.message, reply }
  return record(context, known.state, 'no', told)
}
