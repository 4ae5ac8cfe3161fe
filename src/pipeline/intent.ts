/**
 * The third step: the intent is made durable, so that whatever happens from here on is looked for after a restart. What has
 * an outcome already, what must wait for another message and what cannot be sent is found out before. A key is of an
 * institution and never of a caller: systems are renamed, set and replaced, and what a hospital has sent stays its own.
 */
import { laneOf } from '../domain/lane.ts'
import type { Envelope, Message } from '../extension/dialect.ts'
import { type ExchangeEntry, messageName, type StoredExchange, selfPaidName } from '../journal/entry.ts'
import type { Intent, Journal, KeyedIntent } from '../journal/journal.ts'
import { followed, type MaybePromise } from '../journal/maybe-promise.ts'
import { InFlight } from '../journal/noes.ts'
import type { EarlierHash } from '../journal/same-body.ts'
import { destinationOf } from '../transport/destinations.ts'
import { refuseHeld } from './boxes.ts'
import { isLate, refuseLate, untilOf } from './budget.ts'
import { speaksFor } from './callers.ts'
import {
  type AlreadyKnown,
  type Begun,
  type RequestContext,
  type Services,
  Stopped,
  type Translated,
  type Withheld,
} from './context.ts'
import { isDown, isQuestion, refusedAtOnce } from './dispatch.ts'
import { lookIfForgotten, recordForgotten } from './look-first.ts'
import { refuseOrder } from './orders.ts'
import { ownSettlement } from './owner.ts'
import { isAnswered } from './replay.ts'
import { refuseSelfPaid, refuseSettled } from './self-paid.ts'
import { concernsSettlement, namesNoOriginal, withOriginal } from './settlement-named.ts'
import type { Sealed } from './spoken.ts'
import { refuseTwice, undoneBy } from './undone.ts'
import { waitFor } from './waiting.ts'

/**
 * Makes the intent durable.
 *
 * @returns what stands under its key already, or that it will not leave, where it is so
 * @throws {Stopped} budget-spent, key-conflict, key-in-flight, encounter-busy, compare-first, journal-down; invalid-field
 *   where what it would undo is undone
 */
export async function begin(
  services: Services,
  translated: Translated,
): Promise<Begun | Withheld | AlreadyKnown> {
  let request = translated
  try {
    if (namesNoOriginal(request.message))
      request = { ...request, message: await withOriginal(services.journal, request.message) }
    const { message, sealed, stopwatch } = request
    const { journal } = services
    const asked = intentOf(services, request, sealed)
    const intent = (asked instanceof Promise ? await asked : asked) as KeyedIntent
    const judge = () => judgeOf(services, message)
    const until = untilOf(services, request, message)
    if (isLate(services, until)) await refuseLate(services, intent.key)
    const undone = undoneBy(journal, message)
    const undoing = undone instanceof Promise ? await undone : undone
    const looking = lookIfForgotten(
      services,
      message,
      intent.key,
      request.inbound.ownKey !== undefined,
      until,
    )
    const forgotten = looking && (await looking)
    const after = originalOf(message)
    const earlier = earlierHashOf(services.earlierBodyHash, request)
    for (;;) {
      try {
        const paid = judgeSelfPaid(journal, message, intent.key)
        if (paid) await paid
        const how = { undoing, after, earlier, judge: judge() }
        const begun = forgotten
          ? await stopwatch.commit(
              recordForgotten(services, request, { intent, ...how, judge: null }, forgotten),
            )
          : await stopwatch.commit(journal.begin(intent, how))
        if (begun.is === 'fresh') return { is: 'begun', request, exchange: begun.exchange, until }
        if (begun.is === 'known') return { is: 'known', request, known: begun.known }
        return { is: 'withheld', request, intent, dispatched: begun.verdict, until }
      } catch (cause) {
        if (!(cause instanceof InFlight)) throw cause
        await stopwatch.commit(waitFor(services, cause, message, until))
      }
    }
  } catch (cause) {
    throw Stopped.at(request, cause)
  }
}

/** A visit that was paid whole is not settled; what its key is answered with stands all the same. Mostly nothing is waited for. */
function judgeSelfPaid(journal: Services['journal'], message: Message, key: string): MaybePromise<void> {
  const unlessAnswered = async (cause: unknown) => {
    if (!(await isAnswered(journal, key))) throw cause
  }
  try {
    return refuseSelfPaid(journal, message)?.catch(unlessAnswered)
  } catch (cause) {
    return unlessAnswered(cause)
  }
}

/** Name of the message that must have its outcome before this one begins; null where there is none. */
function originalOf({ institution, subject: { original } }: Message): string | null {
  return original
    ? messageName({ institution, transaction: original.transaction, message: original.id })
    : null
}

/**
 * What is judged of a message that nobody has asked for before, or that was not sent, while nobody else undoes the same. Most
 * have nothing to be judged: null.
 */
