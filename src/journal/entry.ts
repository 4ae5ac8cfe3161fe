/** What the journal writes: the start of an exchange and its outcomes, in clear until the disk seals them. */
import type { Instant } from '../domain/day.ts'
import type { OperationKind } from '../extension/dialect.ts'
import type { State } from './exchange-state.ts'

/** The start of an exchange. Fields as in its record. */
export interface ExchangeEntry {
  readonly id: number
  readonly key: string | null
  readonly caller: string | null
  readonly voice: string | null
  readonly institution: string | null
  readonly transaction: string | null
  readonly kind: OperationKind | null
  readonly message: string | null
  readonly lane: string | null
  readonly treatmentArea: string | null
  readonly insuredArea: string | null
  readonly destination: string | null
  readonly encounter: string | null
  readonly settlement: string | null
  readonly original: string | null
  /** Pseudonym. */
  readonly person: string | null
  readonly day: string | null
  readonly bodyHash: string | null
  readonly evidence: string | null
  /** Rows of maps, JSON. In the journal alone: null where it is read from the index. */
  readonly mapped: string | null
  /** The message in clear; the disk seals it. */
  readonly sealed: Buffer | null
  /** Id of the dialect in which that is written; null or absent where it is the national one. Not in the index. */
  readonly dialect: string | null
  readonly at: Instant
}

/** An exchange before it has its number. */
export type Intent = Omit<ExchangeEntry, 'id'>

/**
 * The name of a message: what tells it from every other of its institution, whoever sent it. A message of the national
 * interface has no other key; a request of a door with keys of its own has this name besides its key.
 *
 * @returns null where it is not known by now what it is
 */
export function messageName({
  institution,
  transaction,
  message,
}: Pick<ExchangeEntry, 'institution' | 'transaction' | 'message'>): string | null {
  return institution === null || transaction === null || message === null
    ? null
    : `${institution}|${transaction}|${message}`
}

/**
 * The name of undoing something, whatever undoes it: what is under way under one name is the only one of its kind.
 *
 * @param undone message that is undone; where none is known, the id that a platform gave, with the province before it
 */
export function undoingName(institution: string | null, undone: string | null): string {
  return `undo|${institution}|${undone}`
}

const SELF_PAID = 'self-paid|'

/** The name of the bill of who has paid all for a visit, in the stead of a settlement's id. */
export function selfPaidName(visit: string): string {
  return `${SELF_PAID}${visit}`
}

/** The name of having taken that back. */
export function takenBackName(visit: string): string {
  return `taken-back|${visit}`
}

/**
 * What an exchange holds while it has no final outcome, and what else must not be held when it begins; nothing where
 * it moves no money and concerns no order. A settlement that opens its own encounter has none to hold, so it holds the person at the institution:
 * whoever is sent a second time under another id would have bought twice, and what is cancelled meanwhile may be this very
 * purchase. What pays an order, takes it back or gives its money back names the settlement beforehand, and holds the order
 * too: nothing else need say its visit. An encounter, a person and an order are among those of all institutions and platforms:
 * two platforms may give the same id. The bill of who has paid all holds its visit like a settlement.
 */
export function busyNames(exchange: Holding): BusyNames {
  const { kind, institution, insuredArea, encounter, settlement, person } = exchange
  const movesMoney = kind === 'settlement' || kind === 'cancellation'
  if (!movesMoney && (kind !== 'write' || settlement === null)) return NOTHING
  const place = `${institution}|${insuredArea?.slice(0, 2)}`
  if (kind === 'write' && settlement?.startsWith(SELF_PAID)) {
    const name = `${place}|${settlement.slice(SELF_PAID.length)}`
    return { held: [name], heeded: [{ name, by: 'visit' }] }
  }
  const held: string[] = []
  const heeded: BusyNames['heeded'][number][] = []
  if (settlement !== null) {
    const name = `${place}|order|${settlement}`
    held.push(name)
    heeded.push({ name, by: 'order' })
  }
  if (encounter !== null && movesMoney) {
    const name = `${place}|${encounter}`
    held.push(name)
    heeded.push({ name, by: 'visit' })
  }
  if (person !== null) {
    const name = `${place}|person|${person}`
    const isBuying = kind === 'settlement' && encounter === null && settlement === null
    if (isBuying) held.push(name)
    if (isBuying || kind === 'cancellation') heeded.push({ name, by: 'buyer' })
  }
  return { held, heeded }
}

/** An exchange as far as it is known what it holds. */
export type Holding = Pick<
  ExchangeEntry,
  'kind' | 'institution' | 'insuredArea' | 'encounter' | 'settlement' | 'person'
>

/** Names of what an exchange holds, and of what it must not find held by others. */
export interface BusyNames {
  readonly held: readonly string[]
  readonly heeded: readonly { readonly name: string; readonly by: 'visit' | 'order' | 'buyer' }[]
}

const NOTHING: BusyNames = { held: [], heeded: [] }

