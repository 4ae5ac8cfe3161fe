/**
 * The journal: append-only, and the judge of keys. Nothing leaves before `begin` has resolved, nothing is answered before
 * `record` has. The same key with the same body gives the stored answer; with another body it is a conflict. Here are its
 * rules and its words; what is judged and written in one act, and where it rests, is the engine's (`engine.ts`).
 */
import type { Instant } from '../domain/day.ts'
import type { GatewayError } from '../domain/problems.ts'
import type { Clock } from '../ports.ts'
import type { Claim, Flight, FlightOf, JournalEngine, JournalReads, Lease, Leases } from './engine.ts'
import {
  type ExchangeEntry,
  type ExchangeState,
  type Intent,
  NO_MESSAGE,
  named,
  type OutcomeEntry,
  type StoredExchange,
  type Unresolved,
} from './entry.ts'
import { type Event, type State, transition } from './exchange-state.ts'
import type { MaybePromise } from './maybe-promise.ts'
import { encounterBusy, InFlight, journalDown, keyConflict } from './noes.ts'
import { type EarlierHash, isSameBody } from './same-body.ts'

export type { Intent } from './entry.ts'

/** What `begin` found: a fresh exchange to carry out, or what there already is under this key, or what was judged of it. */
export type BeginResult<Verdict = never> =
  | { readonly is: 'fresh'; readonly exchange: ExchangeEntry }
  | { readonly is: 'known'; readonly known: StoredExchange }
  | { readonly is: 'judged'; readonly verdict: Verdict }

/** The intent of what changes something: it always has a key. */
export type KeyedIntent = Intent & { readonly key: string }

/** How a message begins, where it is more than a key. */
export interface Beginning<Verdict> extends Partial<Pick<Claim<Verdict>, 'undoing' | 'after' | 'judge'>> {
  /** With it the exchange is `accepted` where it starts, since the platform has done it already: one write. */
  readonly done?: Omit<OutcomeEntry, 'exchange' | 'state'> | undefined
  readonly earlier?: EarlierHash | undefined
}

/** The journal. */
export interface Journal extends JournalReads {
  /** As of the engine. */
  readonly isShared: boolean
  /**
   * Makes an intent durable, or finds what stands under its key, which it must have.
   *
   * @throws {InFlight} where something must have its outcome first
   * @throws {GatewayError} key-conflict, encounter-busy, journal-down; what the judge throws
   */
  begin<Verdict = never>(intent: Intent, how?: Beginning<Verdict>): Promise<BeginResult<Verdict>>
  /**
   * Writes an exchange that ends where it starts, with one write: rejected by the gateway, or `unsent` and to be tried
   * again under its key. Durable when resolved.
   *
   * @returns what already stands under the key with the same body, instead of writing again; else null
   * @throws {GatewayError} journal-down
   * @throws for what is `unsent` as `begin` does: {InFlight}, key-conflict, encounter-busy
   */
  reject(
    intent: Intent,
    outcome: Omit<OutcomeEntry, 'exchange' | 'state'>,
    state?: 'rejected' | 'unsent',
    earlier?: EarlierHash,
  ): Promise<StoredExchange | null>
  /** Notes a question and its outcome; nobody waits for it. */
  note(intent: Intent, outcome: Omit<OutcomeEntry, 'exchange'>): void
  /** Notes something that is in no message, with its outcome. Durable when resolved. @throws {GatewayError} journal-down */
  keep(intent: Intent, outcome: Omit<OutcomeEntry, 'exchange'>): Promise<void>
  /**
   * Takes an exchange from one state to the next by the table of its life. Durable when resolved.
   *
   * @param lease of whoever works on an open exchange; the counter's own way has none
   * @throws {StaleState} where the exchange is in another state by now: whoever asked must look again
   * @throws {LeaseLost} where someone else may be at work on it by now
   */
  record(exchange: ExchangeEntry, from: State, event: Event, outcome: Outcome, lease?: Lease): Promise<State>
  /** Who works on which open exchange. */
  readonly leases: Leases
  /**
   * Settlements and cancellations whose yes gave this settlement id, and what opened it as an order to be settled later.
   *
   * @param here only those of this journal, where several workers have one each
   */
  settlers(settlement: string, here?: boolean): MaybePromise<readonly ExchangeState[]>
  /**
   * Takes the exchanges as unknown that were left open. Called before the door opens, and again and again where others share
   * the journal and may go.
   *
   * @returns all that have no final state, oldest first, but those that others are at work on
   */
  recover(): Promise<readonly Unresolved[]>
  /**
   * Resolves when the tables hold everything that is durable by now. To be awaited before they are read.
   *
   * @throws {GatewayError} journal-down
   */
  indexed(): Promise<void>
  /** The message that is being handled under this key, or name of a message, just now; null where there is none. */
  inFlight(name: string): MaybePromise<Flight | null>
  /** Message id of the request under this key, from the moment it is taken up; null where there is none. */
  messageOf(key: string): Promise<string | null>
  /** Whether the journal can be written. */
  writable(): boolean
  /** Resolves when it can be written; never where that takes a restart. */
  whenWritable(): Promise<void>
  close(): Promise<void>
}