function judgeOf(services: Services, message: Message) {
  const { journal, transport } = services
  const boxes = message.operation.boxes?.(message) ?? []
  const { selfPaid } = message.subject
  const isPlain = boxes.length === 0 && !selfPaid && !concernsSettlement(message)
  if (isPlain && !isDown(transport, message)) return null
  return async (standing: StoredExchange | null) => {
    if (boxes.length > 0) await refuseHeld(services, message, boxes)
    if (selfPaid) await refuseSettled(journal, message)
    if (concernsSettlement(message)) {
      await refuseOrder(services, message)
      await refuseTwice(journal, message)
    }
    // What stands unsent under its key is tried, and written down once more.
    return standing ? null : refusedAtOnce(transport, message)
  }
}

/** The row of the exchange, as much of it as is known. @param sealed what goes out; absent where nothing does */
export function intentOf(
  services: Services,
  context: RequestContext,
  sealed: Sealed | null = null,
): MaybePromise<Intent> {
  return followed(aboutOf(services, context), (about) => intentIn(services, context, about, sealed))
}

/**
 * Notes what nobody waits for. A journal that cannot be asked what the message is about costs the note, not the answer.
 *
 * @param outcome that is noted
 */
export async function noteOf(
  services: Services,
  context: RequestContext,
  outcome: Parameters<Journal['note']>[1],
): Promise<void> {
  try {
    services.journal.note(await intentOf(services, context), outcome)
  } catch (fault) {
    services.reportFault(fault)
  }
}

/** What a message is about, as far as it does not say it itself. */
type About = Pick<ExchangeEntry, 'lane' | 'encounter'>

/**
 * The lane and the visit of what a message is about: of the settlement that it names, or by its own category. A refund of an
 * order names neither.
 */
function aboutOf(services: Services, { message }: RequestContext): MaybePromise<About> {
  if (!message) return { lane: null, encounter: null }
  const { settlement, category, encounter = null } = message.subject
  const own = message.operation.lane || (category ? laneOf(category) : null)
  if (!settlement) return { lane: own, encounter }
  return followed(ownSettlement(services.journal, message, settlement), (known) => ({
    lane: known?.exchange.lane || own,
    encounter:
      encounter ?? (message.operation.kind === 'cancellation' ? (known?.exchange.encounter ?? null) : null),
  }))
}

function intentIn(
  services: Services,
  context: RequestContext,
  { lane, encounter }: About,
  sealed: Sealed | null,
): Intent {
  const { inbound, envelope, message, evidence, mapped } = context
  const { caller, format, ownKey } = inbound
  const subject = message?.subject
  // Whoever may not speak for an institution neither takes up a key of it nor hears what stands there.
  const keyed = envelope && !isQuestion(envelope) && speaksFor(caller, envelope.institution)
  return {
    key: keyed ? (ownKey?.key ?? nameOf(envelope)) : null,
    caller: caller.id,
    voice: format.id,
    institution: envelope?.institution ?? null,
    transaction: envelope?.operation.transaction ?? null,
    kind: envelope?.operation.kind ?? null,
    message: envelope?.id ?? null,
    lane,
    treatmentArea: envelope?.treatmentArea ?? null,
    insuredArea: envelope?.insuredArea ?? null,
    destination: message ? destinationOf(message.insuredArea, message.treatmentArea).id : null,
    encounter,
    settlement: subject?.settlement ?? (subject?.selfPaid ? selfPaidName(subject.selfPaid.visit) : null),
    // Of a self-paid bill, the settlement that failed before it.
    original: subject?.original?.id ?? message?.failed?.message ?? null,
    person: (message && context.person) ?? null,
    day: subject?.day ?? null,
    bodyHash: envelope
      ? (ownKey?.bodyHash ?? services.bodyHash(headOf(envelope), envelope.inputBytes()))
      : null,
    evidence,
    mapped,
    sealed: sealed?.bytes ?? null,
    dialect: sealed?.name ?? null,
    at: services.clock.now(),
  }
}

function nameOf({ institution, operation: { transaction }, id: message }: Envelope): string | null {
  return messageName({ institution, transaction, message })
}

/**
 * What the hash of a body is made of beside its bytes. What a retry may change without meaning anything else (the time, the
 * clerk, the sign-in, the signature) is left out.
 */
function headOf({ operation, institution, treatmentArea, insuredArea }: Envelope): string {
  return JSON.stringify([operation.transaction, institution, treatmentArea, insuredArea])
}

/** For a key that stands with another hash: the one that an earlier build made of this message. */
export function earlierHashOf(
  earlierBodyHash: Services['earlierBodyHash'],
  { inbound, envelope }: RequestContext,
): EarlierHash | undefined {
  // A door with keys of its own has always had another hash.
  if (!earlierBodyHash || !envelope || inbound.ownKey) return undefined
  return () => earlierBodyHash(headOf(envelope), envelope.inputBytes())
}
