/** The stores of a data directory for a command that works beside the gateway: the one, or those of all workers. */
import type { Database } from '../store/database.ts'
import { databaseFile } from '../store/database.ts'
import { joinStores } from './join.ts'
import { partsIn } from './layout.ts'

/** Open stores. */
export interface Stores {
  /** Stands for all of them. */
  readonly database: Database
  close(): void
}

/**
 * Opens them.
 *
 * @param open opens the store of one journal
 */
export function openStores(dataDir: string, open: (file: string) => Database): Stores {
  const stores = partsIn(dataDir, '').map((part) => open(databaseFile(part.dataDir)))
  return {
    database: joinStores(stores),
    close() {
      for (const store of stores) store.$client.close()
    },
  }
}
