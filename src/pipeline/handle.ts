/**
 * The way of one message, from top to bottom: taken in, made national, made durable, sent, its outcome made durable,
 * answered. Everything else reads the journal and never stands in this way.
 */
import type { Codes } from '../codes/codes.ts'
import { dayOf } from '../domain/day.ts'
import { laneOf } from '../domain/lane.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Dialect, Envelope, Message } from '../extension/dialect.ts'
import type { ExchangeEntry, Remembered } from '../journal/entry.ts'
import type { Intent, Journal, Outcome } from '../journal/journal.ts'
import { destinationOf } from '../transport/destinations.ts'
import type { Caller } from './callers.ts'
import { type Dispatched, type Dispatcher, dispatch, isQuestion } from './dispatch.ts'
import type { Ids } from './ids.ts'
import { type Receipt, startWatch, type Watch } from './receipt.ts'
import { checkAreas, institutionOf, readMessage } from './receive.ts'
import { refusalOf, unknownOutcome } from './refusals.ts'
import { translate } from './translate.ts'
import { reasonOf, type Voice } from './voice.ts'

/** What the way needs; put together once, in `app.ts`. */
export interface Way extends Dispatcher {
  readonly codes: Codes
  readonly journal: Journal
  readonly ids: Ids
  /** Pseudonym of a person; keyed hash of a body. */
  pseudonym(text: string): string
  /** Every form of answer by its id, for an outcome that is written for an earlier request. */
  readonly voices: ReadonlyMap<string, Voice>
  /** Tells recovery of an outcome that has just become unknown. */
  watch(exchange: number): void
  /** Told of faults of our own. */
  fault(cause: unknown): void
}

/** A message at the door. */
export interface Arrival {
  readonly dialect: Dialect
  readonly voice: Voice
  readonly caller: Caller
  readonly body: Buffer
  /** The transaction that the address names. */
  readonly transaction: string | null
  /** Key and body hash of a door that has its own (`Idempotency-Key`). */
  readonly claim?: { readonly key: string; readonly bodyHash: string }
}

/** What the door gives back. */
export interface Answer {
  readonly body: Buffer
  /** Null for a yes. */
  readonly problem: GatewayError['code'] | null
  /** The stored answer of an earlier request with the same key. */
  readonly replayed: boolean
  readonly receipt: Receipt
}

/** A message on its way, as far as it has come. */
interface Trip {
  readonly arrival: Arrival
  readonly watch: Watch
  envelope?: Envelope
  message?: Message
  evidence?: string | null
}

/** Takes one message the whole way. Never throws: every message gets an answer in its own form. */
export async function handle(way: Way, arrival: Arrival): Promise<Answer> {
  const trip: Trip = { arrival, watch: startWatch(way.clock) }
  try {
    const message = receive(way, trip)
    const bytes = way.dialect.encode(message)
    if (isQuestion(message)) return await ask(way, trip, message, bytes)
    return await carryOut(way, trip, message, bytes)
  } catch (cause) {
    return await turnAway(way, trip, cause)
  }
}

/** Reads, checks and translates. Throws a GatewayError; nothing has left. */
function receive(way: Way, trip: Trip): Message {
  const { dialect, body, transaction, caller } = trip.arrival
  const { codes, journal, clock } = way
  const today = dayOf(clock.now())
  trip.envelope = dialect.open(body, transaction)
  checkAreas(codes, trip.envelope, today)
  const institution = institutionOf(codes, trip.envelope, caller, today)
  trip.message = readMessage(dialect, trip.envelope, institution, journal.institutionOf)
  const { message, evidence } = translate(codes, dialect, trip.message)
  trip.message = message
  trip.evidence = evidence
  return message
}

/** A question changes nothing: it is asked, and noted for the reports without anyone waiting for the note. */
async function ask(way: Way, trip: Trip, message: Message, bytes: Buffer): Promise<Answer> {
  const dispatched = await dispatch(way, message, bytes)
  trip.watch.counterpart(dispatched.counterpartMs)
  const { answer, outcome } = conclude(way, trip, message, dispatched)
  const state = dispatched.event === 'yes' ? 'accepted' : dispatched.event === 'no' ? 'refused' : 'unsent'
  way.journal.note(intentOf(way, trip), { ...outcome, reply: null, state, at: way.clock.now() })
  return answer
}

