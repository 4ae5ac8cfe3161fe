/** Results of the codebook engine. A wrong code is a result with a reason, never an exception. */
import type { Day } from '../domain/day.ts'
import type { Codebook, CodebookEntry, MapRelation } from '../extension/codebook.ts'
import type { EditionHead, MapTarget, NoTarget } from './store/rows.ts'

/** A codebook without its rows, of which there may be millions. */
export interface CodebookHead extends Omit<Codebook, 'editions'> {
  /** Editions in use, by first day. */
  readonly editions: readonly EditionHead[]
  /** The whole table was imported, so a code that it lacks does not exist. Shipped tables are starters. */
  readonly complete?: true
}

/** Why a national code cannot be used on a day. */
export type LookupReason =
  | 'unknown-standard'
  | 'wrong-shape'
  | 'before-first-edition'
  | 'not-in-table'
  | 'not-yet-valid'
  | 'retired'
  | 'grey'
  | 'heading'

/**
 * Why a given code has no national one. `not-mapped` (not yet, or not on this day) and `several` (the map leaves
 * alternatives undecided) concern the local system; the rest are decisions that there is none.
 */
export type ResolveReason = LookupReason | 'not-mapped' | 'several' | NoTarget

/** A national code found in the edition of the day. */
export interface Found {
  readonly found: true
  /** The code as written in the table, with its local suffix if one was given. */
  readonly code: string
  /** Id of the codebook. */
  readonly standard: string
  /** Version of the edition in force. */
  readonly edition: string
  readonly entry: CodebookEntry
}

/** A national code that cannot be used, and what is known about it. */
export interface NotFound {
  readonly found: false
  readonly reason: LookupReason
  /** Version of the edition in force, if there is one. */
  readonly edition?: string
  /** The row that forbids it, if there is one. */
  readonly entry?: CodebookEntry
  /** First day on which it becomes valid, or is no longer valid. */
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
  /** Version of the map's edition. */
  readonly version: string
  readonly row: {
    readonly code: string
    readonly name: string
    /** Relation of the local code to its first national one. */
    readonly relation: MapRelation
    /** Source of the target, if the map names another than its edition does. */
    readonly provenance?: string
  }
  /** Beginning of its row in the journal's evidence (`mappedHead`). */
  readonly head: string
}

/** A translated code, with the edition and rows that decided it. */
interface ResolvedCode {
  readonly ok: true
  readonly code: string
  readonly name: string
  readonly standard: string
  readonly edition: string
  readonly entry: CodebookEntry
  /** Absent if the code was given as national. */
  readonly map?: MapUse
  /** Further national codes if the local one means several together; each is valid on the day. */
  readonly also?: readonly string[]
}

/** A given code without a usable national one. */
interface UnresolvedCode {
  readonly ok: false
  readonly reason: ResolveReason
  /** Chinese sentence for the cashier. */
  readonly text: string
  /** Nearest valid codes, best first. */
  readonly candidates: readonly Candidate[]
}

/** Answer of a translation. */
export type Resolved = ResolvedCode | UnresolvedCode

/** A national code that a local one maps to on a day. */
export interface Target {
  readonly code: string
  readonly name: string
  /** Relation of the local code to it. */
  readonly relation: MapRelation
  /** Whether all targets of its group apply together, or one is to be chosen. */
  readonly together: boolean
  /** Groups are alternatives; targets of one group share a number, from 1. */
  readonly group: number
  /** Rank among the alternatives of a group. */
  readonly priority: number
  /** Version of the national table's edition. */
  readonly edition: string
  readonly provenance?: string
}

/** A target named by the map that cannot be used on the day. */
export interface UnusableTarget extends Pick<MapTarget, 'code' | 'relation'> {
  readonly reason: LookupReason
  readonly name?: string
  readonly since?: Day
  /** For display only; never followed. */
  readonly replacedBy?: string
}

/** All targets of a code on a day. */
export interface Translation {
  readonly code: string
  readonly name?: string
  readonly targets: readonly Target[]
  /** Why there is no target. */
  readonly reason?: ResolveReason | 'unknown-system'
  /** Chinese sentence explaining it. */
  readonly text?: string
  readonly unusable?: readonly UnusableTarget[]
  /** Edition of the map, `beijing-7.0@2021`; absent if the code is national or nothing was found. */
  readonly map?: string
}

/** A local code that maps to a national one on a day. */
export interface ReverseSource {
  readonly code: string
  readonly name: string
  /** Relation of the local code to the national one. */
  readonly relation: MapRelation
  /** Whether the local code means further national codes as well. */
  readonly together: boolean
  /** Version of the map's edition. */
  readonly edition: string
  readonly provenance?: string
}

/** All local codes that map to a national one; none is chosen. */
export interface Reversed {
  readonly code: string
  readonly targets: readonly ReverseSource[]
  /** More than one: detail lost in the mapping cannot be restored. */
  readonly several: boolean
  readonly reason?: 'not-mapped' | 'before-first-edition' | 'unknown-system' | 'unknown-standard'
}
