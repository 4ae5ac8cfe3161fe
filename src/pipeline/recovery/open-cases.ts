/** Open cases as people see them. */
import { type Day, dayOf, dayOfNextMonth, type Instant, shanghaiTime } from '../../domain/day.ts'
import type { Holder } from '../../journal/engine.ts'
import type { ExchangeEntry } from '../../journal/entry.ts'
import type { NextStep, SearchState } from './plan.ts'

/**
 * Day of the next month on which the month is confirmed: until then a settlement can be undone freely. Source: cross-region
 * docs/facts/cross-region.md, Reversal [A].
 */
const CONFIRMATION_DAY = 20
/** After this a case is a person's too, though recovery goes on. [A] */
const OPERATOR_AFTER_MS = 30 * 60_000

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
  /** Searches that found nothing; they are counted in the journal. */
  readonly notFound: number
  /** When the worker acts next, in Shanghai time. */
  readonly nextAt: string
  /** The worker that is at it just now and until when it holds it at most; null between two steps. */
  readonly leasedBy: string | null
  readonly leasedUntil: string | null
}

/** What the worker knows beside the journal. */
export interface CaseProgress {
  readonly now: Instant
  readonly nextAt: Instant
  readonly nextStep: NextStep
  readonly triesDone: number
  readonly paused: boolean
  readonly holder: Holder | null
}

/** What is shown of the exchange itself. */
export type CaseFacts = Pick<
  ExchangeEntry,
  'id' | 'transaction' | 'institution' | 'message' | 'destination' | 'at'
>

/** Shows one case. */
export function openCase(facts: CaseFacts, known: SearchState, progress: CaseProgress): OpenCase {
  const { id, transaction, institution, message, destination, at } = facts
  const { now, nextAt, nextStep, triesDone, paused, holder } = progress
  const stuck = nextStep === 'operator' || known.sightings > 0 || now - at > OPERATOR_AFTER_MS
  return {
    exchange: id,
    transaction,
    institution,
    message,
    destination,
    since: shanghaiTime(at),
    ageSeconds: Math.floor((now - at) / 1000),
    nextStep,
    closesOn: dayOfNextMonth(dayOf(at), CONFIRMATION_DAY),
    owner: paused || stuck ? 'operator' : 'recovery',
    triesDone,
    notFound: known.searches,
    nextAt: shanghaiTime(nextAt),
    leasedBy: holder?.owner ?? null,
    leasedUntil: holder && shanghaiTime(holder.until),
  }
}
