/**
 * How long a caller waits: `Prefer: wait=10` (RFC 7240), whole seconds. It is a registered header that says exactly this,
 * so that no name of our own has to be learned; what cannot be read is ignored, as the RFC asks. A shorter wait than the
 * gateway's own limits is kept to, a longer one changes nothing.
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
