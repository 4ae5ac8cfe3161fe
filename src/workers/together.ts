/** What a gateway that is one of several workers needs besides: it stands where `app.ts` puts one gateway together. */
import type { Journal } from '../journal/journal.ts'
import { allIndexed } from './gather.ts'
import type { Neighbours } from './neighbours.ts'
import { createPlacing, type Placing } from './placing.ts'
import { openRecords } from './records.ts'

/** What is added to a gateway. */
export interface Together {
  readonly placing: Placing
  /** The journal, which also knows what other workers have opened, settled and sent. */
  readonly journal: Journal
  /** Resolves when the tables of all workers hold what they have answered. */
  indexed(): Promise<void>
  close(): void
}

/** Puts it together. */
export function standTogether(neighbours: Neighbours, own: Journal): Together {
  const records = openRecords(neighbours)
  return {
    placing: createPlacing(neighbours, own, records),
    journal: {
      ...own,
      // What is another institution's is refused here as it is in one process.
      openers: async (encounter) => [...(await own.openers(encounter)), ...records.openers(encounter)],
      settlers: async (settlement, here) =>
        here
          ? own.settlers(settlement)
          : orElse(await own.settlers(settlement), () => records.settlers(settlement)),
      messages: async (...asked) => orElse(await own.messages(...asked), () => records.messages(...asked)),
    },
    indexed: () => allIndexed({ neighbours, journal: own }),
    close: records.close,
  }
}

/** What is an institution's own is all in its home: the others are asked only where there is nothing. */
function orElse<Found>(own: readonly Found[], ask: () => readonly Found[]): readonly Found[] {
  return own.length > 0 ? own : ask()
}
