/** The stores of the other workers, read beside them. Opened when first asked for: by then their owners have made them. */
import type Sqlite from 'better-sqlite3'
import { type Database, databaseFile, openDatabaseBeside } from '../store/database.ts'
import type { Parts } from '../store/parts.ts'
import { homeOf } from './home.ts'
import type { Neighbours } from './neighbours.ts'

/** What the others have recorded. Their indexes are a moment behind their journals. */
export interface Records extends Parts {
  /** The institution that opened an encounter in another worker. */
  institutionOf(encounter: string): string | null
  close(): void
}

interface Beside {
  readonly database: Database
  readonly opening: Sqlite.Statement<[string], string>
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
    close() {
      for (const { database } of opened.values()) database.$client.close()
    },
  }
}
