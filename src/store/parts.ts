/**
 * Reads the journal indexes of several workers. Each holds everything about its institutions and has its own
 * numbering, so they are read one by one and the results combined.
 */
import type Sqlite from 'better-sqlite3'

/** A store as readers need it: SQL only, without drizzle. */
export interface Store {
  readonly $client: Sqlite.Database
  /** Set if it stands for the stores of several workers. */
  readonly $parts?: Parts<Store>
}

/** The stores of all workers. */
export interface Parts<One> {
  /** In order of the workers. */
  all(): readonly One[]
  /** The store of an institution. */
  of(institution: string): One
}

interface Whole<One> {
  readonly $parts?: Parts<One>
}

/** The stores to read: those of all workers, or the only one. */
export function partsOf<One extends Whole<One>>(store: One): readonly One[] {
  return store.$parts?.all() ?? [store]
}

/** The store of an institution. */
export function partFor<One extends Whole<One>>(store: One, institution: string): One {
  return store.$parts?.of(institution) ?? store
}

/** Makes a store stand for all of them. */
export function joined<One extends object>(store: One, parts: Parts<One>): One {
  return Object.assign(store, { $parts: parts })
}