/** What changes something: intent durable, sent, outcome durable, answered. */
async function carryOut(way: Way, trip: Trip, message: Message, bytes: Buffer): Promise<Answer> {
  const { journal, watch } = { ...way, watch: trip.watch }
  const original = originalOf(way, message)
  const begun = await watch.commit(journal.begin({ ...intentOf(way, trip), sealed: bytes }))
  if (begun.is === 'known') return replay(way, trip, begun.known)

  try {
    const dispatched = await dispatch(way, message, begun.exchange.sealed ?? bytes)
    watch.counterpart(dispatched.counterpartMs)
    const { answer, outcome } = conclude(way, trip, message, dispatched)
    await watch.commit(recordOutcome(way, begun.exchange, dispatched, outcome, original))
    return { ...answer, receipt: watch.receipt() }
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    way.fault(cause)
    await way.journal.record(begun.exchange, 'open', 'no-answer', { hop: 'gateway', told: '网关内部错误' })
    way.watch(begun.exchange.id)
    throw unknownOutcome('网关内部错误，平台可能已办理，请勿重复收费，稍后用同一报文ID重发', cause)
  }
}

/** Makes the outcome durable; with a reversal, that of the message it undid as well. */
async function recordOutcome(
  way: Way,
  exchange: ExchangeEntry,
  dispatched: Dispatched,
  outcome: Outcome,
  original: Remembered | null,
): Promise<void> {
  try {
    if (dispatched.event === 'yes' && original && original.state !== 'reversed') {
      await way.journal.record(
        original.exchange,
        original.state,
        'undone',
        reversedOutcome(way, original.exchange),
      )
    }
    const state = await way.journal.record(exchange, 'open', dispatched.event, outcome)
    if (state === 'unknown') way.watch(exchange.id)
  } catch (cause) {
    throw unknownOutcome('流水账无法写入，平台可能已办理，请先查询，勿重复收费', cause)
  }
}

/** The outcome of a message that was undone: what its key is answered with from now on. */
export function reversedOutcome(
  way: Pick<Way, 'voices' | 'clock' | 'ids'>,
  exchange: ExchangeEntry,
): Outcome {
  const error = new GatewayError('fund-refused', 'record', '该报文已冲正，未发生结算，可用新的报文ID重新办理')
  const id = way.ids.answer(exchange.treatmentArea ?? '')
  const reply = way.voices.get(exchange.voice ?? '')?.no(error, way.clock.now(), id) ?? null
  return { problem: error.code, hop: 'gateway', told: error.message, reply }
}

/** The message that a reversal undoes. @throws {GatewayError} key-in-flight while that one is on its way */
function originalOf(way: Way, message: Message): Remembered | null {
  const { original } = message.subject
  if (message.operation.kind !== 'reversal' || !original) return null
  const found = way.journal.byMessage(message.institution, original.id, original.transaction)
  if (found?.state === 'open') {
    throw new GatewayError('key-in-flight', 'journal', '原报文仍在处理，请待其有结果后再冲正')
  }
  return found && ['accepted', 'unknown', 'reversed'].includes(found.state) ? found : null
}

/** The answer and the outcome of a call. */
function conclude(
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
    const { settlement, encounter, output } = dispatched.reply
    const body = voice.yes(message, output, dispatched.body, at, id)
    const outcome = {
      hop,
      reply: body,
      encounter: encounter ?? message.subject.encounter ?? null,
      ...moneyOf(settlement),
      ...times,
    }
    return { answer: { body, problem: null, replayed: false, receipt }, outcome }
  }
  const error = refusalOf(message, dispatched)
  const body = voice.no(error, at, id)
  const told = { problem: error.code, reason: reasonOf(error), hop, told: error.message }
  // An outcome that may still change is not stored as the answer of its key.
  const reply = dispatched.event === 'no' ? body : null
  return {
    answer: { body, problem: error.code, replayed: false, receipt },
    outcome: { ...told, reply, ...times },
  }
}

