/**
 * The same message once more while the first is on its way: some HTTP clients send a POST again by themselves, and whoever
 * called must not hear "no" of what is being done. The second waits for the outcome of the first, within its own limit.
 */
import { GatewayError } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import { messageName } from '../journal/entry.ts'
import { stillInFlight } from '../journal/noes.ts'
import type { Clock } from '../ports.ts'
import type { Services } from './context.ts'
import { isAnswered } from './replay.ts'
import { refuseAfter } from './undone.ts'

/** A request as far as it must be known to wait for its first. */
export interface Again {
  readonly key: string | null
  readonly bodyHash: string | null
}

/**
 * Waits where the same request is being handled just now. In the common case nothing is awaited: null.
 *
 * Several may wait for one. What they waited for may have ended unsent, and one of them is the next try: so whoever has
 * waited asks here again, and begins in the same turn in which the answer is null.
 *
 * @param until by the monotonic clock
 * @returns resolves when the first has an outcome
 * @throws {GatewayError} key-in-flight when the time is over, or the journal cannot be written any more
 */
export function waitForFirst(
  services: Pick<Services, 'clock' | 'journal'>,
  { key, bodyHash }: Again,
  until: number,
): Promise<void> | null {
  const landing = key === null ? null : services.journal.landing(key, bodyHash)
  return landing && within(services, landing, until, stillInFlight)
}

/**
 * A reversal waits for the outcome of what it undoes: before that nothing can be told of it.
 *
 * @throws {GatewayError} key-in-flight when the time is over
 */
export function waitForOriginal(
  services: Pick<Services, 'clock' | 'journal'>,
  { institution, subject }: Message,
  until: number,
): Promise<void> | null {
  const { original } = subject
  if (!original) return null
  const { id: message, transaction } = original
  const landing = services.journal.landing(messageName({ institution, transaction, message })!)
  return landing && within(services, landing, until, originalInFlight)
}

/**
 * Of what undoes one thing only one is under way: the other waits for its outcome and is judged by it. It is the same
 * whether the two are a cancellation and a reversal, or one of them twice under several ids.
 *
 * @param undoing name of what the message undoes, which does not stand under its own key by now
 * @throws {GatewayError} encounter-busy when the time is over; invalid-field where the first has undone it
 */
export function waitForOther(
  services: Pick<Services, 'clock' | 'journal'>,
  message: Message,
  undoing: string,
  until: number,
): Promise<void> | null {
  const other = services.journal.undoing(undoing)
  if (!other) return null
  return within(services, other.landing, until, otherInFlight).then(() =>
    refuseAfter(services.journal.byKey(other.key), message),
  )
}

/**
 * What is under way and must have its outcome before a message begins; null where nothing is.
 *
 * @param undoing name of what the message undoes; null where it undoes nothing
 * @throws {GatewayError} key-in-flight, encounter-busy; invalid-field where it has undone what this one would
 */
export function whatComesFirst(
  services: Pick<Services, 'clock' | 'journal'>,
  message: Message,
  intent: Again & { readonly key: string },
  undoing: string | null,
  until: number,
): Promise<void> | null {
  const first = waitForFirst(services, intent, until) ?? waitForOriginal(services, message, until)
  if (first || undoing === null || isAnswered(services.journal, intent.key)) return first
  return waitForOther(services, message, undoing, until)
}

function otherInFlight(): GatewayError {
  const detail = '同一业务的另一撤销或冲正报文仍在办理；本次未发出，费用没有变动，请待其有结果后再办理'
  return new GatewayError('encounter-busy', 'journal', detail)
}

function originalInFlight(): GatewayError {
  const detail = '原报文仍在办理，本次冲正未发出。请勿重复收费，待原报文有结果后再冲正'
  return new GatewayError('key-in-flight', 'journal', detail)
}

async function within(
  { clock, journal }: Pick<Services, 'clock' | 'journal'>,
  landing: Promise<void>,
  until: number,
  over: () => GatewayError,
): Promise<void> {
  // Without the journal there will be no outcome in this run.
  if (!journal.writable() || !(await comesWithin(clock, landing, until - clock.elapsed()))) throw over()
}

/** There is a timer only while somebody waits. */
function comesWithin(clock: Clock, landing: Promise<void>, ms: number): Promise<boolean> {
  if (ms <= 0) return Promise.resolve(false)
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false))
    void landing.then(() => {
      cancel()
      resolve(true)
    })
  })
}
