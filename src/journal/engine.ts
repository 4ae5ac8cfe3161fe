/**
 * The journal's port: what an engine answers for that keeps it. One engine is in this process and has its files for itself
 * (`embedded/`); another may be shared by several gateways. So whatever is judged by what others do at the same moment is one
 * act of the engine: it judges and writes, and nothing comes between. What is read may have changed when it is looked at; it
 * is durable all the same: no power cut takes back what an engine has told.
 */
import type { Instant } from '../domain/day.ts'
import type {
  ExchangeEntry,
  ExchangeState,
  Intent,
  Opener,
  OutcomeEntry,
  StoredExchange,
  Unresolved,
} from './entry.ts'
import type { State } from './exchange-state.ts'
import type { MaybePromise } from './maybe-promise.ts'

/** What is asked of the journal; a question rejects where the engine cannot be reached. Only exchanges with a key are found, other than by number. */
export interface JournalReads {
  byKey(key: string): MaybePromise<StoredExchange | null>
  /** Exchanges whose key ends like this, in order. @param end 18 characters at least: by so many a key is found */
  byKeyEnd(end: string): MaybePromise<readonly StoredExchange[]>
  byId(id: number): MaybePromise<StoredExchange | null>
  /** The exchange of an institution with this message id and transaction. */
  byMessage(institution: string, message: string, transaction: string): MaybePromise<StoredExchange | null>
  /** Who opened an encounter with this id, oldest first. */
  openers(encounter: string): MaybePromise<readonly Opener[]>
  /** The opener among them that is this institution, at the platform of this insured area; null where there is none. */
  ownOpener(encounter: string, institution: string, insuredArea: string): MaybePromise<Opener | null>
  /** Cancellations of an encounter with this id. */
  cancellations(encounter: string): MaybePromise<readonly ExchangeState[]>
  /** Settlements that name an encounter with this id, whatever became of them, oldest first. */
  settlements(encounter: string): MaybePromise<readonly ExchangeState[]>
  /** Messages of any institution with this id, of whatever transaction. */
  messages(id: string): MaybePromise<readonly ExchangeEntry[]>
  /** Exchanges without a final state, oldest first, whatever is being written of them; without what is sealed. */
  unresolved(): MaybePromise<readonly Unresolved[]>
  /** Whether a reversal of the same has no final outcome, under way or not. @param name by `undoingName` */
  isReversing(name: string): MaybePromise<boolean>
}

/** A message that is being handled just now: it is open, and whoever began it is at work. */
export interface Flight {
  readonly key: string
  readonly bodyHash: string | null
  readonly message: string | null
  /**
   * Resolves when it has its outcome, or cannot get one any more: whoever waited looks again. Nothing is promised of how
   * long that takes.
   */
  readonly landed: Promise<void>
}

/** Whom a message finds under way: the same message, the one that it undoes, or another that undoes the same. */
export type FlightOf = 'first' | 'original' | 'other'

/** What a message claims in order to begin. */
export interface Claim<Verdict> {
  readonly intent: Intent & { readonly key: string }
  /** Name of what it undoes (`undoingName`): of what has one name only one is under way. Null where it undoes nothing. */
  readonly undoing: string | null
  /** Name of the message that must have its outcome before this one; null where there is none. */
  readonly after: string | null
  /** Whether what stands under the key has the same body. */
  isSame(known: StoredExchange): boolean
  /**
   * Judges while key, name and undoing are this message's and nobody else takes them; so what it reads of them stands until
   * the intent is written. What it throws ends the claim; a verdict that is not null does too. Null: nothing is judged.
   *
   * @param standing what was not sent under this key before, and is to be tried again
   */
  readonly judge: ((standing: StoredExchange | null) => MaybePromise<Verdict | null>) | null
  /** With it the exchange ends where it starts, in one write; null: it is open and in flight from then on. */
  readonly outcome: Omit<OutcomeEntry, 'exchange'> | null
}

/** Another settlement or cancellation has no final outcome: in the encounter, of the order, or of the person who buys. */
export interface Busy {
  readonly is: 'busy'
  readonly by: 'visit' | 'order' | 'buyer'
}

