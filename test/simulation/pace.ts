/** Rule 5: how long an answer may take, by the clock of the run. */
import type { OutboundReply } from '../../src/pipeline/context.ts'
import { QUESTIONS } from './departures.ts'
import { DEADLINE_MS, QUERY_DEADLINE_MS } from './limits.ts'
import type { Sent } from './sent.ts'

/**
 * The slowest commits that one message may wait for: its intent, what it undoes and its outcome, each behind another; and
 * once the next segment.
 */
const COMMITS_MS = 6 * 405 + 2 * 720
/** Two hops there and back, on a network where nothing happens. */
const NETWORK_MS = 4 * 62

const asks = (infno: string) => QUESTIONS.includes(infno)

/** What shows that an order is paid writes it down first. */
const commitsMs = (infno: string) => (infno === '2171' ? COMMITS_MS : 1)

/** Whatever happens, a caller hears something in time. */
export function tookTooLong(infno: string, tookMs: number, patienceMs: number | null): string | null {
  const [ours, more] = asks(infno) ? [QUERY_DEADLINE_MS, commitsMs(infno)] : [DEADLINE_MS, COMMITS_MS]
  const bound = Math.min(ours, patienceMs ?? ours) + more
  return tookMs > bound ? `was answered after ${tookMs} ms` : null
}

/** The province of the insured place. */
const homeOf = ({ person }: Sent) => `${person.area.slice(0, 2)}0000`

/** Where nothing but one province hangs, what is about the others ends as if nothing had happened. */
export function paceFault(
  sent: Sent,
  problem: OutboundReply['problem'],
  tookMs: number,
  hung: string | null,
): string | null {
  if (hung === null || homeOf(sent) === hung) return null
  const bound = NETWORK_MS + (asks(sent.infno) ? commitsMs(sent.infno) - 1 : COMMITS_MS)
  if (tookMs > bound) return `took ${tookMs} ms while only ${hung} hangs`
  const suffers = ['destination-down', 'destination-busy', 'outcome-unknown'].includes(problem ?? '')
  return suffers ? `was answered ${problem} while only ${hung} hangs` : null
}
