/**
 * Recovery: an unknown outcome is left only on evidence. It is looked for by our own message id; not found three times,
 * it is reversed (2601) where that is possible, and looked for once more; nothing is ever sent again blindly. Everything
 * here goes on beside the way of a settlement. A worker takes the lease of a case before a step, so that of two workers
 * over one journal only one is at it.
 */
import type { Instant } from '../../domain/day.ts'
import type { Message } from '../../extension/dialect.ts'
import { LeaseLost } from '../../journal/engine.ts'
import type { StoredExchange, Unresolved } from '../../journal/entry.ts'
import { isFinal, type State } from '../../journal/exchange-state.ts'
import { StaleState } from '../../journal/journal.ts'
import type { Random } from '../../ports.ts'
import type { CaseRow } from '../../store/queries/open-cases.ts'
import type { Services } from '../context.ts'
import { readSealed } from '../spoken.ts'
import { type CaseContext, RecoveryPaused, type RecoveryPorts } from './case.ts'
import { createLine } from './line.ts'
import { type OpenCase, openCase } from './open-cases.ts'
import {
  countsFrom,
  doublingsAfter,
  type NextStep,
  nextStep,
  pauseBefore,
  type SearchState,
  triesSoFar,
} from './plan.ts'
import { ask, resend, undo, verify } from './steps.ts'

/** A lease outlasts the longest wait for an answer by this, for what the journal takes. */
const LEASE_MARGIN_MS = 10_000

/**
 * Cases of one destination that are worked on at one moment. After an outage there are thousands; all at once they would
 * be read and refused for want of room, and hold the thread that counters wait for.
 */
const AT_ONCE_MAX = 32

/** A step is not brought forward so soon after the one before it. */
const REST_MS = 1000

/** The recovery worker. */
export interface Recovery {
  /**
   * Takes up an exchange. Taking it up twice changes nothing.
   *
   * @param known what the journal says of it, where that is at hand; else it is read
   */
  watch(exchange: number, known?: Unresolved): void
  /** Every case, its record read: for few. */
  cases(): Promise<readonly OpenCase[]>
  /** Cases of which the index has told, with what this worker knows of them. Costs the same however many there are. */
  shown(rows: readonly CaseRow[]): Promise<readonly OpenCase[]>
  /**
   * Brings the next step of a case forward: a person asks for what would be done anyway. Nothing else is ever done by it.
   *
   * @param step the only one that is done: where another is next by then, nothing is
   * @returns whether it is begun: not where there is no such case here, recovery is paused, or the last step is only just over
   */
  hasten(exchange: number, step: NextStep): boolean
  /** The kill switch: while paused nothing is asked or undone; the cases stay and grow older. */
  pause(paused: boolean): void
  isPaused(): boolean
  /** Resolves when no case is being worked on; those that wait stay in the journal. */
  stop(): Promise<void>
}

interface Case {
  readonly id: number
  /** Where it was sent; cases of one destination are worked on in a line. */
  readonly destination: string | null
  triesDone: number
  /** Tries that the next pause goes by: a place that answered a search is asked again soon, however long it was silent. */
  doublings: number
  /** What its last outcome says, as far as it decides the next step. */
  standing: SearchState
  /** Whether its reversal was answered with a yes in this run. */
  answered: boolean
  /** When searches in vain begin to count, by the monotonic clock. */
  readonly countsAt: number
  nextAt: Instant
  /** Since when it waits for its next step, by the monotonic clock. */
  restsSince: number
  cancel: () => void
  running: Promise<void> | null
}

type Worker = RecoveryPorts &
  Pick<Services, 'reportFault'> & {
    /** Name in the list of open cases. */
    readonly name?: string
    readonly random: Random
    readonly pauseMs: number
    readonly paused?: boolean
  }

/** What is taken of a case of which nothing has been read yet. */
const UNHEARD: SearchState = { state: 'unknown', searches: 0, sightings: 0 }

const standingOf = ({ state, searches, sightings }: SearchState): SearchState => ({
  state,
  searches,
  sightings,
})