/** What came of a claim. */
export type Claimed<Verdict> =
  | { readonly is: 'claimed'; readonly exchange: ExchangeEntry }
  /** Under its key stands what it cannot try again: another body, or what was sent. */
  | { readonly is: 'standing'; readonly known: StoredExchange }
  | { readonly is: 'in-flight'; readonly of: FlightOf; readonly flight: Flight }
  | { readonly is: 'judged'; readonly verdict: Verdict }
  | Busy
  | { readonly is: 'not-written'; readonly cause: unknown }

/** An exchange that ends where it starts. */
export interface Ending {
  readonly intent: Intent
  readonly outcome: Omit<OutcomeEntry, 'exchange'>
  /** As of a claim. */
  isSame(known: StoredExchange): boolean
}

/** What came of it. */
export type Ended =
  | { readonly is: 'written' }
  /** The same body stands under the key with an outcome of its own. */
  | { readonly is: 'standing'; readonly known: StoredExchange }
  /** As of a claim; only of what is `unsent`: of what is under way nobody may hear that it was not sent. */
  | { readonly is: 'in-flight'; readonly flight: Flight }
  | Busy
  | { readonly is: 'not-written'; readonly cause: unknown }

/** A step in the life of an exchange. */
export interface Step {
  readonly exchange: ExchangeEntry
  /** The state that it must still be in. */
  readonly from: State
  readonly outcome: OutcomeEntry
  /** Of whoever works on an open case; absent on the counter's own way. */
  readonly lease?: Lease | undefined
}

/** The engine. */
export interface JournalEngine extends JournalReads {
  /** Whether other gateways are at the same journal: what one of them leaves has to be taken over by another. */
  readonly isShared: boolean
  /** Settlements and cancellations whose yes gave this settlement id, and what opened it as an order to be settled later. */
  settlers(settlement: string): MaybePromise<readonly ExchangeState[]>
  /** @param name a key, or the name of a message */
  inFlight(name: string): MaybePromise<Flight | null>
  /**
   * Judges in the order of `Claimed`, and writes the intent: one act. Resolves when that is durable.
   *
   * @throws what `judge` throws
   */
  claim<Verdict>(claim: Claim<Verdict>): Promise<Claimed<Verdict>>
  /** Writes what ends where it starts; without its key where that cannot be taken: one act. Resolves when it is durable. */
  end(ending: Ending): Promise<Ended>
  /**
   * Writes an outcome where the state is still what it was: one act, whoever else may write. Resolves when it is durable.
   *
   * @returns null; else the state that it is in, and nothing was written
   * @throws {LeaseLost}
   */
  record(step: Step): Promise<State | null>
  /** Writes what is in no message, without its key. Resolves when it is durable. */
  append(intent: Intent, outcome: Omit<OutcomeEntry, 'exchange'>): Promise<void>
  /**
   * Takes what is open and nobody is at work on as unknown (`outcomeOfLeft`), durably.
   *
   * @returns what has no final state, oldest first, without what others began and are at work on
   */
  recover(): Promise<readonly Unresolved[]>
  readonly leases: Leases
  /** Why nothing can be written; null while it can. */
  failure(): Error | null
  /** Resolves when there is no failure any more; never where that takes a restart. */
  whenWritable(): Promise<void>
  /** Resolves when the tables for reports hold what is durable by now. @rejects where they will not */
  indexed(): Promise<void>
  close(): Promise<void>
}

/** The lease has lapsed, or someone else has the exchange by now: whoever held it must stop. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'

  constructor(exchange: number, owner: string) {
    super(`"${owner}" no longer holds exchange ${exchange}`)
  }
}

/** The hold of one worker on one exchange. */
export interface Lease {
  /** Holds it for the whole length from now. @throws {LeaseLost} */
  renew(): MaybePromise<void>
  /** Gives it back; of a lost one nothing happens. */
  release(): MaybePromise<void>
}

/** Who holds an exchange, and until when. */
export interface Holder {
  readonly owner: string
  readonly until: Instant
}

/** All leases of one journal. They end with the engine that gave them, or by time. */
export interface Leases {
  /** @returns null where someone holds it, be it the same owner */
  take(exchange: number, owner: string, lengthMs: number): MaybePromise<Lease | null>
  holder(exchange: number): MaybePromise<Holder | null>
}
