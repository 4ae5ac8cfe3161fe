/** The stores of the other workers, read beside them. Opened when first asked for: by then their owners have made them. */
import { type ExchangeEntry, type ExchangeState, type Opener, openerOf } from '../journal/entry.ts'
import { type Database, databaseFile, openDatabaseBeside } from '../store/database.ts'
import { type CommonQueries, commonQueries } from '../store/queries/exchanges.ts'
import type { Neighbours } from './neighbours.ts'

/** What the others have recorded. Their indexes are a moment behind their journals. */
export interface Records {
  /** Who opened an encounter with this id in the other workers. */
  openers(encounter: string): Opener[]
  /** Settlements and cancellations of the other workers whose yes gave this settlement id. */
  settlers(settlement: string): ExchangeState[]
  /** Messages of the other workers with this id, of whatever transaction. */
  messages(id: string): ExchangeEntry[]
  close(): void
}

interface Beside {
  readonly database: Database
  readonly ask: CommonQueries<ExchangeEntry>
}

/** Opens none of them yet. */
export function openRecords({ others, directoryOf }: Pick<Neighbours, 'others' | 'directoryOf'>): Records {
  const opened = new Map<number, Beside>()

  function beside(worker: number): Beside {
    const known = opened.get(worker)
    if (known) return known
    const database = openDatabaseBeside(databaseFile(directoryOf(worker)))
    const one = { database, ask: commonQueries<ExchangeEntry>(database.$client) }
    opened.set(worker, one)
    return one
  }

  return {
    openers: (encounter) =>
      others()
        .flatMap((worker) => beside(worker).ask.openings(encounter))
        .map((one) => ({ ...openerOf(one), exchange: null })),
    settlers: (settlement) =>
      others()
        .flatMap((worker) => beside(worker).ask.settlers(settlement))
        .map((exchange) => ({ exchange, state: 'accepted' })),
    messages: (id) => others().flatMap((worker) => beside(worker).ask.messages(id)),
    close() {
      for (const { database } of opened.values()) database.$client.close()
    },
  }
}
