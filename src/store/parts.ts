/**
 * The indexes of the journals of several workers, for whoever reads them all. Each holds everything of its institutions,
 * and their numbers are their own: so they are read one by one, and what they say is put together.
 */
import type Sqlite from 'better-sqlite3'

/** A store as its readers need it: SQL alone, without the weight of drizzle. */
export interface Store {
  readonly $client: Sqlite.Database
  /** Where it stands for those of several workers. */
  readonly $parts?: Parts<Store>
}

/** The stores of all workers. */
export interface Parts<One> {
  /** In the order of the workers. */
  all(): readonly One[]
  /** The store of an institution. */
  of(institution: string): One
}

interface Whole<One> {
  readonly $parts?: Parts<One>
}

/** The stores to read: those of all workers, or the one there is. */
export function partsOf<One extends Whole<One>>(store: One): readonly One[] {
  return store.$parts?.all() ?? [store]
}

/** The store that holds what is of an institution. */
export function partFor<One extends Whole<One>>(store: One, institution: string): One {
  return store.$parts?.of(institution) ?? store
}

/** Makes a store that is read stand for all of them. */
export function joined<One extends object>(store: One, parts: Parts<One>): One {
  return Object.assign(store, { $parts: parts })
}
