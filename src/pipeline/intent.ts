/**
 * The journal's row of a message, as much of it as is known when the message stops or goes out. A key is of an institution
 * and never of a caller: systems are renamed, set and replaced, and what a hospital has sent stays its own.
 */
import { laneOf } from '../domain/lane.ts'
import type { Envelope } from '../extension/dialect.ts'
import { messageName } from '../journal/entry.ts'
import type { Intent } from '../journal/journal.ts'
import { destinationOf } from '../transport/destinations.ts'
import { speaksFor } from './callers.ts'
import { isQuestion } from './dispatch.ts'
import { ownSettlement } from './owner.ts'
import type { Trip, Way } from './trip.ts'

/** The row of the exchange, as much of it as is known. */
export function intentOf(way: Way, trip: Trip): Intent {
  const { arrival, envelope, message, evidence, mapped } = trip
  const { caller, voice, claim } = arrival
  const subject = message?.subject
  // Whoever may not speak for an institution neither takes up a key of it nor hears what stands there.
  const keyed = envelope && !isQuestion(envelope) && speaksFor(caller, envelope.institution)
  const lane =
    (message &&
      subject?.settlement &&
      ownSettlement(way.journal, message, subject.settlement)?.exchange.lane) ||
    (subject?.category ? laneOf(subject.category) : null)
  return {
    key: keyed ? (claim?.key ?? nameOf(envelope)) : null,
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
    person: (message && trip.person) ?? null,
    day: subject?.day ?? null,
    bodyHash: envelope ? (claim?.bodyHash ?? bodyHash(way, envelope)) : null,
    evidence: evidence ?? null,
    mapped: mapped ?? null,
    sealed: null,
    dialect: null,
    at: way.clock.now(),
  }
}

function nameOf({ institution, operation: { transaction }, id: message }: Envelope): string | null {
  return messageName({ institution, transaction, message })
}

/**
 * Tells one body from another. What a retry may change without meaning anything else (the time, the clerk, the sign-in,
 * the signature) is left out.
 */
function bodyHash(way: Way, envelope: Envelope): string {
  const { operation, institution, treatmentArea, insuredArea } = envelope
  const head = JSON.stringify([operation.transaction, institution, treatmentArea, insuredArea])
  return way.bodyHash(head, envelope.inputBytes())
}
