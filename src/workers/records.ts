/** The stores of the other workers, read beside them. Opened when first asked for: by then their owners have made them. */
import type Sqlite from 'better-sqlite3'
import { type ExchangeEntry, type ExchangeState, type Opener, openerOf } from '../journal/entry.ts'
import { MESSAGES, OPENINGS, SETTLERS, selection } from '../journal/index/sqlite-index.ts'
import { type Database, databaseFile, openDatabaseBeside } from '../store/database.ts'
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
  readonly openings: Sqlite.Statement<[string], ExchangeEntry>
  readonly settlers: Sqlite.Statement<[string], ExchangeEntry>
  readonly messages: Sqlite.Statement<[string, string], ExchangeEntry>
}

const EXCHANGE = `select ${selection('exchange')}`

/** Opens none of them yet. */
export function openRecords({ others, directoryOf }: Pick<Neighbours, 'others' | 'directoryOf'>): Records {
  const opened = new Map<number, Beside>()

  function beside(worker: number): Beside {
    const known = opened.get(worker)
    if (known) return known
    const database = openDatabaseBeside(databaseFile(directoryOf(worker)))
    const one = {
      database,
      openings: database.$client.prepare<[string], ExchangeEntry>(`${EXCHANGE} ${OPENINGS}`),
      settlers: database.$client.prepare<[string], ExchangeEntry>(`${EXCHANGE} ${SETTLERS}`),
      messages: database.$client.prepare<[string, string], ExchangeEntry>(`${EXCHANGE} ${MESSAGES}`),
    }
    opened.set(worker, one)
    return one
  }

  return {
    openers: (encounter) =>
      others()
        .flatMap((worker) => beside(worker).openings.all(encounter))
        .map((one) => ({ ...openerOf(one), exchange: null })),
    settlers: (settlement) =>
      others()
        .flatMap((worker) => beside(worker).settlers.all(settlement))
        .map((exchange) => ({ exchange, state: 'accepted' })),
    messages: (id) => others().flatMap((worker) => beside(worker).messages.all(id, id)),
    close() {
      for (const { database } of opened.values()) database.$client.close()
    },
  }
}