/** The intent of a request of which nothing could be read. */
export function anonymousIntent(voice: string, at: Instant): Intent {
  const nothing = { key: null, caller: null, institution: null, transaction: null, kind: null, message: null }
  const nowhere = { lane: null, treatmentArea: null, insuredArea: null, destination: null, encounter: null }
  const noBody = { settlement: null, original: null, person: null, day: null, bodyHash: null }
  return { ...nothing, ...nowhere, ...noBody, ...NO_MESSAGE, voice, at }
}

/** An outcome before the journal gives it its exchange, state and time. */
export type Outcome = Omit<OutcomeEntry, 'exchange' | 'state' | 'at'>

/** Someone else has taken the exchange further in the meantime. */
export class StaleState extends Error {
  override readonly name = 'StaleState'

  constructor(from: State, present: State) {
    super(`The message is ${present}, not ${from}`)
  }
}

/** What the journal stands on. */
export interface JournalPorts {
  readonly engine: JournalEngine
  readonly clock: Pick<Clock, 'now'>
}

/** Opens the journal over an engine. */
export function createJournal({ engine, clock }: JournalPorts): Journal {
  async function begin<Verdict>(
    intent: Intent,
    { undoing = null, after = null, judge = null, done, earlier }: Beginning<Verdict> = {},
  ): Promise<BeginResult<Verdict>> {
    const isSame = (known: StoredExchange) => isSameBody(known, intent, earlier)
    const outcome = done ? { ...done, state: 'accepted' as const } : null
    const claimed = await engine.claim({
      ...{ undoing, after, judge, isSame, outcome },
      intent: intent as KeyedIntent,
    })
    switch (claimed.is) {
      case 'claimed':
        return { is: 'fresh', exchange: claimed.exchange }
      case 'standing':
        if (!isSame(claimed.known)) throw keyConflict()
        return { is: 'known', known: claimed.known }
      case 'in-flight':
        throw inFlightOf(claimed.of, claimed.flight, intent)
      case 'judged':
        return claimed
      case 'busy':
        throw encounterBusy(claimed.by)
      case 'not-written':
        throw journalDown(claimed.cause)
    }
  }

  const inFlight = (name: string) => asked(engine.inFlight(name))

  return {
    isShared: engine.isShared,
    begin,
    async reject(intent, outcome, state = 'rejected', earlier) {
      const isSame = (known: StoredExchange) => isSameBody(known, intent, earlier)
      const ended = await engine.end({ intent, outcome: { ...outcome, state }, isSame })
      if (ended.is === 'in-flight') throw inFlightOf('first', ended.flight, intent)
      if (ended.is === 'busy') throw encounterBusy(ended.by)
      if (ended.is === 'not-written') throw journalDown(ended.cause)
      return ended.is === 'standing' ? ended.known : null
    },
    keep: (...told) => engine.append(...told).catch((cause) => Promise.reject(journalDown(cause))),
    // A lost note loses no money; the failed journal itself is told by `writable` and at the next intent.
    note: (...told) => void engine.append(...told).catch(() => {}),
    leases: engine.leases,
    async record(exchange, from, event, outcome, lease) {
      const state = transition(from, event)
      const told = { ...named(exchange, outcome), exchange: exchange.id, state, at: clock.now() }
      const present = await engine.record({ exchange, from, outcome: told, lease })
      if (present !== null) throw new StaleState(from, present)
      return state
    },
    byMessage: (...of) => asked(engine.byMessage(...of)),
    byKey: (key) => asked(engine.byKey(key)),
    byKeyEnd: (end) => asked(engine.byKeyEnd(end)),
    byId: (id) => asked(engine.byId(id)),
    openers: (encounter) => asked(engine.openers(encounter)),
    ownOpener: (encounter, institution, area) => asked(engine.ownOpener(encounter, institution, area)),
    settlers: (settlement) => asked(engine.settlers(settlement)),
    cancellations: (encounter) => asked(engine.cancellations(encounter)),
    settlements: (encounter) => asked(engine.settlements(encounter)),
    messages: (id) => asked(engine.messages(id)),
    unresolved: () => asked(engine.unresolved()),
    isReversing: (name) => asked(engine.isReversing(name)),
    inFlight,
    async messageOf(key) {
      return (await inFlight(key))?.message ?? (await asked(engine.byKey(key)))?.exchange.message ?? null
    },
    recover: engine.recover,
    indexed: () => engine.indexed().catch((cause) => Promise.reject(journalDown(cause))),
    writable: () => engine.failure() === null,
    whenWritable: engine.whenWritable,
    close: engine.close,
  }
}

function inFlightOf(of: FlightOf, flight: Flight, { bodyHash }: Intent): GatewayError {
  return of === 'first' && flight.bodyHash !== bodyHash ? keyConflict() : new InFlight(of, flight)
}

/** What could not be read is told as what could not be written: nothing is proved, so nothing leaves. */
function asked<Told>(told: MaybePromise<Told>): MaybePromise<Told> {
  return told instanceof Promise ? told.catch((cause) => Promise.reject(journalDown(cause))) : told
}
