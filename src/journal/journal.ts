/**
 * The journal: append-only, and the judge of keys. Nothing leaves before `begin` has resolved, nothing is answered before
 * `record` has. The same key with the same body gives the stored answer; with another body it is a conflict. While the
 * first is on its way, `landing` says when it will have one.
 */
import type { Instant } from '../domain/day.ts'
import type { Clock } from '../ports.ts'
import { createBusyEncounters } from './busy-encounters.ts'
import type { Opener, OutcomeEntry, StoredExchange } from './entry.ts'
import { type Disk, type ExchangeEntry, type ExchangeState, messageName, NO_MESSAGE, named } from './entry.ts'
import { type Event, isFinal, type State, transition } from './exchange-state.ts'
import { createFlights, type Undoing } from './flights.ts'
import { createGroupCommit } from './group-commit.ts'
import { createLeases, type Lease, type Leases } from './leases.ts'
import { journalDown, keyConflict, stillInFlight } from './noes.ts'
import { createOpenReversals } from './open-reversals.ts'
import { type EarlierHash, isSameBody } from './same-body.ts'
import { TransientMap } from './transient-map.ts'
import { createUnresolved, outcomeOfLeft } from './unresolved.ts'

/** What `begin` found: a fresh exchange to carry out, or what there already is under this key. */
export type BeginResult =
  | { readonly is: 'fresh'; readonly exchange: ExchangeEntry }
  | { readonly is: 'known'; readonly known: StoredExchange }

/** An exchange before it has its number. */
export type Intent = Omit<ExchangeEntry, 'id'>

