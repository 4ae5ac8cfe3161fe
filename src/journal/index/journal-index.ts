/**
 * The index port: where the records of an exchange are. It is made from the segments and may be made anew from them at
 * any time; the journal reads the records themselves.
 */

import type { ReadRecord } from '../segment/batch-format.ts'
import type { Name } from './bloom-filter.ts'

/** Where a record rests. */
export interface Place {
  readonly segment: number
  readonly offset: number
  readonly length: number
}

/** A point between two batches of the journal. */
export interface Point {
  readonly segment: number
  readonly offset: number
}

/** The last link of the chain, as far as it matters to go on. */
export interface ChainEnd {
  readonly number: number
  readonly hash: string
  /** The last record that it covers. */
  readonly lastSequence: number
}

/** How far the index has come. */
export interface Position extends Point {
  readonly nextSequence: number
  /** The last link that rests in the journal up to here. */
  readonly link: ChainEnd
  /** Where the records that this link does not cover begin. */
  readonly linkedTo: Point
}

/** Columns of an indexed record by field, without what is sealed. */
export type Columns = Readonly<Record<string, unknown>>

/** A row of the index. */
export interface Indexed {
  readonly columns: Columns
  readonly place: Place
}

/** An exchange as the index finds it. */
export interface Located {
  readonly exchange: Indexed
  /** Its last outcome. */
  readonly last: Indexed | null
}

/** The index as the journal asks it. */
export interface JournalIndex {
  byKey(key: string): Located | null
  /** Exchanges whose key ends like this, in order. @param end 18 characters at least */
  byKeyEnd(end: string): readonly Located[]
  byId(id: number): Located | null
  /** The keyed exchange of an institution with this message id and transaction. */
  byMessage(institution: string, message: string, transaction: string): Located | null
  /** Keyed exchanges without a final state, oldest first. */
  unresolved(): Iterable<Located>
  /** The exchanges that opened an encounter with this id, oldest first. */
  openings(encounter: string): readonly Indexed[]
  /** Keyed settlements, cancellations and openings of orders whose yes gave this settlement id. */
  settlers(settlement: string): readonly Located[]
  /** Keyed cancellations that name an encounter. */
  cancellations(encounter: string): readonly Located[]
  /** Keyed settlements that name an encounter, oldest first. */
  settlements(encounter: string): readonly Located[]
  /** Keyed messages of any institution with this id, of whatever transaction. */
  messages(id: string): readonly Indexed[]
  /** The largest id of an exchange, 0 where there is none. */
  lastId(): number
  /** The last segment that was moved to an archive; 0 where none was. */
  archivedUpTo(): number
  close(): void | Promise<void>
}

/** A record with its place. */
export interface PlacedRecord {
  readonly segment: number
  readonly record: ReadRecord
  /** What it says: its type and its columns, in their order. Of a link nothing. */
  readonly told: readonly unknown[]
}

/** The index as it is made. */
export interface IndexWriter {
  /** Null where nothing has been indexed. */
  position(): Position | null
  /** Takes records in and moves the position, both or neither. */
  apply(records: readonly PlacedRecord[], position: Position): void
  /** The last segment that was moved to an archive; 0 where none was. */
  archivedUpTo(): number
  /** Names that the index can be asked for, of exchanges and of outcomes after these. */
  names(afterExchange: number, afterOutcome: number): Iterable<Name>
  /** Tells an exchange from any other that could have its number; null where there is none. */
  mark(exchange: number): string | null
  close(): void | Promise<void>
}
