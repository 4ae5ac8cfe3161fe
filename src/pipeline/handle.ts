/**
 * The way of one message, from top to bottom: taken in, made national, made durable, sent, its outcome made durable,
 * answered. Everything else reads the journal and never stands in this way.
 */
import { GatewayError } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import { type ExchangeEntry, isSamePlatform } from '../journal/entry.ts'
import { type Intent, type Outcome, StaleState } from '../journal/journal.ts'
import { destinationOf } from '../transport/destinations.ts'
import { refuseLate, untilOf } from './budget.ts'
import { conclude, isAnswered, recordUndone, replay } from './conclude.ts'
import { type Dispatched, dispatch, isQuestion, type Yes } from './dispatch.ts'
import { Elsewhere } from './elsewhere.ts'
import { intentOf } from './intent.ts'
import { lookIfForgotten, takeForgotten } from './look-first.ts'
import { judgeOwners, standsForAnother } from './owner.ts'
import { startWatch } from './receipt.ts'
import { checkAreas, institutionOf, readMessage } from './receive.ts'
import { errorOf, retryAfterOf, unknownOutcome } from './refusals.ts'
import { encode, nameOf, type Sealed, sealedOf } from './spoken.ts'
import { translate } from './translate.ts'
import type { Answer, Arrival, Trip, Way } from './trip.ts'
import { isUndoing, refuseTwice, undoneBy } from './undone.ts'
import { reasonOf } from './voice.ts'
import { waitForFirst, waitForOriginal, waitForOther } from './waiting.ts'

/**
 * Takes one message the whole way: every message gets an answer in its own form.
 *
 * @throws {Elsewhere} where it is another worker's; then nothing was done
 */
export async function handle(way: Way, arrival: Arrival): Promise<Answer> {
  const trip: Trip = { arrival, watch: startWatch(way.clock), codes: way.codes.current() }
  try {
    const message = receive(way, trip)
    const sealed = encode(way, message)
    const answer = isQuestion(message)
      ? await ask(way, trip, message, sealed)
      : await carryOut(way, trip, message, sealed)
    return message.warnings ? { ...answer, warnings: message.warnings } : answer
  } catch (cause) {
    if (cause instanceof Elsewhere) throw cause
    return await turnAway(way, trip, cause)
  }
}

/** Reads, checks and translates. Throws a GatewayError; nothing has left. */
function receive(way: Way, trip: Trip): Message {
  const { dialect, body, transaction, caller } = trip.arrival
  const { codes } = trip
  const { journal, clock, register } = way
  const asked = { register, codes, today: register.today(clock.now()) }
  trip.envelope = dialect.open(body, transaction)
  const home = way.homes?.elsewhere(trip.envelope.institution) ?? null
  if (home !== null) throw new Elsewhere(home, body)
  checkAreas(asked, trip.envelope)
  const institution = institutionOf(asked, trip.envelope, caller)
  trip.message = readMessage(dialect, trip.envelope, institution, (read) => {
    const { person } = read.subject
    trip.person = person ? way.pseudonym(person) : null
    judgeOwners(journal, read, trip.person)
  })
  const { message, evidence, mapped } = translate(
    codes,
    dialect,
    trip.message,
    (refused) => {
      trip.evidence = refused
    },
    { codes: institution.codes, today: asked.today },
  )
  trip.message = underWay(inCallersNames(message, trip))
  const { judged: _, ...head } = trip.envelope
  trip.envelope = head
  trip.evidence = evidence
  trip.mapped = mapped
  return trip.message
}

/** The journal's evidence names the fields of the interface; what the caller is told names its own. */
function inCallersNames(message: Message, { arrival: { placeOf } }: Trip): Message {
  if (!message.warnings || !placeOf) return message
  const warnings = message.warnings.map((warning) => ({ ...warning, field: placeOf(warning.field) }))
  return { ...message, warnings }
}

/**
 * A message as it stays in memory until it is answered. The lines of a bill stand in its bytes, and the collector moves
 * every object that lives on while others come: without the lines of 64 bills of 200 it has half as much to move.
 */
function underWay(message: Message): Message {
  if (message.operation.kind !== 'settlement') return message
  const { lines: _, ...subject } = message.subject
  return { ...message, subject, named: [], further: [] }
}

