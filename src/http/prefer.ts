/**
 * How long a caller is willing to wait: `Prefer: wait=10` (RFC 7240), in whole seconds. The registered header makes a
 * private one unnecessary; an unreadable value is ignored, as the RFC demands. A wait shorter than the gateway's
 * limits is observed, a longer one has no effect.
 */
import type { Patience } from '../pipeline/context.ts'

const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?:$|[,;\s])/i

/**
 * @param prefer the header
 * @param since when the request came, by the monotonic clock
 */
export function patienceOf(prefer: string | undefined, since: number): Patience | null {
  const seconds = prefer && WAIT.exec(prefer)?.[1]
  return seconds ? { since, waitMs: Number(seconds) * 1000 } : null
}
