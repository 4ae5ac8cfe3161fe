/** The time that a caller gives: it counts from the arrival, through every stage, and what is spent is taken off. */
import type { Message } from '../extension/dialect.ts'
import type { Patience, RequestContext, Services } from './context.ts'
import { type Dispatcher, longestMs } from './dispatch.ts'
import { budgetSpent } from './refusals.ts'

/** Of the time that a caller gives so much is kept for making the outcome durable and for the way back. */
const KEPT_MS = 100

/** Until when the platform's answer must be there, by the monotonic clock. */
export function untilOf(
  dispatcher: Pick<Dispatcher, 'deadlineMs' | 'queryDeadlineMs'>,
  { inbound, stopwatch }: Pick<RequestContext, 'inbound' | 'stopwatch'>,
  message: Pick<Message, 'operation'>,
): number {
  return untilFor(stopwatch.start + longestMs(dispatcher, message), inbound.patience ?? null)
}

/** The end that is ours, or the caller's where that comes before. */
export function untilFor(ours: number, patience: Patience | null): number {
  return patience ? Math.min(ours, patience.since + patience.waitMs - KEPT_MS) : ours
}

/** Whether a message could not be sent in time any more. */
export function isLate({ clock }: Pick<Services, 'clock'>, until: number): boolean {
  return clock.elapsed() >= until
}

/**
 * Turns away, before anything is durable, what is late. A key that is known is let by: what stands under it needs no sending.
 *
 * @throws {GatewayError} budget-spent
 */
export async function refuseLate({ journal }: Pick<Services, 'journal'>, key: string | null): Promise<void> {
  if (key !== null && ((await journal.inFlight(key)) || (await journal.byKey(key)))) return
  throw budgetSpent('journal')
}