/** The journal. */
export interface Journal {
  /**
   * Makes an intent durable, or finds what stands under its key.
   *
   * @param undoing name of what it undoes (`undoingName`), by which `undoing` finds it from this turn on
   * @throws {GatewayError} key-conflict, key-in-flight, encounter-busy, journal-down
   */
  begin(intent: Intent, undoing?: string | null, earlier?: EarlierHash): Promise<BeginResult>
  /**
   * Writes an exchange that ends where it starts, with one write: rejected by the gateway, `unsent` and to be tried
   * again under its key, or `accepted` where the platform has done it already. Durable when resolved.
   *
   * @returns what already stands under the key with the same body, instead of writing again; else null
   * @throws {GatewayError} journal-down, and encounter-busy for what is `unsent`
   */
  reject(
    intent: Intent,
    outcome: Omit<OutcomeEntry, 'exchange' | 'state'>,
    state?: 'rejected' | 'unsent' | 'accepted',
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
  /** Another exchange of this institution by message id and transaction. */
  byMessage(institution: string, message: string, transaction: string): StoredExchange | null
  byKey(key: string): StoredExchange | null
  /** Exchanges whose key ends like this, whatever institution they are of. @param end 18 characters at least */
  byKeyEnd(end: string): readonly StoredExchange[]
  byId(id: number): StoredExchange | null
  /** Who opened an encounter with this id, oldest first. */
  openers(encounter: string): readonly Opener[]
  /** The opener among them that is this institution, at the platform of this insured area. */
  ownOpener(encounter: string, institution: string, insuredArea: string): Opener | null
  /**
   * Settlements and cancellations whose yes gave this settlement id.
   *
   * @param here only those of this journal, where several workers have one each
   */
  settlers(settlement: string, here?: boolean): readonly ExchangeState[]
  /** Cancellations of an encounter with this id. */
  cancellations(encounter: string): readonly ExchangeState[]
  /** Messages of any institution with this id, of whatever transaction. */
  messages(id: string): readonly ExchangeEntry[]
  /** Exchanges without a final state, oldest first, whatever is being written of them. Nothing is read for it. */
  unresolved(): ReturnType<Disk['unresolved']>
  /** Takes the exchanges that a former run left open as unknown. Called once, before the door opens. */
  recover(): Promise<ReturnType<Disk['unresolved']>>
  /**
   * Resolves when the tables hold everything that is durable by now. To be awaited before they are read.
   *
   * @throws {GatewayError} journal-down
   */
  indexed(): Promise<void>
  /** Whether a message is being handled under this key, or name of a message, just now. */
  inFlight(key: string): boolean
  /**
   * Resolves when the message that is being handled under this key has its outcome, or cannot get one any more: whoever
   * waited looks again. Nothing is promised of how long that takes.
   *
   * @param key or the name of a message
   * @param bodyHash of the same message that has come again; left out where any message is meant
   * @returns null where no such message is being handled
   */
  landing(key: string, bodyHash?: string | null): Promise<void> | null
  /** What is undoing the same just now, and when it lands; null where nothing is. @param name by `undoingName` */
  undoing(name: string): Undoing | null
  /** Whether a reversal of the same has no final outcome, under way or not. @param name by `undoingName` */
  isReversing(name: string): boolean
  /** Message id of the request under this key, from the moment it is taken up; null where there is none. */
  messageOf(key: string): string | null
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
  readonly disk: Disk
  readonly clock: Clock
  /** Resolves when everything that has come in just now has been looked at; at once where it is absent. */
  turn?(): Promise<void>
}

/** Opens the journal over a disk. */
export function createJournal({ disk, clock, turn }: JournalPorts): Journal {
  const commits = createGroupCommit((batch) => disk.commit(batch), turn, clock.after)
  /** What is in flight in this process, by key and by the name of its message. */
  const inFlight = createFlights()
  const busy = createBusyEncounters()
  const reversals = createOpenReversals()
  const unresolved = createUnresolved()
  /** States that are on their way to the disk. */
  const pending = new TransientMap<number, State>()
  let lastId = disk.lastId()
  const holders = [busy, reversals, unresolved]
  const hold = (exchange: ExchangeEntry) => holders.forEach((each) => void each.hold(exchange))
  const release = (exchange: ExchangeEntry) => holders.forEach((each) => void each.release(exchange))

  const number = (intent: Intent): ExchangeEntry => ({ ...intent, id: ++lastId })

  /** What stands under a key. A message that has no other key is found by its name, whatever key it was written under. */
  function standing(intent: Intent): StoredExchange | null {
    const { key, institution, message, transaction } = intent
    return key === messageName(intent)
      ? disk.byMessage(institution!, message!, transaction!)
      : disk.byKey(key!)
  }

  function known(intent: Intent, earlier?: EarlierHash): StoredExchange | null {
    const flight = inFlight.get(intent.key!)
    if (flight) throw flight.bodyHash === intent.bodyHash ? stillInFlight() : keyConflict()
    const found = standing(intent)
    if (found && !isSameBody(found, intent, earlier)) throw keyConflict()
    return found
  }

  async function start(intent: Intent, found: StoredExchange | null): Promise<BeginResult> {
    busy.refuse(intent)
    const exchange = found ? { ...found.exchange, key: intent.key } : number(intent)
    hold(exchange)
    try {
      // An exchange without an outcome is open: only a further try has to say so.
      await commits.write(found ? { outcome: againOf(found) } : { exchange })
    } catch (cause) {
      release(exchange)
      throw journalDown(cause)
    }
    return { is: 'fresh', exchange }
  }

  function noted(intent: Intent, outcome: Omit<OutcomeEntry, 'exchange'>): Promise<void> {
    const exchange = number({ ...intent, key: null })
    return commits.write({ exchange, outcome: { ...named(exchange, outcome), exchange: exchange.id } })
  }

  const againOf = ({ exchange, state }: StoredExchange): OutcomeEntry => ({
    exchange: exchange.id,
    state: transition(state, 'try-again'),
    at: clock.now(),
  })

  return {
    async begin(intent, undoing = null, earlier) {
      const found = known(intent, earlier)
      // The message of an archived exchange is gone, so its key is never tried again, not even where nothing was sent.
      if (found && (found.state !== 'unsent' || found.archived)) return { is: 'known', known: found }
      // What stands is told even now: of what has left nobody may hear that it was not sent.
      if (commits.failure()) throw journalDown(commits.failure())
      inFlight.takeOff(intent, undoing)
      try {
        return await start(intent, found)
      } catch (cause) {
        inFlight.land(intent)
        throw cause
      }
    },
    async reject(intent, outcome, state = 'rejected', earlier) {
      const { key } = intent
      const found = key === null || inFlight.get(key) ? null : standing(intent)
      // What may have left keeps its outcome, known or not: only what was not sent may be refused now.
      const stands = found && (found.state !== 'unsent' || found.archived)
      if (stands && isSameBody(found, intent, earlier)) return found
      if (state === 'unsent') busy.refuse(intent)
      const claims = key !== null && found === null && !inFlight.get(key)
      const exchange = number(claims ? intent : { ...intent, key: null })
      if (claims) inFlight.takeOff(intent)
      try {
        await commits.write({ exchange, outcome: { ...outcome, exchange: exchange.id, state } })
        return null
      } catch (cause) {
        throw journalDown(cause)
      } finally {
        if (claims) inFlight.land(intent)
      }
    },
    keep: (...told) => noted(...told).catch((cause) => Promise.reject(journalDown(cause))),
    // A lost note loses no money; the failed journal itself is told by `writable` and at the next intent.
    note: (...told) => void noted(...told).catch(() => {}),
    leases: createLeases(clock),
    async record(exchange, from, event, outcome, lease) {
      lease?.check()
      // A message in flight in this process is open; only another message's reversal could say otherwise, and waits.
      const inHand = from === 'open' && exchange.key !== null && inFlight.get(exchange.key) !== undefined
      const present = pending.get(exchange.id) ?? (inHand ? 'open' : disk.byId(exchange.id)?.state)
      if (present !== undefined && present !== from) throw new StaleState(from, present)
      const state = transition(from, event)
      pending.set(exchange.id, state)
      const told = { ...named(exchange, outcome), exchange: exchange.id, state, at: clock.now() }
      try {
        await commits.write({ outcome: told })
      } catch (cause) {
        // It stays in flight, since nobody may take it up again; who waits for it is told so.
        if (exchange.key) inFlight.wake(exchange.key)
        throw cause
      } finally {
        if (pending.get(exchange.id) === state) pending.delete(exchange.id)
      }
      inFlight.land(exchange)
      if (isFinal(state) || state === 'unsent') release(exchange)
      else unresolved.move(told)
      return state
    },
    byMessage: (institution, message, transaction) => disk.byMessage(institution, message, transaction),
    byKey: (key) => disk.byKey(key),
    byKeyEnd: (end) => disk.byKeyEnd(end),
    byId: (id) => disk.byId(id),
    openers: (encounter) => disk.openers(encounter),
    ownOpener: (...asked) => disk.ownOpener(...asked),
    settlers: (settlement) => disk.settlers(settlement),
    cancellations: (encounter) => disk.cancellations(encounter),
    messages: (id) => disk.messages(id),
    unresolved: () => unresolved.all(),
    async recover() {
      const writing: Promise<void>[] = []
      for (const left of disk.unresolved()) {
        hold(left.exchange)
        const outcome = outcomeOfLeft(left, clock.now())
        unresolved.move(outcome)
        // All are queued before one is waited for, so that they are written in batches.
        if (left.state === 'open') writing.push(commits.write({ outcome }))
      }
      await Promise.all(writing)
      return unresolved.all()
    },
    indexed: () => disk.indexed().catch((cause) => Promise.reject(journalDown(cause))),
    inFlight: (key) => inFlight.get(key) !== undefined,
    landing: (key, bodyHash) =>
      bodyHash === undefined || inFlight.get(key)?.bodyHash === bodyHash ? inFlight.landing(key) : null,
    undoing: (name) => inFlight.undoing(name),
    isReversing: (name) => reversals.has(name),
    messageOf: (key) => inFlight.get(key)?.message ?? disk.byKey(key)?.exchange.message ?? null,
    writable: () => commits.failure() === null,
    whenWritable: () => commits.whenWritable(),
    close: () => commits.idle().then(() => disk.close()),
  }
}
