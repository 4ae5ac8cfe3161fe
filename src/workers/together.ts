/** What a gateway that is one of several workers needs besides: it stands where `app.ts` puts one gateway together. */
import type { Journal } from '../journal/journal.ts'
import { type Database, databaseFile, openDatabaseBeside } from '../store/database.ts'
import { joined } from '../store/parts.ts'
import { allIndexed } from './gather.ts'
import type { Neighbours } from './neighbours.ts'
import { createPlacing, type Placing } from './placing.ts'
import { openRecords } from './records.ts'

/** What is added to a gateway. */
export interface Together {
  readonly placing: Placing
  /** The journal, which also knows what encounters other workers have opened. */
  readonly journal: Journal
  /** The store of this worker, which stands for those of all. */
  readonly everything: Database
  /** Resolves when the tables of all workers hold what they have answered. */
  indexed(): Promise<void>
  close(): void
}

/** Puts it together. */
export function standTogether(neighbours: Neighbours, own: Journal, dataDir: string): Together {
  const database = openDatabaseBeside(databaseFile(dataDir))
  const records = openRecords(neighbours, database)
  return {
    placing: createPlacing(neighbours, own, records),
    journal: {
      ...own,
      // An encounter of another institution is refused here as it is in one process.
      institutionOf: (encounter) => own.institutionOf(encounter) ?? records.institutionOf(encounter),
    },
    everything: joined(database, records),
    indexed: () => allIndexed({ neighbours, journal: own }),
    close() {
      records.close()
      database.$client.close()
    },
  }
}