/** A question changes nothing: it is asked, and noted for the reports without anyone waiting for the note. */
async function ask(way: Way, trip: Trip, message: Message, sealed: Sealed): Promise<Answer> {
  const until = untilOf(way, trip, message)
  refuseLate(way, until, null)
  const dispatched = await dispatch(way, message, sealed, { from: 'caller', until })
  trip.watch.called(dispatched.queueMs, dispatched.counterpartMs)
  const { answer, outcome } = conclude(way, trip, message, dispatched)
  const state = dispatched.event === 'yes' ? 'accepted' : dispatched.event === 'no' ? 'refused' : 'unsent'
  way.journal.note(intentOf(way, trip), { ...outcome, reply: null, state, at: way.clock.now() })
  way.took(message, dispatched.destination.platform, answer.receipt)
  return answer
}

/** What changes something: intent durable, sent, outcome durable, answered. */
async function carryOut(way: Way, trip: Trip, message: Message, sealed: Sealed): Promise<Answer> {
  const { watch } = trip
  const intent = { ...intentOf(way, trip), dialect: nameOf(way, sealed.dialect), sealed: sealed.bytes }
  const until = untilOf(way, trip, message)
  refuseLate(way, until, intent.key)
  const undoing = undoneBy(way.journal, message)
  const waiting = () => waits(way, message, { undoing, ...intent }, until)
  const looking = lookIfForgotten(way, message, intent.key!, until)
  const forgotten = looking && (await looking)
  // From the moment in which nothing is to be waited for any more, up to `begin`, nothing may come between.
  for (let first = waiting(); first; first = waiting()) await watch.commit(first)
  if (forgotten && !isAnswered(way, intent.key!)) return takeForgotten(way, trip, message, intent, forgotten)
  if (isUndoing(message) && !isAnswered(way, intent.key!)) refuseTwice(way.journal, message)
  const refused = refusedAtOnce(way, message, intent.key!)
  if (refused) return leaveUnsent(way, trip, message, intent, refused)
  const begun = await watch.commit(way.journal.begin(intent, undoing))
  if (begun.is === 'known') return replay(way, trip.arrival.voice, begun.known, watch.receipt())

  try {
    const first = begun.exchange.sealed ? sealedOf(way, begun.exchange) : sealed
    const dispatched = await dispatch(way, message, first, {
      from: 'caller',
      until,
      isOthers: (reply) => standsAlready(way, trip, reply),
    })
    watch.called(dispatched.queueMs, dispatched.counterpartMs)
    const { answer, outcome } = conclude(way, trip, message, dispatched)
    await watch.commit(recordOutcome(way, begun.exchange, dispatched, outcome, message))
    const receipt = watch.receipt()
    way.took(message, dispatched.destination.platform, receipt)
    return { ...answer, receipt }
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    // Someone else took the message that this one undoes further at this very moment: no fault, but not yet an outcome.
    const met = cause instanceof StaleState
    if (!met) way.fault(cause)
    const told = met ? '冲正期间原报文已另有结果，冲正结果待查' : '网关内部错误'
    try {
      await way.journal.record(begun.exchange, 'open', 'no-answer', { hop: 'gateway', told })
      way.watch(begun.exchange.id)
    } catch {
      leaveToRecovery(way, begun.exchange)
    }
    throw unknownOutcome(({ key }) => `${told}，平台可能已办理，请勿重复收费，稍后用同一${key}重发`, cause)
  }
}

/**
 * Whether a yes names what stands under another message: a settlement has an id of its own, and an opening that is
 * answered with the encounter of another person is no usable answer: which of the two the id means cannot be told from
 * here. It becomes unknown, never accepted; recovery looks for the visit by the hospital's own number, takes this id for no
 * evidence either, and ends as for any opening that was looked for in vain: an admission is reversed (2601), a
 * registration taken as not made.
 */
function standsAlready({ journal }: Way, { message, person }: Trip, { settlement, encounter }: Yes): boolean {
  const { operation, insuredArea } = message!
  if (encounter) return standsForAnother(journal, message!, encounter, person ?? null)
  if (operation.kind !== 'settlement' || !settlement) return false
  return journal
    .settlers(settlement.id, true)
    .some(({ exchange }) => isSamePlatform(exchange.insuredArea, insuredArea))
}

/** What comes of a message whose destination is down, where nothing stands under its key; null where it may leave. */
function refusedAtOnce({ transport, journal }: Way, message: Message, key: string): Dispatched | null {
  const destination = destinationOf(message.insuredArea, message.treatmentArea)
  if (!transport.isDown(destination, 'changes')) return null
  if (journal.inFlight(key) || journal.byKey(key)) return null
  const refused = transport.refusal(destination, 'changes')
  const nothing = { destination, queueMs: 0, counterpartMs: 0, reason: null, text: '' }
  return refused && { ...nothing, event: 'not-sent', refused }
}

