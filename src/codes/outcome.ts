/** What the codebook engine answers. Nothing is thrown for a wrong code: it is a result with a reason. */
import type { Day } from '../domain/day.ts'
import type { Codebook, CodebookEntry, MapRelation } from '../extension/codebook.ts'
import type { EditionHead, MapTarget, NoTarget } from './store/rows.ts'

/** A codebook without its rows, which may be millions. */
export interface CodebookHead extends Omit<Codebook, 'editions'> {
  /** Editions in use, in order of their first day. */
  readonly editions: readonly EditionHead[]
  /** Its rows were imported: the whole table, and what it lacks is not a code. What comes with the gateway are starters. */
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
 * Why a given code has no national one. About the local system: `not-mapped` (not yet, or not on this day), `several`
 * (alternatives that the map leaves undecided), and the decisions that there is none.
 */
export type ResolveReason = LookupReason | 'not-mapped' | 'several' | NoTarget

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
  /** Version of the map's edition. */
  readonly version: string
  readonly row: {
    readonly code: string
    readonly name: string
    /** How the local code lies to the first national one. */
    readonly relation: MapRelation
    /** Where the target comes from, where the map says more than the source of its edition. */
    readonly provenance?: string
  }
  /** The begin of its row in the journal's evidence (`mappedHead`). */
  readonly head: string
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

/** A national code that a local one leads to on a day. */
export interface Target {
  readonly code: string
  readonly name: string
  /** How the local code lies to it. */
  readonly relation: MapRelation
  /** Whether it stands with the others of its group, or is one to choose. */
  readonly together: boolean
  /** Groups are alternatives; targets of one group have one number, from 1. */
  readonly group: number
  /** Rank among the alternatives of a group. */
  readonly priority: number
  /** Version of the national table's edition. */
  readonly edition: string
  readonly provenance?: string
}

/** A target that the map names and that cannot be used on the day. */
export interface UnusableTarget extends Pick<MapTarget, 'code' | 'relation'> {
  readonly reason: LookupReason
  readonly name?: string
  readonly since?: Day
  /** Shown to a person; never followed. */
  readonly replacedBy?: string
}

/** All that a code leads to on a day. */
export interface Translation {
  readonly code: string
  readonly name?: string
  readonly targets: readonly Target[]
  /** Why there is no target. */
  readonly reason?: ResolveReason | 'unknown-system'
  /** Chinese sentence that says so. */
  readonly text?: string
  readonly unusable?: readonly UnusableTarget[]
  /** Edition of the map, `beijing-7.0@2021`; absent where the code is national or nothing was found. */
  readonly map?: string
}

/** A local code that leads to a national one on a day. */
export interface ReverseSource {
  readonly code: string
  readonly name: string
  /** How the local code lies to the national one. */
  readonly relation: MapRelation
  /** Whether the local code means further national codes beside this one. */
  readonly together: boolean
  /** Version of the map's edition. */
  readonly edition: string
  readonly provenance?: string
}

/** All local codes that lead to a national one: never one of them chosen. */
export interface Reversed {
  readonly code: string
  readonly targets: readonly ReverseSource[]
  /** More than one: detail that was lost on the way up cannot be restored. */
  readonly several: boolean
  readonly reason?: 'not-mapped' | 'before-first-edition' | 'unknown-system' | 'unknown-standard'
}
