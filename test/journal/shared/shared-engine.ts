/**
 * An engine over a store that several gateways share. What is judged by what others do is judged and written in one turn of
 * the store. What it tells was durable before: a read waits until what it has seen would survive a power cut.
 */
import {
  type Busy,
  type Claim,
  type Claimed,
  type Ended,
  type Ending,
  type Flight,
  type FlightOf,
  type JournalEngine,
  type Lease,
  LeaseLost,
  type Step,
} from '../../../src/journal/engine.ts'
import {
  busyNames,
  type ExchangeEntry,
  type Intent,
  keysOf,
  messageName,
  named,
  type OutcomeEntry,
  type StoredExchange,
  undoingName,
} from '../../../src/journal/entry.ts'
import { type State, transition } from '../../../src/journal/exchange-state.ts'
import { outcomeOfLeft } from '../../../src/journal/left-open.ts'
import type { Clock } from '../../../src/ports.ts'
import type { HeldName, SharedStore, Written } from './shared-store.ts'

/** What an engine stands on. */
export interface SharedPorts {
  readonly store: SharedStore
  /** Name of the gateway in this life of its. */
  readonly gateway: string
  /** That of the store: one for all. */
  readonly clock: Pick<Clock, 'now' | 'elapsed'>
  /** How long a gateway that has begun a message is taken to be at work on it. */
  readonly flightMs: number
  /** The way to the store and the way back; resolves when one of them is gone. Absent: at once. */
  travel?(): Promise<void>
  /** Why the store cannot be reached any more; null while it can. */
  broken?(): Error | null
}

/** The connection of one gateway. */
export interface SharedEngine extends JournalEngine {
  /** The connection ends, whatever is under way. */
  disconnect(): void
}

