/** The stores of a data directory for a command that works beside the gateway: the one, or those of all workers. */
import type { Database } from '../store/database.ts'
import { databaseFile } from '../store/database.ts'
import { joined } from '../store/parts.ts'
import { homeOf } from './home.ts'
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
  const first = stores[0]!
  const parts = {
    all: () => stores,
    of: (institution: string) => stores[homeOf(institution, stores.length) - 1]!,
  }
  return {
    database: stores.length === 1 ? first : joined(first, parts),
    close() {
      for (const store of stores) store.$client.close()
    },
  }
}
