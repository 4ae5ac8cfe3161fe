/**
 * The indexes of the journals of several workers, for whoever reads them all. Each holds everything of its institutions,
 * and their numbers are their own: so they are read one by one, and what they say is put together.
 */
import type { Database } from './database.ts'

/** The stores of all workers. */
export interface Parts {
  /** In the order of the workers. */
  all(): readonly Database[]
  /** The store of an institution. */
  of(institution: string): Database
}

/** The stores to read: those of all workers, or the one there is. */
export function partsOf(database: Database): readonly Database[] {
  return database.$parts?.all() ?? [database]
}

/** The store that holds what is of an institution. */
export function partFor(database: Database, institution: string): Database {
  return database.$parts?.of(institution) ?? database
}

/** Makes a store that is read stand for all of them. */
export function joined(database: Database, parts: Parts): Database {
  return Object.assign(database, { $parts: parts })
}