/** Connects a gateway. */
export function createSharedEngine(ports: SharedPorts): SharedEngine {
  const { store, gateway, clock, flightMs, travel = () => Promise.resolve(), broken = () => null } = ports
  const session = {}
  const never = new Promise<never>(() => {})

  function check(): void {
    const cause = broken()
    if (cause) throw cause
  }

  /** One act: there, in one turn, durable, and back. */
  async function act<Result>(work: () => Result): Promise<Result> {
    check()
    await travel()
    check()
    const result = work()
    await store.settled()
    await travel()
    check()
    return result
  }

  const nextId = () => store.tables.lastId() + 1
  const write = (written: Written) => store.write(written)

  function standing({ key, institution, message, transaction }: Intent): StoredExchange | null {
    return key === messageName({ institution, message, transaction })
      ? store.tables.byMessage(institution!, message!, transaction!)
      : store.tables.byKey(key!)
  }

  const flightOf = ({ exchange }: StoredExchange): Flight => ({
    key: exchange.key!,
    bodyHash: exchange.bodyHash,
    message: exchange.message,
    landed: store.until(() => store.tables.byId(exchange.id)?.state !== 'open'),
  })

  const claimedBy = (name: string, held: HeldName): Flight => ({
    ...held,
    landed: store.until(() => store.names.get(name) !== held),
  })

  /** What is under way under a name: being claimed, or begun and open. */
  function underWay(name: string): Flight | null {
    const held = store.names.get(name)
    if (held) return claimedBy(name, held)
    const open = store.open(
      ({ exchange }) =>
        keysOf({ ...exchange, key: exchange.key! }).includes(name) || store.undoing.get(exchange.id) === name,
    )
    return open && flightOf(open)
  }

  function firstOf(intent: Intent & { readonly key: string }): Flight | null {
    for (const name of keysOf(intent)) {
      const first = underWay(name)
      if (first) return first
    }
    return null
  }

  function busy(intent: Intent): Busy | null {
    const held = new Set(store.tables.unresolved().flatMap(({ exchange }) => busyNames(exchange).held))
    const found = busyNames(intent).heeded.find(({ name }) => held.has(name))
    return found ? { is: 'busy', by: found.by } : null
  }

  function waitsFor({ intent, undoing, after }: Claim<unknown>): [FlightOf, Flight] | null {
    const first = firstOf(intent)
    if (first) return ['first', first]
    const found = standing(intent)
    if (found && !isUnsent(found)) return null
    const original = after === null ? null : underWay(after)
    if (original) return ['original', original]
    const other = undoing === null ? null : underWay(undoing)
    return other && ['other', other]
  }

  /** The names of a claim are taken, or what stands in its way is told. */
  function take<Verdict>(
    claim: Claim<Verdict>,
  ): Claimed<Verdict> | { is: 'taken'; found: StoredExchange | null } {
    const { intent, undoing, outcome } = claim
    const waits = waitsFor(claim)
    if (waits) return { is: 'in-flight', of: waits[0], flight: waits[1] }
    const found = standing(intent)
    const isTriedAgain = found !== null && isUnsent(found) && outcome === null && claim.isSame(found)
    if (found && !isTriedAgain) return { is: 'standing', known: found }
    const { key, bodyHash, message } = intent
    for (const name of [...keysOf(intent), ...(undoing === null ? [] : [undoing])])
      store.names.set(name, { session, key, bodyHash, message })
    return { is: 'taken', found }
  }

  function letGo({ intent, undoing }: Claim<unknown>): void {
    for (const name of [...keysOf(intent), ...(undoing === null ? [] : [undoing])])
      if (store.names.get(name)?.session === session) store.names.delete(name)
    store.changed()
  }

  /** In the turn in which the names are let go the exchange is open, or ended. */
  function begin<Verdict>(claim: Claim<Verdict>, found: StoredExchange | null): Claimed<Verdict> {
    const { intent, undoing, outcome } = claim
    const held = outcome === null ? busy(intent) : null
    if (held) return held
    const exchange: ExchangeEntry = found
      ? { ...found.exchange, key: intent.key }
      : { ...intent, id: nextId() }
    const { id } = exchange
    const again: OutcomeEntry = { exchange: id, state: 'open', at: clock.now() }
    write({
      entries: outcome
        ? [{ exchange, outcome: { ...outcome, exchange: id } }]
        : [found ? { outcome: { ...again, state: transition(found.state, 'try-again') } } : { exchange }],
      ...(undoing !== null && { undoing: [id, undoing] as const }),
      ...(outcome === null && { at: [id, gateway, clock.elapsed() + flightMs] as const }),
    })
    return { is: 'claimed', exchange }
  }

  function takeAndBegin<Verdict>(claim: Claim<Verdict>): Claimed<Verdict> {
    const taken = take(claim)
    if (taken.is !== 'taken') return taken
    const begun = begin(claim, taken.found)
    letGo(claim)
    return begun
  }

  async function claim<Verdict>(claim: Claim<Verdict>): Promise<Claimed<Verdict>> {
    const { judge } = claim
    if (judge === null) return act(() => takeAndBegin(claim)).catch(notWritten)
    const taken = await act(() => take(claim)).catch(notWritten)
    if (taken.is !== 'taken') return taken
    let verdict: Verdict | null
    try {
      verdict = await judge(taken.found)
    } catch (cause) {
      await act(() => letGo(claim)).catch(() => {})
      throw cause
    }
    return act((): Claimed<Verdict> => {
      const begun = verdict === null ? begin(claim, taken.found) : { is: 'judged' as const, verdict }
      letGo(claim)
      return begun
    }).catch(notWritten)
  }

  function end({ intent, outcome, isSame }: Ending): Promise<Ended> {
    const { key } = intent
    return act((): Ended => {
      const first = key === null ? null : firstOf({ ...intent, key })
      if (first && outcome.state === 'unsent') return { is: 'in-flight', flight: first }
      const isFree = key !== null && !first
      const found = isFree ? standing(intent) : null
      if (found && !isUnsent(found) && isSame(found)) return { is: 'standing', known: found }
      const held = outcome.state === 'unsent' ? busy(intent) : null
      if (held) return held
      const id = nextId()
      const exchange = { ...intent, id, key: isFree && !found ? key : null }
      write({ entries: [{ exchange, outcome: { ...outcome, exchange: id } }] })
      return { is: 'written' }
    }).catch(notWritten)
  }

  function record({ exchange, from, outcome, lease }: Step): Promise<State | null> {
    return act(() => {
      if (lease && !(lease as SharedLease).holds()) throw new LeaseLost(exchange.id, gateway)
      const present = store.tables.byId(exchange.id)?.state
      if (present !== undefined && present !== from) return present
      write({ entries: [{ outcome }] })
      return null
    })
  }

  function leaseOf(exchange: number, owner: string, lengthMs: number): SharedLease | null {
    const present = store.leases.get(exchange)
    if (present && present.until > clock.elapsed()) return null
    const held = { owner, until: clock.elapsed() + lengthMs }
    store.leases.set(exchange, held)
    const holds = () => store.leases.get(exchange) === held && held.until > clock.elapsed()
    return {
      holds,
      renew: () =>
        act(() => {
          if (!holds()) throw new LeaseLost(exchange, owner)
          held.until = clock.elapsed() + lengthMs
        }),
      release: () =>
        act(() => {
          if (store.leases.get(exchange) === held) store.leases.delete(exchange)
        }).catch(() => {}),
    }
  }

  const isAtWork = (id: number) => (store.atWork.get(id)?.until ?? 0) > clock.elapsed()
  const isReversing = (name: string) =>
    store.tables
      .unresolved()
      .some(
        ({ exchange: { kind, institution, original } }) =>
          kind === 'reversal' && undoingName(institution, original) === name,
      )

  return {
    isShared: true,
    ...{ claim, end, record },
    append: (intent, outcome) =>
      act(() => {
        const exchange = { ...intent, key: null, id: nextId() }
        write({ entries: [{ exchange, outcome: { ...named(exchange, outcome), exchange: exchange.id } }] })
      }),
    recover: () =>
      act(() => {
        for (const left of store.tables.unresolved())
          if (left.state === 'open' && !isAtWork(left.exchange.id))
            write({ entries: [{ outcome: outcomeOfLeft(left, clock.now()) }] })
        return store.tables.unresolved().filter(({ state }) => state !== 'open')
      }),
    inFlight: (name) => act(() => ({ flight: underWay(name) })).then(({ flight }) => flight),
    isReversing: (name) => act(() => isReversing(name)),
    unresolved: () => act(() => store.tables.unresolved()),
    byKey: (key) => act(() => store.tables.byKey(key)),
    byKeyEnd: (keyEnd) => act(() => store.tables.byKeyEnd(keyEnd)),
    byId: (id) => act(() => store.tables.byId(id)),
    byMessage: (...asked) => act(() => store.tables.byMessage(...asked)),
    openers: (encounter) => act(() => store.tables.openers(encounter)),
    ownOpener: (...asked) => act(() => store.tables.ownOpener(...asked)),
    settlers: (settlement) => act(() => store.tables.settlers(settlement)),
    cancellations: (encounter) => act(() => store.tables.cancellations(encounter)),
    settlements: (encounter) => act(() => store.tables.settlements(encounter)),
    messages: (id) => act(() => store.tables.messages(id)),
    leases: {
      take: (exchange, owner, lengthMs) => act(() => leaseOf(exchange, owner, lengthMs)),
      holder: (exchange) =>
        act(() => {
          const held = store.leases.get(exchange)
          if (!held || held.until <= clock.elapsed()) return null
          return { owner: held.owner, until: (clock.now() + held.until - clock.elapsed()) as never }
        }),
    },
    failure: broken,
    whenWritable: () => (broken() ? never : Promise.resolve()),
    indexed: () => act(() => {}),
    disconnect: () => store.disconnected(session),
    async close() {
      store.disconnected(session)
    },
  }
}

/** A lease whose holding the store can judge. */
interface SharedLease extends Lease {
  holds(): boolean
}

function isUnsent({ state, archived }: StoredExchange): boolean {
  return state === 'unsent' && !archived
}

/** Whether it was written is not known where the store was lost meanwhile; it has not left, and is taken over where it was. */
function notWritten(cause: unknown): { readonly is: 'not-written'; readonly cause: unknown } {
  return { is: 'not-written', cause }
}