/** Answers what will not leave: intent and outcome are one write, since nothing lies between them. */
async function leaveUnsent(
  way: Way,
  trip: Trip,
  message: Message,
  intent: Intent,
  refused: Dispatched,
): Promise<Answer> {
  const { answer, outcome } = conclude(way, trip, message, refused)
  const written = way.journal.reject(intent, { ...outcome, at: way.clock.now() }, 'unsent')
  await trip.watch.commit(written)
  const receipt = trip.watch.receipt()
  way.took(message, refused.destination.platform, receipt)
  return { ...answer, receipt }
}

/**
 * What the journal could not take down becomes unknown as soon as it can be written again, and is looked for: as after a
 * restart.
 */
function leaveToRecovery(way: Way, exchange: ExchangeEntry): void {
  const told = '交易日志一度无法写入，结果未知'
  way.journal
    .whenWritable()
    .then(() => way.journal.record(exchange, 'open', 'no-answer', { hop: 'gateway', told }))
    .then(
      () => way.watch(exchange.id),
      (cause) => (way.journal.writable() ? way.fault(cause) : leaveToRecovery(way, exchange)),
    )
}

/** Makes the outcome durable; with a reversal, that of the message it undid as well. */
async function recordOutcome(
  way: Way,
  exchange: ExchangeEntry,
  dispatched: Dispatched,
  outcome: Outcome,
  message: Message,
): Promise<void> {
  try {
    if (dispatched.event === 'yes') await recordUndone(way, message)
    const state = await way.journal.record(exchange, 'open', dispatched.event, outcome)
    if (state === 'unknown') way.watch(exchange.id)
  } catch (cause) {
    // Recovery took the undone message further at this very moment: the reversal becomes unknown and is looked at anew.
    if (cause instanceof StaleState) throw cause
    leaveToRecovery(way, exchange)
    throw unknownOutcome('交易日志无法写入，平台可能已办理，请先查询，勿重复收费', cause)
  }
}

/**
 * What is under way and must have its outcome first; null where nothing is.
 *
 * @throws {GatewayError} key-in-flight, encounter-busy; invalid-field where it has undone what this one would
 */
function waits(
  way: Way,
  message: Message,
  intent: Intent & { readonly undoing: string | null },
  until: number,
): Promise<void> | null {
  const first = waitForFirst(way, intent, until) ?? waitForOriginal(way, message, until)
  if (first || intent.undoing === null || isAnswered(way, intent.key!)) return first
  return waitForOther(way, message, intent.undoing, until)
}

/** A message that goes no further hears what became of the first where that is the same, whatever is said of it now. */
async function hearFirst(way: Way, trip: Trip): Promise<void> {
  const { envelope, watch } = trip
  if (!envelope) return
  const intent = intentOf(way, trip)
  const until = untilOf(way, trip, envelope)
  for (let first = waitForFirst(way, intent, until); first; first = waitForFirst(way, intent, until)) {
    await watch.commit(first)
  }
}

/** Answers what went no further; the journal says so. */
async function turnAway(way: Way, trip: Trip, why: unknown): Promise<Answer> {
  const { named = (one: GatewayError) => one } = trip.arrival
  let cause = why
  if (['receive', 'translate'].includes(errorOf(cause).stage))
    await hearFirst(way, trip).catch((inFlight) => {
      cause = inFlight
    })
  const error = named(errorOf(cause))
  if (error.code === 'internal-fault' || error.code === 'journal-down') way.fault(cause)
  const { voice } = trip.arrival
  const at = way.clock.now()
  const body = voice.no(error, at, way.ids.answer(trip.envelope?.treatmentArea ?? ''))
  const answer: Answer = {
    body,
    problem: error.code,
    replayed: false,
    receipt: trip.watch.receipt(),
    retryAfterSeconds: retryAfterOf(error),
  }
  const told = { problem: error.code, reason: reasonOf(error), hop: 'gateway', told: error.message, at }
  if (error.stage === 'journal') way.journal.note(intentOf(way, trip), { ...told, state: 'rejected' })
  if (error.stage !== 'receive' && error.stage !== 'translate') return answer
  try {
    const before = await trip.watch.commit(way.journal.reject(intentOf(way, trip), { ...told, reply: body }))
    const receipt = trip.watch.receipt()
    return before ? replay(way, voice, before, receipt) : { ...answer, receipt }
  } catch (fault) {
    way.fault(fault)
    return answer
  }
}
