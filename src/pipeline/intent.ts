/**
 * The third step: the intent is made durable, so that whatever happens from here on is looked for after a restart. What has
 * an outcome already, what must wait for another message and what cannot be sent is found out before. A key is of an
 * institution and never of a caller: systems are renamed, set and replaced, and what a hospital has sent stays its own.
 */
import { laneOf } from '../domain/lane.ts'
import type { Envelope } from '../extension/dialect.ts'
import { messageName } from '../journal/entry.ts'
import type { Intent } from '../journal/journal.ts'
import type { EarlierHash } from '../journal/same-body.ts'
import { destinationOf } from '../transport/destinations.ts'
import { refuseLate, untilOf } from './budget.ts'
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
import { isQuestion, refusedAtOnce } from './dispatch.ts'
import { lookIfForgotten, recordForgotten } from './look-first.ts'
import { ownSettlement } from './owner.ts'
import { isAnswered } from './replay.ts'
import type { Sealed } from './spoken.ts'
import { isUndoing, refuseTwice, undoneBy } from './undone.ts'
import { whatComesFirst } from './waiting.ts'

/**
 * Makes the intent durable.
 *
 * @returns what stands under its key already, or that it will not leave, where it is so
 * @throws {Stopped} budget-spent, key-conflict, key-in-flight, encounter-busy, compare-first, journal-down; invalid-field
 *   where what it would undo is undone
 */
export async function begin(
  services: Services,
  request: Translated,
): Promise<Begun | Withheld | AlreadyKnown> {
  try {
    const { message, sealed, stopwatch } = request
    const { journal } = services
    const intent = intentOf(services, request, sealed) as KeyedIntent
    const { key } = intent
    const until = untilOf(services, request, message)
    refuseLate(services, until, key)
    const undoing = undoneBy(journal, message)
    const looking = lookIfForgotten(services, message, key, request.inbound.ownKey !== undefined, until)
    const forgotten = looking && (await looking)
    const waiting = () => whatComesFirst(services, message, intent, undoing, until)
    // From the moment in which nothing is to be waited for any more, up to `begin`, nothing may come between.
    for (let first = waiting(); first; first = waiting()) await stopwatch.commit(first)
    if (forgotten && !isAnswered(journal, key)) {
      return { is: 'known', request, known: await recordForgotten(services, request, intent, forgotten) }
    }
    if (isUndoing(message) && !isAnswered(journal, key)) refuseTwice(journal, message)
    const refused = refusedAtOnce(services, message, key)
    if (refused) return { is: 'withheld', request, intent, dispatched: refused }
    const begun = await stopwatch.commit(
      journal.begin(intent, undoing, earlierHashOf(services.earlierBodyHash, request)),
    )
    if (begun.is === 'known') return { is: 'known', request, known: begun.known }
    return { is: 'begun', request, exchange: begun.exchange, until }
  } catch (cause) {
    throw Stopped.at(request, cause)
  }
}

/** The intent of what changes something: it always has a key. */
type KeyedIntent = Intent & { readonly key: string }

/** The row of the exchange, as much of it as is known. @param sealed what goes out; absent where nothing does */
export function intentOf(services: Services, context: RequestContext, sealed: Sealed | null = null): Intent {
  const { inbound, envelope, message, evidence, mapped } = context
  const { caller, format, ownKey } = inbound
  const subject = message?.subject
  // Whoever may not speak for an institution neither takes up a key of it nor hears what stands there.
  const keyed = envelope && !isQuestion(envelope) && speaksFor(caller, envelope.institution)
  const lane =
    (message &&
      subject?.settlement &&
      ownSettlement(services.journal, message, subject.settlement)?.exchange.lane) ||
    message?.operation.lane ||
    (subject?.category ? laneOf(subject.category) : null)
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
    encounter: subject?.encounter ?? null,
    settlement: subject?.settlement ?? null,
    original: subject?.original?.id ?? null,
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
