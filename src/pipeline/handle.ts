/**
 * The way of one message, from top to bottom: taken in, made national, made durable, sent, its outcome made durable,
 * answered. Everything else reads the journal and never stands in this way.
 */
import { GatewayError } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import { type ExchangeEntry, isSamePlatform } from '../journal/entry.ts'
import { type Intent, type Outcome, StaleState } from '../journal/journal.ts'
import { destinationOf } from '../transport/destinations.ts'
import { reasonOf } from './answer-format.ts'
import { refuseLate, untilOf } from './budget.ts'
import type { InboundRequest, OutboundReply, RequestContext, Services } from './context.ts'
import { type Dispatched, dispatch, isQuestion, type Yes } from './dispatch.ts'
import { earlierHashOf, intentOf } from './intent.ts'
import { lookIfForgotten, takeForgotten } from './look-first.ts'
import { MisdirectedRequest } from './misdirected.ts'
import { conclude, isAnswered, recordUndone, replay } from './outcome.ts'
import { judgeOwners, standsForAnother } from './owner.ts'
import { startStopwatch } from './receipt.ts'
import { checkAreas, institutionOf, readMessage } from './receive.ts'
import { errorOf, retryAfterOf, unknownOutcome } from './refusals.ts'
import { encode, nameOf, type Sealed, sealedOf } from './spoken.ts'
import { translate } from './translate.ts'
import { isUndoing, refuseTwice, undoneBy } from './undone.ts'
import { waitForFirst, waitForOriginal, waitForOther } from './waiting.ts'

/**
 * Takes one message the whole way: every message gets an answer in its own form.
 *
 * @throws {MisdirectedRequest} where it is another worker's; then nothing was done
 */
export async function handle(services: Services, arrival: InboundRequest): Promise<OutboundReply> {
  const trip: RequestContext = {
    arrival,
    watch: startStopwatch(services.clock),
    codes: services.codes.current(),
  }
  try {
    const message = receive(services, trip)
    const sealed = encode(services, message)
    const answer = isQuestion(message)
      ? await ask(services, trip, message, sealed)
      : await carryOut(services, trip, message, sealed)
    return message.warnings ? { ...answer, warnings: message.warnings } : answer
  } catch (cause) {
    if (cause instanceof MisdirectedRequest) throw cause
    return await turnAway(services, trip, cause)
  }
}

