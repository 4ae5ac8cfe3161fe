/** The sums of the messages of money over the stores of all workers, as their indexes keep them. */
import { partsOf, type Store } from '../store/parts.ts'
import { addTally, countTally, keptTally, type MoneyTally } from '../store/queries/money-totals.ts'

/**
 * Reads them. Where an index keeps none yet, its rows are counted, and always for some institutions alone.
 *
 * @param institutions whose messages are counted; null for all
 */
export function readTotals(store: Store, institutions: readonly string[] | null = null): MoneyTally {
  return partsOf(store)
    .map(({ $client }) => (institutions ? null : keptTally($client)) ?? countTally($client, institutions))
    .reduce((sum, part) => addTally(sum, part))
}
