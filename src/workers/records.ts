/** The stores of the other workers, read beside them. Opened when first asked for: by then their owners have made them. */
import type Sqlite from 'better-sqlite3'
import { KEY_IS } from '../journal/sqlite-index.ts'
import { type Database, databaseFile, openDatabaseBeside } from '../store/database.ts'
import type { Parts } from '../store/parts.ts'
import { homeOf } from './home.ts'
import type { Neighbours } from './neighbours.ts'

/** What the others have recorded. Their indexes are a moment behind their journals. */
export interface Records extends Parts {
  /** The institution that opened an encounter in another worker. */
  institutionOf(encounter: string): string | null
  /** Whether another worker has a message under one of these keys. */
  hasKey(keys: readonly string[]): boolean
  close(): void
}

interface Beside {
  readonly database: Database
  readonly opening: Sqlite.Statement<[string], string>
  readonly key: Sqlite.Statement<[string, string], number>
}

const OPENING = `
  select exchange.institution from outcome join exchange on exchange.id = outcome.exchange
  where outcome.encounter = ? and outcome.state = 'accepted' and exchange.encounter is null
    and exchange.key is not null order by outcome.id limit 1`

/** @param own the store of this worker */
export function openRecords(
  {
    own: number,
    workers,
    others,
    directoryOf,
  }: Pick<Neighbours, 'own' | 'workers' | 'others' | 'directoryOf'>,
  own: Database,
): Records {
  const opened = new Map<number, Beside>()

  function beside(worker: number): Beside {
    const known = opened.get(worker)
    if (known) return known
    const database = openDatabaseBeside(databaseFile(directoryOf(worker)))
    const one = {
      database,
      opening: database.$client.prepare<[string], string>(OPENING).pluck(),
      key: database.$client
        .prepare<[string, string], number>(`select 1 from exchange where ${KEY_IS}`)
        .pluck(),
    }
    opened.set(worker, one)
    return one
  }

  const of = (worker: number) => (worker === number ? own : beside(worker).database)
  return {
    all: () => Array.from({ length: workers }, (_, index) => of(index + 1)),
    of: (institution) => of(homeOf(institution, workers)),
    institutionOf(encounter) {
      for (const worker of others()) {
        const institution = beside(worker).opening.get(encounter)
        if (institution !== undefined) return institution
      }
      return null
    },
    hasKey: (keys) =>
      others().some((worker) => keys.some((key) => beside(worker).key.get(key, key) !== undefined)),
    close() {
      for (const { database } of opened.values()) database.$client.close()
    },
  }
}
