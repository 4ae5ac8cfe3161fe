/**
 * The engine in this process: one gateway has its journal for itself. What is judged by what others do at the same moment lies
 * in memory and is judged and taken in one turn, in which nobody else runs; then the disk writes in batches. Questions are
 * answered at once.
 */
import type { Clock } from '../../ports.ts'
import type { Claim, Claimed, Ended, Ending, JournalEngine, Step } from '../engine.ts'
import {
  type ExchangeEntry,
  type Intent,
  messageName,
  named,
  type OutcomeEntry,
  type StoredExchange,
} from '../entry.ts'
import { isFinal, type State, transition } from '../exchange-state.ts'
import { outcomeOfLeft } from '../left-open.ts'
import { createBusyEncounters } from './busy-encounters.ts'
import type { Disk } from './disk.ts'
import { createFlights } from './flights.ts'
import { createGroupCommit } from './group-commit.ts'
import { createLeases, type OwnLease } from './leases.ts'
import { createOpenReversals } from './open-reversals.ts'
import { createUnresolved } from './unresolved.ts'

/** What the engine stands on. */
export interface EmbeddedPorts {
  readonly disk: Disk
  readonly clock: Clock
  /** Resolves when everything that has come in just now has been looked at; at once where it is absent. */
  turn?(): Promise<void>
}