/** Reads, checks and translates. Throws a GatewayError; nothing has left. */
function receive(services: Services, trip: RequestContext): Message {
  const { dialect, body, transaction, caller } = trip.arrival
  const { codes } = trip
  const { journal, clock, directory } = services
  const asked = { directory, codes, today: directory.today(clock.now()) }
  trip.envelope = dialect.open(body, transaction)
  const home = services.shards?.ownerElsewhere(trip.envelope.institution) ?? null
  if (home !== null) throw new MisdirectedRequest(home, body)
  checkAreas(asked, trip.envelope)
  const institution = institutionOf(asked, trip.envelope, caller)
  trip.message = readMessage(dialect, trip.envelope, institution, (read) => {
    const { person } = read.subject
    trip.person = person ? services.pseudonym(person) : null
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
function inCallersNames(message: Message, { arrival: { placeOf } }: RequestContext): Message {
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
async function ask(
  services: Services,
  trip: RequestContext,
  message: Message,
  sealed: Sealed,
): Promise<OutboundReply> {
  const until = untilOf(services, trip, message)
  refuseLate(services, until, null)
  const dispatched = await dispatch(services, message, sealed, { from: 'caller', until })
  trip.watch.called(dispatched.queueMs, dispatched.counterpartMs)
  const { answer, outcome } = conclude(services, trip, message, dispatched)
  const state = dispatched.event === 'yes' ? 'accepted' : dispatched.event === 'no' ? 'refused' : 'unsent'
  services.journal.note(intentOf(services, trip), {
    ...outcome,
    reply: null,
    state,
    at: services.clock.now(),
  })
  services.observe(message, dispatched.destination.platform, answer.receipt)
  return answer
}

/** What changes something: intent durable, sent, outcome durable, answered. */
async function carryOut(
  services: Services,
  trip: RequestContext,
  message: Message,
  sealed: Sealed,
): Promise<OutboundReply> {
  const { watch } = trip
  const intent = {
    ...intentOf(services, trip),
    dialect: nameOf(services, sealed.dialect),
    sealed: sealed.bytes,
  }
  const until = untilOf(services, trip, message)
  refuseLate(services, until, intent.key)
  const undoing = undoneBy(services.journal, message)
  const waiting = () => waits(services, message, { undoing, ...intent }, until)
  const looking = lookIfForgotten(services, message, intent.key!, trip.arrival.claim !== undefined, until)
  const forgotten = looking && (await looking)
  // From the moment in which nothing is to be waited for any more, up to `begin`, nothing may come between.
  for (let first = waiting(); first; first = waiting()) await watch.commit(first)
  if (forgotten && !isAnswered(services, intent.key!))
    return takeForgotten(services, trip, message, intent, forgotten)
  if (isUndoing(message) && !isAnswered(services, intent.key!)) refuseTwice(services.journal, message)
  const refused = refusedAtOnce(services, message, intent.key!)
  if (refused) return leaveUnsent(services, trip, message, intent, refused)
  const begun = await watch.commit(services.journal.begin(intent, undoing, earlierHashOf(services, trip)))
  if (begun.is === 'known') return replay(services, trip.arrival.format, begun.known, watch.receipt())

  try {
    const first = begun.exchange.sealed ? sealedOf(services, begun.exchange) : sealed
    const dispatched = await dispatch(services, message, first, {
      from: 'caller',
      until,
      isOthers: (reply) => standsAlready(services, trip, reply),
    })
    watch.called(dispatched.queueMs, dispatched.counterpartMs)
    const { answer, outcome } = conclude(services, trip, message, dispatched)
    await watch.commit(recordOutcome(services, begun.exchange, dispatched, outcome, message))
    const receipt = watch.receipt()
    services.observe(message, dispatched.destination.platform, receipt)
    return { ...answer, receipt }
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause
    // Someone else took the message that this one undoes further at this very moment: no fault, but not yet an outcome.
    const met = cause instanceof StaleState
    if (!met) services.reportFault(cause)
    const told = met ? '冲正期间原报文已另有结果，冲正结果待查' : '网关内部错误'
    try {
      await services.journal.record(begun.exchange, 'open', 'no-answer', { hop: 'gateway', told })
      services.trackUnknown(begun.exchange.id)
    } catch {
      leaveToRecovery(services, begun.exchange)
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
function standsAlready(
  { journal }: Services,
  { message, person }: RequestContext,
  { settlement, encounter }: Yes,
): boolean {
  const { operation, insuredArea } = message!
  if (encounter) return standsForAnother(journal, message!, encounter, person ?? null)
  if (operation.kind !== 'settlement' || !settlement) return false
  return journal
    .settlers(settlement.id, true)
    .some(({ exchange }) => isSamePlatform(exchange.insuredArea, insuredArea))
}

/** What comes of a message whose destination is down, where nothing stands under its key; null where it may leave. */
function refusedAtOnce({ transport, journal }: Services, message: Message, key: string): Dispatched | null {
  const destination = destinationOf(message.insuredArea, message.treatmentArea)
  if (!transport.isDown(destination, 'changes')) return null
  if (journal.inFlight(key) || journal.byKey(key)) return null
  const refused = transport.refusal(destination, 'changes')
  const nothing = { destination, queueMs: 0, counterpartMs: 0, reason: null, text: '' }
  return refused && { ...nothing, event: 'not-sent', refused }
}

/** Answers what will not leave: intent and outcome are one write, since nothing lies between them. */
async function leaveUnsent(
  services: Services,
  trip: RequestContext,
  message: Message,
  intent: Intent,
  refused: Dispatched,
): Promise<OutboundReply> {
  const { answer, outcome } = conclude(services, trip, message, refused)
  const written = services.journal.reject(intent, { ...outcome, at: services.clock.now() }, 'unsent')
  await trip.watch.commit(written)
  const receipt = trip.watch.receipt()
  services.observe(message, refused.destination.platform, receipt)
  return { ...answer, receipt }
}

/**
 * What the journal could not take down becomes unknown as soon as it can be written again, and is looked for: as after a
 * restart.
 */
function leaveToRecovery(services: Services, exchange: ExchangeEntry): void {
  const told = '交易日志一度无法写入，结果未知'
  services.journal
    .whenWritable()
    .then(() => services.journal.record(exchange, 'open', 'no-answer', { hop: 'gateway', told }))
    .then(
      () => services.trackUnknown(exchange.id),
      (cause) =>
        services.journal.writable() ? services.reportFault(cause) : leaveToRecovery(services, exchange),
    )
}

/** Makes the outcome durable; with a reversal, that of the message it undid as well. */
async function recordOutcome(
  services: Services,
  exchange: ExchangeEntry,
  dispatched: Dispatched,
  outcome: Outcome,
  message: Message,
): Promise<void> {
  try {
    if (dispatched.event === 'yes') await recordUndone(services, message)
    const state = await services.journal.record(exchange, 'open', dispatched.event, outcome)
    if (state === 'unknown') services.trackUnknown(exchange.id)
  } catch (cause) {
    // Recovery took the undone message further at this very moment: the reversal becomes unknown and is looked at anew.
    if (cause instanceof StaleState) throw cause
    leaveToRecovery(services, exchange)
    throw unknownOutcome('交易日志无法写入，平台可能已办理，请先查询，勿重复收费', cause)
  }
}

/**
 * What is under way and must have its outcome first; null where nothing is.
 *
 * @throws {GatewayError} key-in-flight, encounter-busy; invalid-field where it has undone what this one would
 */
function waits(
  services: Services,
  message: Message,
  intent: Intent & { readonly undoing: string | null },
  until: number,
): Promise<void> | null {
  const first = waitForFirst(services, intent, until) ?? waitForOriginal(services, message, until)
  if (first || intent.undoing === null || isAnswered(services, intent.key!)) return first
  return waitForOther(services, message, intent.undoing, until)
}

/** A message that goes no further hears what became of the first where that is the same, whatever is said of it now. */
async function hearFirst(services: Services, trip: RequestContext): Promise<void> {
  const { envelope, watch } = trip
  if (!envelope) return
  const intent = intentOf(services, trip)
  const until = untilOf(services, trip, envelope)
  for (
    let first = waitForFirst(services, intent, until);
    first;
    first = waitForFirst(services, intent, until)
  ) {
    await watch.commit(first)
  }
}

/** Answers what went no further; the journal says so. */
async function turnAway(services: Services, trip: RequestContext, why: unknown): Promise<OutboundReply> {
  const { named = (one: GatewayError) => one } = trip.arrival
  let cause = why
  if (['receive', 'translate'].includes(errorOf(cause).stage))
    await hearFirst(services, trip).catch((inFlight) => {
      cause = inFlight
    })
  const error = named(errorOf(cause))
  if (error.code === 'internal-fault' || error.code === 'journal-down') services.reportFault(cause)
  const { format } = trip.arrival
  const at = services.clock.now()
  const body = format.failure(error, at, services.ids.answer(trip.envelope?.treatmentArea ?? ''))
  const answer: OutboundReply = {
    body,
    problem: error.code,
    replayed: false,
    receipt: trip.watch.receipt(),
    retryAfterSeconds: retryAfterOf(error),
  }
  const told = { problem: error.code, reason: reasonOf(error), hop: 'gateway', told: error.message, at }
  if (error.stage === 'journal')
    services.journal.note(intentOf(services, trip), { ...told, state: 'rejected' })
  if (error.stage !== 'receive' && error.stage !== 'translate') return answer
  try {
    const earlier = earlierHashOf(services, trip)
    const written = services.journal.reject(
      intentOf(services, trip),
      { ...told, reply: body },
      'rejected',
      earlier,
    )
    const before = await trip.watch.commit(written)
    const receipt = trip.watch.receipt()
    return before ? replay(services, format, before, receipt) : { ...answer, receipt }
  } catch (fault) {
    services.reportFault(fault)
    return answer
  }
}
