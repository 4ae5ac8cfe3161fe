/**
 * Which segments of the journal may be archived: a pure decision. They go in order and from the first on, so that what
 * stays is one piece and the chain runs from the archive into it.
 */
import type { Instant } from '../../domain/day.ts'
import { isFinal, type State } from '../exchange-state.ts'

/** What decides about one segment that is not archived. */
export interface SegmentFacts {
  readonly segment: number
  readonly lastSequence: number
  /** When its newest record was written. */
  readonly newest: Instant
  /**
   * Exchanges that begin in it or have an outcome in it, by their present state, wherever that was recorded; and since
   * when the youngest of them is in it. Notes, which have no key, are ended as they are and left out.
   */
  readonly states: readonly { readonly state: State; readonly youngest: Instant }[]
}

/** How far the journal as a whole has come. */
export interface JournalProgress {
  /** The segment that is written to. */
  readonly present: number
  /** The last record that a link covers. */
  readonly linkedUpTo: number
  /** The last record that the index holds. */
  readonly indexedUpTo: number
}

/** Why a segment has to stay. */
export type Reason = 'present' | 'not-linked' | 'not-indexed' | 'too-young' | 'unresolved'

/** What may be archived, in order; and the first segment that may not, with the reason. */
export interface Decision {
  readonly segments: readonly number[]
  readonly stays: { readonly segment: number; readonly because: Reason } | null
}

/**
 * Decides.
 *
 * @param segments all that are not archived, in order
 * @param olderThan what happened at this moment or later stays
 */
export function archivable(
  segments: readonly SegmentFacts[],
  standing: JournalProgress,
  olderThan: Instant,
): Decision {
  const chosen: number[] = []
  for (const facts of segments) {
    const because = obstacle(facts, standing, olderThan)
    if (because) return { segments: chosen, stays: { segment: facts.segment, because } }
    chosen.push(facts.segment)
  }
  return { segments: chosen, stays: null }
}

function obstacle(facts: SegmentFacts, standing: JournalProgress, olderThan: Instant): Reason | null {
  if (facts.segment >= standing.present) return 'present'
  if (facts.lastSequence > standing.linkedUpTo) return 'not-linked'
  if (facts.lastSequence > standing.indexedUpTo) return 'not-indexed'
  if (facts.newest >= olderThan) return 'too-young'
  return facts.states.every(({ state, youngest }) => isEnded(state, youngest, olderThan))
    ? null
    : 'unresolved'
}

/** What was never sent may be tried again under its key; one that is as old as that will not be. */
function isEnded(state: State, since: Instant, olderThan: Instant): boolean {
  return isFinal(state) || (state === 'unsent' && since < olderThan)
}
