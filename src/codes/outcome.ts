/** What the codebook engine answers. Nothing is thrown for a wrong code: it is a result with a reason. */
import type { Day } from '../domain/day.ts'
import type { CodebookEntry, CodeMapRow } from '../extension/codebook.ts'

/** Why a national code cannot be used on a day. */
type LookupReason =
  | 'unknown-standard'
  | 'wrong-shape'
  | 'before-first-edition'
  | 'not-in-table'
  | 'not-yet-valid'
  | 'retired'
  | 'grey'

/** Why a given code has no national one; `not-mapped` is about the local system. */
export type ResolveReason = LookupReason | 'not-mapped'

/** A national code found in the edition of the day. */
export interface Found {
  readonly found: true
  /** The code as the table writes it, with its local suffix where one was given. */
  readonly code: string
  /** Id of the codebook. */
  readonly standard: string
  /** Version of the edition in force. */
  readonly edition: string
  readonly entry: CodebookEntry
}

/** A national code that cannot be used, with what is known about it. */
export interface NotFound {
  readonly found: false
  readonly reason: LookupReason
  /** Version of the edition in force, where there is one. */
  readonly edition?: string
  /** The row that forbids it, where there is one. */
  readonly entry?: CodebookEntry
  /** Day from which it is, or was no longer, valid. */
  readonly since?: Day
}

/** A code someone may have meant. */
export interface Candidate {
  readonly code: string
  readonly name: string
}

/** The row of a local map that was used. */
export interface MapUse {
  readonly system: string
  readonly version: string
  readonly row: CodeMapRow
}

/** A given code made national, with the edition and the rows that said so. */
interface ResolvedCode {
  readonly ok: true
  readonly code: string
  readonly name: string
  readonly standard: string
  readonly edition: string
  readonly entry: CodebookEntry
  /** Absent where the code was given as national. */
  readonly map?: MapUse
  /** Further national codes where the local one means several together; each is valid on the day. */
  readonly also?: readonly string[]
}

/** A given code that has no usable national one. */
interface UnresolvedCode {
  readonly ok: false
  readonly reason: ResolveReason
  /** Chinese sentence for the person at the counter. */
  readonly text: string
  /** Nearest valid codes, best first. */
  readonly candidates: readonly Candidate[]
}

/** Answer of a translation. */
export type Resolved = ResolvedCode | UnresolvedCode