/** All that a keyed exchange is asked for by: its key, and the name of its message where that is another text. */
export function keysOf(
  exchange: Pick<ExchangeEntry, 'institution' | 'transaction' | 'message'> & { readonly key: string },
): readonly string[] {
  const name = messageName(exchange)
  return name === null || name === exchange.key ? [exchange.key] : [exchange.key, name]
}

/** What an exchange without a message has in its place. */
export const NO_MESSAGE = { evidence: null, mapped: null, sealed: null, dialect: null } as const

/** One outcome. Fields as in its record; amounts in fen. */
export interface OutcomeEntry {
  readonly exchange: number
  readonly state: State
  readonly at: Instant
  readonly problem?: string | null
  readonly reason?: string | null
  readonly hop?: string | null
  /** What was said, for people; the disk seals it: a platform's sentence may name a person. Nothing is ever decided by it. */
  readonly told?: string | null
  /** The answer to the caller in clear; the disk seals it. */
  readonly reply?: Buffer | null
  /** Of an exchange that opens an encounter, and so could not name it. */
  readonly encounter?: string | null
  readonly settlement?: string | null
  readonly total?: number | null
  readonly fund?: number | null
  readonly personShare?: number | null
  readonly account?: number | null
  readonly cash?: number | null
  readonly hospital?: number | null
  readonly ownMicros?: number | null
  readonly commitMicros?: number | null
  readonly counterpartMicros?: number | null
  /** Searches that found nothing and count, this one included. Absent: none. In clear, but not in the index. */
  readonly searches?: number | null
  /** How often it was found standing after its reversal was answered with a yes. Absent: never. In clear, not in the index. */
  readonly sightings?: number | null
  /** Rows of its list that the platform has not taken; all others stand. Absent: none. In clear, not in the index. */
  readonly refusedRows?: RefusedRowsEntry | null
}

/** Which rows of a list were refused. */
export interface RefusedRowsEntry {
  /** Rows that were sent. */
  readonly sent: number
  /** Their places from 0; null of a row that the answer does not place. */
  readonly rows: readonly (number | null)[]
}

/** An outcome names an encounter only where its exchange does not: then it has opened it. */
export function named<Told extends { readonly encounter?: string | null }>(
  exchange: ExchangeEntry,
  outcome: Told,
): Told {
  return exchange.encounter === null ? outcome : { ...outcome, encounter: null }
}

/** One thing to write. Entries of one batch become durable together. An exchange without an outcome is open. */
export type Entry =
  | { readonly exchange: ExchangeEntry; readonly outcome?: OutcomeEntry }
  | { readonly exchange?: undefined; readonly outcome: OutcomeEntry }

/** An exchange as the journal remembers it. */
export interface StoredExchange {
  readonly exchange: ExchangeEntry
  readonly state: State
  /** When the state was entered. */
  readonly since: Instant
  /** The last answer to the caller, where there is one. */
  readonly reply: Buffer | null
  readonly problem: string | null
  readonly reason: string | null
  readonly told: string | null
  /** Searches in vain by the last outcome, and sightings after a reversal; 0 where it tells of none. */
  readonly searches: number
  readonly sightings: number
  /** How long a platform had the message before its last outcome; null where nobody measured it. */
  readonly counterpartMicros: number | null
  readonly encounter: string | null
  readonly settlement: string | null
  /** Of its last outcome, in fen; null where that tells of none. */
  readonly total: number | null
  /** Rows of its list that the platform has not taken; null where there are none. */
  readonly refusedRows: RefusedRowsEntry | null
  /** Its records were moved to an archive: the state stands, the message and the answer are not at hand. */
  readonly archived: boolean
}

/** An exchange and its present state, without its message and its answers. */
export type ExchangeState = Pick<StoredExchange, 'exchange' | 'state'>

/** An exchange without a final state, without its message and its answers. */
export type Unresolved = Pick<
  StoredExchange,
  'exchange' | 'state' | 'since' | 'searches' | 'sightings' | 'counterpartMicros'
>

/**
 * Who opened an encounter. An id is given by a platform, so the encounter is known by institution, platform and id
 * together: two platforms may give the same id, and whether they do is stated nowhere. [A]
 */
export interface Opener {
  /** Number of the exchange that opened it; null where it is in the journal of another worker. */
  readonly exchange: number | null
  readonly institution: string
  /** Its province is the platform that gave the id. */
  readonly insuredArea: string
  /** Pseudonym. */
  readonly person: string | null
}

/** The opener that an exchange is which has opened an encounter: what opens one names institution and area. */
export function openerOf({ id, institution, insuredArea, person }: ExchangeEntry): Opener {
  return { exchange: id, institution: institution ?? '', insuredArea: insuredArea ?? '', person }
}

/** Whether two insured areas belong to one platform, which gives each id once. */
export function isSamePlatform(insuredArea: string | null, other: string): boolean {
  return insuredArea !== null && insuredArea.slice(0, 2) === other.slice(0, 2)
}