/** Starts the worker. */
export function createRecovery(worker: Worker): Recovery {
  const { journal, dialect, clock, random, pauseMs } = worker
  const name = worker.name ?? 'recovery'
  const leaseMs = Math.max(worker.deadlineMs, worker.queryDeadlineMs) + LEASE_MARGIN_MS
  const cases = new Map<number, Case>()
  const evidenceOf = new Map(
    Object.values(dialect.operations).map(({ transaction, evidence }) => [transaction, evidence]),
  )
  const line = createLine(AT_ONCE_MAX)
  let stopped = false
  let paused = worker.paused ?? false

  /** @param doublings how long it waits goes by this; a case just taken up is looked at soon, whatever its age */
  function plan(open: Case, doublings = open.doublings): void {
    if (stopped) return
    // One that does not count yet is followed by the next soon after the deadline, however many there were.
    const rest = Math.max(0, open.countsAt - clock.elapsed())
    const soon = rest > 0 ? rest + pauseBefore(0, pauseMs, random) : Number.POSITIVE_INFINITY
    const pause = Math.min(soon, pauseBefore(doublings, pauseMs, random))
    open.nextAt = (clock.now() + pause) as Instant
    open.restsSince = clock.elapsed()
    open.cancel = clock.after(pause, () => begin(open))
  }

  function begin(open: Case, wanted: NextStep | null = null): void {
    open.running = line
      .enter(open.destination, () => work(open, wanted))
      .catch((cause) => {
        // Paused, or someone else has the message or took it further meanwhile: it is looked at anew.
        const expected = [StaleState, LeaseLost, RecoveryPaused].some((kind) => cause instanceof kind)
        if (!expected) worker.reportFault(cause)
      })
      .finally(() => {
        open.running = null
        if (cases.has(open.id)) plan(open)
      })
  }

  /** @param wanted the only step that is done; null for whichever is next */
  async function work(open: Case, wanted: NextStep | null): Promise<void> {
    if (paused || stopped) return
    const lease = await journal.leases.take(open.id, name, leaseMs)
    if (!lease) return
    try {
      // Read under the lease; whatever is made of it is written only from the state that was read.
      const known = await journal.byId(open.id)
      if (!known || isFinal(known.state) || known.state === 'unsent') {
        cases.delete(open.id)
        return
      }
      const message = readSealed(worker, known.exchange)
      if (wanted !== null && stepOf(open, known, message) !== wanted) return
      open.triesDone += 1
      open.doublings += 1
      const counts = clock.elapsed() >= open.countsAt
      const state = await step(open, { ports: worker, lease, known, message, counts, isPaused: () => paused })
      if (state && isFinal(state)) cases.delete(open.id)
      else {
        open.standing = standingOf((await journal.byId(open.id))!)
        open.doublings = doublingsAfter(open.doublings, known, open.standing)
      }
    } finally {
      await lease.release()
    }
  }

  async function step(open: Case, context: CaseContext): Promise<State | null> {
    switch (stepOf(open, context.known, context.message)) {
      case 'resend':
        return resend(context)
      case 'ask':
        return ask(context)
      case 'undo': {
        const { state, answered } = await undo(context)
        open.answered = answered
        return state
      }
      case 'verify':
        return verify(context)
      case 'operator':
        return null
    }
  }

  function stepOf({ answered }: Case, known: StoredExchange, { operation }: Message): NextStep {
    return nextStep(operation.evidence, known, answered)
  }

  function takeUp(id: number, known: Unresolved | StoredExchange | null): void {
    if (stopped || cases.has(id)) return
    const triesDone = known ? triesSoFar(known, clock.now() - known.since, pauseMs) : 0
    // By the wall clock once, and never longer than the limit: it may have been set since the message left.
    const rest = known ? countsFrom(known, worker.deadlineMs) - clock.now() : 0
    const countsAt = clock.elapsed() + Math.min(worker.deadlineMs, Math.max(0, rest))
    const standing = known ? standingOf(known) : UNHEARD
    const idle = { standing, nextAt: 0 as Instant, restsSince: 0, cancel: () => {}, running: null }
    const destination = known?.exchange.destination ?? null
    const tried = { triesDone, doublings: triesDone, answered: false }
    const open: Case = { id, destination, countsAt, ...tried, ...idle }
    cases.set(id, open)
    plan(open, 0)
  }

  async function shownOf(row: CaseRow): Promise<OpenCase> {
    const open = cases.get(row.id)
    // In the middle of a step the index may have heard more than the worker has looked at.
    const standing = open?.standing.state === row.state ? open.standing : { ...UNHEARD, state: row.state }
    const { nextAt = clock.now(), triesDone = 0, answered = false } = open ?? {}
    const evidence = evidenceOf.get(row.transaction ?? '')
    const holder = await journal.leases.holder(row.id)
    const step = nextStep(evidence, standing, answered)
    const progress = { now: clock.now(), nextAt, nextStep: step, triesDone, paused, holder }
    return openCase(row, standing, progress)
  }

  return {
    watch(id, told) {
      if (stopped || cases.has(id)) return
      const known = told ?? journal.byId(id)
      if (known instanceof Promise) known.then((read) => takeUp(id, read), worker.reportFault)
      else takeUp(id, known)
    },
    async cases() {
      const shown = await Promise.all(
        [...cases.values()].map(async (open) => {
          const known = await journal.byId(open.id)
          if (!known || isFinal(known.state)) return []
          const { nextAt, triesDone } = open
          const next = stepOf(open, known, readSealed(worker, known.exchange))
          const holder = await journal.leases.holder(open.id)
          const progress = { now: clock.now(), nextAt, nextStep: next, triesDone, paused, holder }
          return [openCase(known.exchange, known, progress)]
        }),
      )
      return shown.flat()
    },
    shown: (rows) => Promise.all(rows.map(shownOf)),
    hasten(exchange, step) {
      const open = cases.get(exchange)
      if (!open || open.running || paused || stopped || step === 'operator') return false
      // Three searches in a breath would find no less and prove less.
      if (clock.elapsed() - open.restsSince < REST_MS) return false
      open.cancel()
      begin(open, step)
      return true
    },
    pause(now) {
      paused = now
    },
    isPaused: () => paused,
    async stop() {
      stopped = true
      for (const open of cases.values()) open.cancel()
      await Promise.all([...cases.values()].map((open) => open.running))
    },
  }
}
