/**
 * The journal's row of a message, as much of it as is known when the message stops or goes out. A key is of an institution
 * and never of a caller: systems are renamed, set and replaced, and what a hospital has sent stays its own.
 */
import { laneOf } from '../domain/lane.ts'
import type { Envelope } from '../extension/dialect.ts'
import { messageName } from '../journal/entry.ts'
import type { Intent } from '../journal/journal.ts'
import type { EarlierHash } from '../journal/same-body.ts'
import { destinationOf } from '../transport/destinations.ts'
import { speaksFor } from './callers.ts'
import type { RequestContext, Services } from './context.ts'
import { isQuestion } from './dispatch.ts'
import { ownSettlement } from './owner.ts'

/** The row of the exchange, as much of it as is known. */
export function intentOf(services: Services, trip: RequestContext): Intent {
  const { arrival, envelope, message, evidence, mapped } = trip
  const { caller, format, claim } = arrival
  const subject = message?.subject
  // Whoever may not speak for an institution neither takes up a key of it nor hears what stands there.
  const keyed = envelope && !isQuestion(envelope) && speaksFor(caller, envelope.institution)
  const lane =
    (message &&
      subject?.settlement &&
      ownSettlement(services.journal, message, subject.settlement)?.exchange.lane) ||
    (subject?.category ? laneOf(subject.category) : null)
  return {
    key: keyed ? (claim?.key ?? nameOf(envelope)) : null,
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
    person: (message && trip.person) ?? null,
    day: subject?.day ?? null,
    bodyHash: envelope
      ? (claim?.bodyHash ?? services.bodyHash(headOf(envelope), envelope.inputBytes()))
      : null,
    evidence: evidence ?? null,
    mapped: mapped ?? null,
    sealed: null,
    dialect: null,
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
  services: Services,
  { arrival, envelope }: RequestContext,
): EarlierHash | undefined {
  // A door with keys of its own has always had another hash.
  if (!services.earlierBodyHash || !envelope || arrival.claim) return undefined
  return () => services.earlierBodyHash!(headOf(envelope), envelope.inputBytes())
}
