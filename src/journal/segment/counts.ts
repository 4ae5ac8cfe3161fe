/** How often a message was looked for in vain, and how often it was seen standing after its reversal. */
import type { OutcomeEntry, StoredExchange } from '../entry.ts'

/** The counts of an exchange by its last outcome; undefined where it has none. */
export function countsOf(
  outcome: Pick<OutcomeEntry, 'state' | 'told' | 'searches' | 'sightings'> | undefined,
): Pick<StoredExchange, 'searches' | 'sightings'> {
  if (!outcome) return { searches: 0, sightings: 0 }
  const { searches, sightings } = outcome
  return {
    searches: searches ?? countBefore('unknown', SEARCHED, outcome),
    sightings: sightings ?? countBefore('undoing', SEEN_STANDING, outcome),
  }
}

/**
 * The sentences in which builds before the columns `searches` and `sightings` told the counts, and nowhere else. They are
 * history: what this build tells people may be worded otherwise at any time, and is never read.
 */
const SEARCHED = /^第(\d+)次查询/
const SEEN_STANDING = /^冲正已获肯定答复，第(\d+)次复核仍查见/

/**
 * The count of an outcome that such a build wrote. Without it a case that an update finds would be reversed late; one that
 * a person has to look at would be reversed a second time.
 */
function countBefore(
  state: OutcomeEntry['state'],
  form: RegExp,
  outcome: Pick<OutcomeEntry, 'state' | 'told'>,
): number {
  return outcome.state === state && outcome.told ? Number(form.exec(outcome.told)?.[1] ?? 0) : 0
}