/** The amounts of a settlement, as columns of an outcome. */
export function moneyOf(settlement: Extract<Dispatched, { event: 'yes' }>['reply']['settlement']): Outcome {
  if (!settlement) return {}
  const { id, split, fund, person, account, cash, hospital } = settlement
  return { settlement: id || null, total: split.total, fund, personShare: person, account, cash, hospital }
}

/** Answers from what stands under the key. */
function replay(way: Way, trip: Trip, known: Remembered): Answer {
  const { voice } = trip.arrival
  const receipt = trip.watch.receipt()
  if (known.reply) {
    return { body: known.reply, problem: known.problem as Answer['problem'], replayed: true, receipt }
  }
  const error = unknownOutcome(
    '该报文的结果仍未明，网关正在查询，请勿重复收费，稍后用同一报文ID重发即可得到结果',
  )
  const at = way.clock.now()
  return { body: voice.no(error, at, way.ids.answer('')), problem: error.code, replayed: true, receipt }
}

/** Answers what went no further; the journal says so. */
async function turnAway(way: Way, trip: Trip, cause: unknown): Promise<Answer> {
  const error =
    cause instanceof GatewayError
      ? cause
      : new GatewayError('internal-fault', 'receive', '网关内部错误，请先查询结果', {}, cause)
  if (error.code === 'internal-fault' || error.code === 'journal-down') way.fault(cause)
  const { voice } = trip.arrival
  const at = way.clock.now()
  const body = voice.no(error, at, way.ids.answer(trip.envelope?.treatmentArea ?? ''))
  const answer: Answer = { body, problem: error.code, replayed: false, receipt: trip.watch.receipt() }
  const told = { problem: error.code, reason: reasonOf(error), hop: 'gateway', told: error.message, at }
  if (error.stage === 'journal') way.journal.note(intentOf(way, trip), { ...told, state: 'rejected' })
  if (error.stage !== 'receive' && error.stage !== 'translate') return answer
  try {
    const before = await trip.watch.commit(way.journal.reject(intentOf(way, trip), { ...told, reply: body }))
    return before ? replay(way, trip, before) : { ...answer, receipt: trip.watch.receipt() }
  } catch (fault) {
    way.fault(fault)
    return answer
  }
}

/** The row of the exchange, as much of it as is known. */
function intentOf(way: Way, trip: Trip): Intent {
  const { arrival, envelope, message, evidence } = trip
  const { caller, voice, claim } = arrival
  const subject = message?.subject
  const keyed = envelope && !['session', 'query', 'trial'].includes(envelope.operation.kind)
  const lane =
    (subject?.settlement && way.journal.laneOfSettlement(subject.settlement)) ||
    (subject?.category ? laneOf(subject.category) : null)
  return {
    key: keyed
      ? (claim?.key ??
        `${caller.id}|${envelope.institution}|${envelope.operation.transaction}|${envelope.id}`)
      : null,
    caller: caller.id,
    voice: voice.id,
    institution: envelope?.institution ?? null,
    transaction: envelope?.operation.transaction ?? null,
    kind: envelope?.operation.kind ?? null,
    message: envelope?.id ?? null,
    lane,
    treatmentArea: envelope?.treatmentArea ?? null,
    insuredArea: envelope?.insuredArea ?? null,
    destination: message ? destinationOf(message.insuredArea, message.treatmentArea).id : null,
    encounter: subject?.encounter ?? null,
    settlement: subject?.settlement ?? null,
    original: subject?.original?.id ?? null,
    person: subject?.person ? way.pseudonym(subject.person) : null,
    day: subject?.day ?? null,
    bodyHash: envelope ? (claim?.bodyHash ?? bodyHash(way, envelope)) : null,
    evidence: evidence ?? null,
    sealed: null,
    at: way.clock.now(),
  }
}

/**
 * Tells one body from another. What a retry may change without meaning anything else (the time, the clerk, the sign-in,
 * the signature) is left out.
 */
function bodyHash(way: Way, { raw, operation, institution, treatmentArea, insuredArea }: Envelope): string {
  return way.pseudonym(
    JSON.stringify([operation.transaction, institution, treatmentArea, insuredArea, raw.input]),
  )
}
