/** The disk port of the embedded engine: the only way to durable memory. It judges nothing, and answers at once. */
import type { Entry, ExchangeEntry, ExchangeState, Opener, StoredExchange, Unresolved } from '../entry.ts'

/** The disk. */
export interface Disk {
  /** Writes a batch. Resolves when it would survive a power cut. @rejects where it cannot be proved */
  commit(batch: readonly Entry[]): Promise<void>
  byKey(key: string): StoredExchange | null
  /** Exchanges whose key ends like this, in order. @param end 18 characters at least: by so many a key is found */
  byKeyEnd(end: string): readonly StoredExchange[]
  byId(id: number): StoredExchange | null
  /** The keyed exchange of an institution with this message id and transaction. */
  byMessage(institution: string, message: string, transaction: string): StoredExchange | null
  /** Exchanges without a final state, oldest first; nothing that is sealed is opened. Reads all of them: for a start. */
  unresolved(): readonly Unresolved[]
  /** Who opened an encounter with this id, oldest first. */
  openers(encounter: string): readonly Opener[]
  /** The opener among them that is this institution, at the platform of this insured area; null where there is none. */
  ownOpener(encounter: string, institution: string, insuredArea: string): Opener | null
  /** Settlements and cancellations whose yes gave this settlement id. */
  settlers(settlement: string): readonly ExchangeState[]
  /** Cancellations of an encounter with this id. */
  cancellations(encounter: string): readonly ExchangeState[]
  /** Settlements that name an encounter with this id, oldest first. */
  settlements(encounter: string): readonly ExchangeState[]
  /** Messages of any institution with this id, of whatever transaction. */
  messages(id: string): readonly ExchangeEntry[]
  /** The largest id of an exchange, 0 in an empty journal. */
  lastId(): number
  /** Resolves when everything durable by now can be read in the tables of the index. @rejects where it will not be */
  indexed(): Promise<void>
  close(): Promise<void>
}
