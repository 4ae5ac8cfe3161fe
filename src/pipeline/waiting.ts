/**
 * The same message once more while the first is on its way: some HTTP clients send a POST again by themselves, and whoever
 * called must not hear "no" of what is being done. The second waits for the outcome of the first, within its own limit.
 */
import type { Message } from '../extension/dialect.ts'
import { InFlight } from '../journal/noes.ts'
import type { Clock } from '../ports.ts'
import type { Services } from './context.ts'
import { refuseAfter } from './undone.ts'

/** A request as far as it must be known to wait for its first. */
export interface Again {
  readonly key: string | null
  readonly bodyHash: string | null
}

/**
 * Waits for as long as the same request is being handled.
 *
 * @param until by the monotonic clock
 * @throws {GatewayError} key-in-flight when the time is over, or the journal cannot be written any more
 */
export async function waitForFirst(
  services: Pick<Services, 'clock' | 'journal'>,
  { key, bodyHash }: Again,
  until: number,
): Promise<void> {
  if (key === null) return
  for (;;) {
    const flight = await services.journal.inFlight(key)
    if (!flight || flight.bodyHash !== bodyHash) return
    await within(services, until, new InFlight('first', flight))
  }
}

/**
 * Waits for what a message has found under way when it would begin: the same message, the one that it undoes, or another that
 * undoes the same, by which it is then judged. What was waited for may have ended unsent, and one of several that wait is the
 * next try: so whoever has waited begins anew, and finds that.
 *
 * @param found what the beginning has thrown
 * @param until by the monotonic clock
 * @throws {GatewayError} what was found, when the time is over; invalid-field where the other has undone what this would
 */
export async function waitFor(
  services: Pick<Services, 'clock' | 'journal'>,
  found: InFlight,
  message: Message,
  until: number,
): Promise<void> {
  await within(services, until, found)
  if (found.of === 'other') refuseAfter(await services.journal.byKey(found.flight.key), message)
}

async function within(
  { clock, journal }: Pick<Services, 'clock' | 'journal'>,
  until: number,
  over: InFlight,
): Promise<void> {
  // Without the journal there will be no outcome in this run.
  if (!journal.writable()) throw over
  if (!(await comesWithin(clock, over.flight.landed, until - clock.elapsed()))) throw over
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
