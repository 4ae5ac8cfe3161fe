/**
 * Recovery: an unknown outcome is left only on evidence. It is looked for by our own message id; not found three times,
 * it is reversed (2601) where that is possible; nothing is ever sent again blindly. Everything here goes on beside the
 * way of a settlement.
 */
import { type Day, dayOf, dayOfNextMonth, type Instant, shanghaiTime } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import { type Settlement, settlementFault } from '../domain/settlement.ts'
import type { Dialect, Message } from '../extension/dialect.ts'
import type { ExchangeEntry, Remembered } from '../journal/entry.ts'
import { type Outcome, StaleState } from '../journal/journal.ts'
import { isFinal, type State } from '../journal/life.ts'
import type { Random } from '../ports.ts'
import { moneyOf, recordUndone, reversedOutcome } from './conclude.ts'
import { type Dispatched, dispatch } from './dispatch.ts'
import type { Way } from './trip.ts'
import { reasonOf } from './voice.ts'

/** Queries that must have found nothing before a reversal. Source: cross-region rules section 13 [A]. */
const TRIES_BEFORE_REVERSAL = 3
const PAUSE_MAX_MS = 60_000
/**
 * Day of the next month on which the month is confirmed: until then a settlement can be undone freely. Source: cross-region
 * rules section 6 [A].
 */
const CONFIRMATION_DAY = 20

/** What recovery is about to do about one exchange. */
export type NextStep = 'ask' | 'undo' | 'resend' | 'operator'

/** One unknown outcome, for people who look. */
export interface OpenCase {
  readonly exchange: number
  readonly transaction: string | null
  readonly institution: string | null
  readonly message: string | null
  readonly destination: string | null
  /** Since when it is unknown, and for how long, in Shanghai time and whole seconds. */
  readonly since: string
  readonly ageSeconds: number
  readonly nextStep: NextStep
  /** Last day on which it can be undone without a supervisor. */
  readonly closesOn: Day
  /** Who acts next: the worker, or a person. */
  readonly owner: 'recovery' | 'operator'
  readonly triesDone: number
  /** When the worker acts next, in Shanghai time. */
  readonly nextAt: string
}

/** The recovery worker. */
export interface Recovery {
  /** Takes up an exchange. Taking it up twice changes nothing. */
  watch(exchange: number): void
  cases(): readonly OpenCase[]
  /** The kill switch: while paused nothing is asked or undone; the cases stay and grow older. */
  pause(paused: boolean): void
  isPaused(): boolean
  /** Resolves when no case is being worked on; those that wait stay in the journal. */
  stop(): Promise<void>
}

interface Case {
  readonly id: number
  triesDone: number
  notFound: number
  nextAt: Instant
  cancel: () => void
  running: Promise<void> | null
}

type Worker = Pick<
  Way,
  | 'journal'
  | 'dialect'
  | 'transport'
  | 'clock'
  | 'deadlineMs'
  | 'queryDeadlineMs'
  | 'ids'
  | 'voices'
  | 'fault'
> & { readonly random: Random; readonly pauseMs: number; readonly paused?: boolean }

/** What the journal's bytes say, read again: the codes in them are national by now. */
function messageOf(dialect: Dialect, exchange: ExchangeEntry): Message {
  const envelope = dialect.open(exchange.sealed!, null)
  return dialect.read(envelope, { item: 'national', diagnosis: 'national' })
}

/**
 * What to do next about a message, given how often it was looked for in vain. Once a reversal has left there is no going
 * back to asking: what a question finds then may be undone a moment later.
 */
function nextStep(message: Message, state: State, notFound: number): NextStep {
  const { evidence } = message.operation
  if (state === 'undoing') return 'undo'
  if (evidence?.resend) return 'resend'
  if (evidence?.ask && notFound < TRIES_BEFORE_REVERSAL) return 'ask'
  if (evidence?.undo || evidence?.ask) return 'undo'
  return 'operator'
}

/** The money that evidence shows; `unusable` where it is missing or does not add up. */
function settlementFound(message: Message, output: Record<string, unknown>): Settlement | null | 'unusable' {
  try {
    const settlement = message.operation.settlement?.(output) ?? null
    return settlement && settlementFault(settlement) ? 'unusable' : settlement
  } catch (cause) {
    if (cause instanceof RangeError) return 'unusable'
    throw cause
  }
}

