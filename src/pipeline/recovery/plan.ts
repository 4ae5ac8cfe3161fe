/** What to do next about an open case, and when: decided from what the journal says, so that a restart changes nothing. */
import { backoffMs, jittered } from '../../backoff.ts'
import type { Instant } from '../../domain/day.ts'
import type { Evidence } from '../../extension/evidence.ts'
import type { OutcomeEntry, StoredExchange } from '../../journal/entry.ts'
import type { Random } from '../../ports.ts'

/** Searches in vain before a reversal. Source: docs/facts/cross-region.md, When a part is down [A]. */
const TRIES_BEFORE_REVERSAL = 3
const PAUSE_MAX_MS = 60_000
const DOUBLINGS_MAX = 10

/** What recovery is about to do about one exchange. */
export type NextStep = 'ask' | 'undo' | 'verify' | 'resend' | 'operator'

/** What is known of a case, as far as it decides the next step. */
export type SearchState = Pick<StoredExchange, 'state' | 'searches' | 'sightings'>

/**
 * When a search in vain begins to count: at the deadline of the message itself, counted from when it left. Until then a
 * platform that is only slow may still book it, however soon the line to it broke. Where nobody measured when it left (a
 * restart came between), it left at the latest when it became unknown.
 *
 * @param limitMs longest wait for the answer to such a message; a caller's own shorter patience makes no platform faster
 */
export function countsFrom(
  known: Pick<StoredExchange, 'state' | 'searches' | 'since' | 'counterpartMicros'>,
  limitMs: number,
): Instant {
  // It was counted before, so the deadline was over by then.
  if (known.state !== 'unknown' || known.searches > 0) return known.since
  return (known.since - (known.counterpartMicros ?? 0) / 1000 + limitMs) as Instant
}

/** What an outcome notes of one more search in vain: the count, and a sentence for people. @param inPart some rows of a list were found */
export function searchedOnceMore(
  { searches }: SearchState,
  inPart = false,
): Pick<OutcomeEntry, 'searches' | 'told'> {
  const count = searches + 1
  const told = inPart ? '平台仅查见清单中的部分行' : '平台明确答复查无此笔'
  return { searches: count, told: `第${count}次查询，${told}` }
}

/** Whether a search that counts is the one by which it would be held for not done, were nothing found. */
export function isLastSearch({ searches }: SearchState): boolean {
  return searches + 1 >= TRIES_BEFORE_REVERSAL
}

/** What an outcome notes of a message that was found standing after its reversal had been answered with a yes. */
export function sightedOnceMore({ sightings }: SearchState): Pick<OutcomeEntry, 'sightings' | 'told'> {
  const count = sightings + 1
  return {
    sightings: count,
    told: `冲正已获肯定答复，第${count}次复核仍查见该笔，请人工与平台核对`,
  }
}

/**
 * What to do next about a message. Once a reversal has left there is no going back to asking: what a question finds then
 * may be undone a moment later.
 *
 * @param answered whether a reversal of it was answered with a yes in this run
 */
export function nextStep(evidence: Evidence | undefined, known: SearchState, answered: boolean): NextStep {
  if (known.state === 'undoing') return answered || known.sightings > 0 ? 'verify' : 'undo'
  if (evidence?.resend) return 'resend'
  const asks = evidence?.questions ?? evidence?.list
  if (asks && known.searches < TRIES_BEFORE_REVERSAL) return 'ask'
  if (evidence?.undo || asks) return 'undo'
  return 'operator'
}

/** Tries that a case taken up anew is held to have had: as many as the waiting since its last outcome would have seen. */
export function triesSoFar(known: SearchState, waitedMs: number, pauseMs: number): number {
  const waited = Math.floor(Math.log2(1 + Math.max(0, waitedMs) / Math.max(1, pauseMs)))
  return Math.min(DOUBLINGS_MAX, Math.max(waited, known.searches))
}

/**
 * How often the pause has doubled after a step. A search that was answered shows that the place is there again: from then
 * on the pauses go by the searches alone, or the case would stay open as long again as the place was silent.
 */
export function doublingsAfter(doublings: number, before: SearchState, after: SearchState): number {
  return after.searches > before.searches ? Math.min(doublings, after.searches) : doublings
}

/** The pause before the next try: twice as long each time up to a limit, a quarter of it up or down by chance. */
export function pauseBefore(doublings: number, pauseMs: number, random: Random): number {
  return jittered(backoffMs(Math.min(doublings, DOUBLINGS_MAX), pauseMs, PAUSE_MAX_MS), random)
}