/** Opens the engine over a disk. */
export function createEmbeddedEngine({ disk, clock, turn }: EmbeddedPorts): JournalEngine {
  const commits = createGroupCommit((batch) => disk.commit(batch), turn, clock.after)
  /** What is in flight in this process, by key and by the name of its message. */
  const flights = createFlights()
  const busy = createBusyEncounters()
  const reversals = createOpenReversals()
  const unresolved = createUnresolved()
  /** States that are on their way to the disk. */
  const pending = new Map<number, State>()
  let lastId = disk.lastId()
  const holders = [busy, reversals, unresolved]
  const hold = (exchange: ExchangeEntry) => holders.forEach((each) => void each.hold(exchange))
  const release = (exchange: ExchangeEntry) => holders.forEach((each) => void each.release(exchange))

  const number = (intent: Intent): ExchangeEntry => ({ ...intent, id: ++lastId })

  /** What stands under a key. A message that has no other key is found by its name, whatever key it was written under. */
  function standing(intent: Intent, name = messageName(intent)): StoredExchange | null {
    const { key, institution, message, transaction } = intent
    return key === name ? disk.byMessage(institution!, message!, transaction!) : disk.byKey(key!)
  }

  /** What must have its outcome first; null where nothing is under way. */
  function before({ undoing, after }: Claim<unknown>): Claimed<never> | null {
    const original = after !== null && flights.get(after)
    if (original) return { is: 'in-flight', of: 'original', flight: original }
    const other = undoing !== null && flights.get(undoing)
    return other ? { is: 'in-flight', of: 'other', flight: other } : null
  }

  /** The claim up to the moment in which it has its names: all in one turn. */
  function take<Verdict>(
    claim: Claim<Verdict>,
  ): Claimed<Verdict> | { is: 'taken'; found: StoredExchange | null } {
    const { intent, undoing, outcome } = claim
    const name = messageName(intent)
    // A door with keys of its own has made up the name; somebody may have come with the same since.
    const first = flights.get(intent.key) ?? (name === null || name === intent.key ? null : flights.get(name))
    if (first) return { is: 'in-flight', of: 'first', flight: first }
    const found = standing(intent, name)
    const isTriedAgain = found !== null && isUnsent(found) && outcome === null && claim.isSame(found)
    if (found && !isTriedAgain) return { is: 'standing', known: found }
    const waits = before(claim)
    if (waits) return waits
    flights.takeOff(intent, undoing)
    return { is: 'taken', found }
  }

  async function claim<Verdict>(claim: Claim<Verdict>): Promise<Claimed<Verdict>> {
    const taken = take(claim)
    if (taken.is !== 'taken') return taken
    const { intent, judge, outcome } = claim
    const { found } = taken
    let isInFlight = false
    try {
      // Meanwhile whoever claims the same names finds them in flight, and looks again when they land.
      const verdict = judge && (await judge(found))
      if (verdict !== null) return { is: 'judged', verdict }
      // What stands was told even now: of what has left nobody may hear that it was not sent.
      const failure = commits.failure()
      if (failure) return { is: 'not-written', cause: failure }
      // The encounter is judged and held in the turn in which the intent is queued.
      const by = outcome === null ? busy.busy(intent) : null
      if (by) return { is: 'busy', by }
      const exchange = found ? { ...found.exchange, key: intent.key } : number(intent)
      if (outcome === null) hold(exchange)
      try {
        // An exchange without an outcome is open: only a further try has to say so.
        if (outcome) await commits.write({ exchange, outcome: { ...outcome, exchange: exchange.id } })
        else await commits.write(found ? { outcome: againOf(found) } : { exchange })
      } catch (cause) {
        if (outcome === null) release(exchange)
        return { is: 'not-written', cause }
      }
      isInFlight = outcome === null
      return { is: 'claimed', exchange }
    } finally {
      if (!isInFlight) flights.land(intent)
    }
  }

  async function end({ intent, outcome, isSame }: Ending): Promise<Ended> {
    const { key } = intent
    const first = key === null ? undefined : flights.get(key)
    if (first && outcome.state === 'unsent') return { is: 'in-flight', flight: first }
    const isFree = key !== null && !first
    const found = isFree ? standing(intent) : null
    // What may have left keeps its outcome, known or not: only what was not sent may be refused now.
    if (found && !isUnsent(found) && isSame(found)) return { is: 'standing', known: found }
    const by = outcome.state === 'unsent' ? busy.busy(intent) : null
    if (by) return { is: 'busy', by }
    const claims = isFree && found === null
    const exchange = number(claims ? intent : { ...intent, key: null })
    if (claims) flights.takeOff(intent)
    try {
      await commits.write({ exchange, outcome: { ...outcome, exchange: exchange.id } })
      return { is: 'written' }
    } catch (cause) {
      return { is: 'not-written', cause }
    } finally {
      if (claims) flights.land(intent)
    }
  }

  async function record({ exchange, from, outcome, lease }: Step): Promise<State | null> {
    ;(lease as OwnLease | undefined)?.check()
    // A message in flight in this process is open; only another message's reversal could say otherwise, and waits.
    const inHand = from === 'open' && exchange.key !== null && flights.has(exchange.key)
    const present = pending.get(exchange.id) ?? (inHand ? 'open' : disk.byId(exchange.id)?.state)
    if (present !== undefined && present !== from) return present
    const { state } = outcome
    pending.set(exchange.id, state)
    try {
      await commits.write({ outcome })
    } catch (cause) {
      // It stays in flight, since nobody may take it up again; who waits for it is told so.
      if (exchange.key) flights.wake(exchange.key)
      throw cause
    } finally {
      if (pending.get(exchange.id) === state) pending.delete(exchange.id)
    }
    flights.land(exchange)
    if (isFinal(state) || state === 'unsent') release(exchange)
    else unresolved.move(outcome)
    return null
  }

  const againOf = ({ exchange, state }: StoredExchange): OutcomeEntry => ({
    exchange: exchange.id,
    state: transition(state, 'try-again'),
    at: clock.now(),
  })

  return {
    isShared: false,
    ...{ claim, end, record },
    append(intent, outcome) {
      const exchange = number({ ...intent, key: null })
      return commits.write({ exchange, outcome: { ...named(exchange, outcome), exchange: exchange.id } })
    },
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
    inFlight: (name) => flights.get(name) ?? null,
    isReversing: (name) => reversals.has(name),
    unresolved: () => unresolved.all(),
    byMessage: (institution, message, transaction) => disk.byMessage(institution, message, transaction),
    byKey: (key) => disk.byKey(key),
    byKeyEnd: (keyEnd) => disk.byKeyEnd(keyEnd),
    byId: (id) => disk.byId(id),
    openers: (encounter) => disk.openers(encounter),
    ownOpener: (encounter, institution, area) => disk.ownOpener(encounter, institution, area),
    settlers: (settlement) => disk.settlers(settlement),
    cancellations: (encounter) => disk.cancellations(encounter),
    settlements: (encounter) => disk.settlements(encounter),
    messages: (id) => disk.messages(id),
    leases: createLeases(clock),
    failure: () => commits.failure(),
    whenWritable: () => commits.whenWritable(),
    indexed: () => disk.indexed(),
    close: () => commits.idle().then(() => disk.close()),
  }
}

/** Whether it may be tried again. The message of an archived exchange is gone, so its key never is. */
function isUnsent({ state, archived }: StoredExchange): boolean {
  return state === 'unsent' && !archived
}