/** Starts the worker. */
export function createRecovery(worker: Worker): Recovery {
  const { journal, dialect, clock, random, pauseMs } = worker
  const cases = new Map<number, Case>()
  let stopped = false
  let paused = worker.paused ?? false

  function plan(open: Case): void {
    if (stopped) return
    const backoff = Math.min(PAUSE_MAX_MS, pauseMs * 2 ** Math.min(open.triesDone, 10))
    const pause = backoff * (0.75 + random.next() / 2)
    open.nextAt = (clock.now() + pause) as Instant
    open.cancel = clock.after(pause, () => {
      open.running = work(open)
        .catch((cause) => {
          // Someone else took the message further meanwhile: it is looked at anew.
          if (!(cause instanceof StaleState)) worker.fault(cause)
        })
        .finally(() => {
          open.running = null
          if (cases.has(open.id)) plan(open)
        })
    })
  }

  async function work(open: Case): Promise<void> {
    if (paused) return
    const known = journal.byId(open.id)
    if (!known || isFinal(known.state) || known.state === 'unsent') {
      cases.delete(open.id)
      return
    }
    open.triesDone += 1
    const message = messageOf(dialect, known.exchange)
    const state = await step(open, known, message)
    if (state && isFinal(state)) cases.delete(open.id)
  }

  async function step(open: Case, known: Remembered, message: Message): Promise<State | null> {
    switch (nextStep(message, known.state, open.notFound)) {
      case 'resend':
        return conclude(known, message, await dispatch(worker, message, known.exchange.sealed!))
      case 'ask':
        return ask(open, known, message)
      case 'undo':
        return undo(known, message)
      case 'operator':
        return null
    }
  }

  /** Looks for the outcome. A platform's "no" to the question counts as "not found"; silence counts as nothing. */
  async function ask(open: Case, known: Remembered, message: Message): Promise<State | null> {
    const { evidence } = message.operation
    const question = dialect.compose(message, evidence!.ask!(message), newId(message), clock.now())
    const dispatched = await dispatch(worker, question, dialect.encode(question))
    if (dispatched.event === 'no-answer' || dispatched.event === 'not-sent') return null
    const output = dispatched.event === 'yes' ? evidence!.found?.(message, dispatched.reply.output) : null
    if (!output) {
      open.notFound += 1
      return null
    }
    const outcome = foundOutcome(message, known, output)
    return outcome && journal.record(known.exchange, known.state, 'found', outcome)
  }

  /**
   * What the caller would have been answered, pieced together from what was found; null where the money in it is missing
   * or does not add up, which is no evidence.
   */
  function foundOutcome(
    message: Message,
    { exchange }: Remembered,
    output: Record<string, unknown>,
  ): Outcome | null {
    const settlement = settlementFound(message, output)
    if (settlement === 'unusable') return null
    const voice = worker.voices.get(exchange.voice ?? '')
    const id = worker.ids.answer(message.treatmentArea)
    return {
      hop: exchange.destination,
      told: '查询到平台已办理',
      reply: voice?.yes(message, output, null, clock.now(), id) ?? null,
      encounter: message.operation.encounter?.(output) ?? message.subject.encounter ?? null,
      ...moneyOf(settlement),
    }
  }

  /** Undoes what could not be found. That it will be undone is durable before the reversal leaves. */
  async function undo(known: Remembered, message: Message): Promise<State | null> {
    const { evidence } = message.operation
    const reversed = (from: State) =>
      journal.record(known.exchange, from, 'undone', reversedOutcome(worker, known.exchange))
    if (!evidence?.undo) return reversed(known.state)
    const reversal = dialect.compose(message, evidence.undo(message), newId(message), clock.now())
    const told = `多次查询未见，发出${reversal.operation.title}${reversal.id}`
    const undoing = await journal.record(known.exchange, known.state, 'undo-sent', { hop: 'gateway', told })
    const dispatched = await dispatch(worker, reversal, dialect.encode(reversal))
    return dispatched.event === 'yes' ? reversed(undoing) : null
  }

  async function conclude(
    known: Remembered,
    message: Message,
    dispatched: Dispatched,
  ): Promise<State | null> {
    if (dispatched.event === 'no-answer' || dispatched.event === 'not-sent') return null
    const voice = worker.voices.get(known.exchange.voice ?? '')
    const id = worker.ids.answer(message.treatmentArea)
    const hop = dispatched.destination.id
    if (dispatched.event === 'yes') {
      await recordUndone(worker, message)
      const reply = voice?.yes(message, dispatched.reply.output, dispatched.body, clock.now(), id) ?? null
      return journal.record(known.exchange, known.state, 'yes', { hop, reply })
    }
    const error = new GatewayError('fund-refused', 'dispatch', dispatched.text, { reason: dispatched.reason })
    const reply = voice?.no(error, clock.now(), id) ?? null
    const told = { problem: error.code, reason: reasonOf(error), hop, told: error.message, reply }
    return journal.record(known.exchange, known.state, 'no', told)
  }

  function newId(message: Message): string {
    return worker.ids.message(message.institution)
  }

  return {
    watch(id) {
      if (stopped || cases.has(id)) return
      const open: Case = {
        id,
        triesDone: 0,
        notFound: 0,
        nextAt: 0 as Instant,
        cancel: () => {},
        running: null,
      }
      cases.set(id, open)
      plan(open)
    },
    cases() {
      return [...cases.values()].flatMap((open) => {
        const known = journal.byId(open.id)
        if (!known || isFinal(known.state)) return []
        const { transaction, institution, message, destination } = known.exchange
        const next = nextStep(messageOf(dialect, known.exchange), known.state, open.notFound)
        const owner = paused || next === 'operator' ? 'operator' : 'recovery'
        const { triesDone } = open
        const since = shanghaiTime(known.exchange.at)
        const ageSeconds = Math.floor((clock.now() - known.exchange.at) / 1000)
        const nextAt = shanghaiTime(open.nextAt)
        return [
          {
            exchange: open.id,
            transaction,
            institution,
            message,
            destination,
            since,
            ageSeconds,
            nextStep: next,
            closesOn: dayOfNextMonth(dayOf(known.exchange.at), CONFIRMATION_DAY),
            owner,
            triesDone,
            nextAt,
          },
        ]
      })
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
