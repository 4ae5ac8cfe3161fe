/** Rows as an importer supplies them and as the packed store returns them. Dates are days, spans half-open. */
import type { Day } from '../../domain/day.ts'
import type { CodebookEntry, MapRelation, Source } from '../../extension/codebook.ts'

/** One row of a national table, in one edition. */
export type TableRow = CodebookEntry

/** One national code that a local one maps to. */
export interface MapTarget {
  /** National code, with its local price part if it has one. */
  readonly code: string
  /** Relation of the source to this target. */
  readonly relation: MapRelation
  /** Rank among the targets of a group of alternatives: 1 is first, equal ranks are undecided; 1 by default. */
  readonly priority?: number
  readonly from?: Day
  readonly until?: Day
  /** Source of this target; defaults to the source of the edition. */
  readonly provenance?: string
}

/** Targets that belong together: all of them apply (`together`), or one of them, ranked by priority. */
export interface MapGroup {
  readonly together: boolean
  readonly targets: readonly MapTarget[]
}

/** Why a local code has no national one by decision: final, unlike a code not mapped yet. */
export const NO_TARGET = ['not-in-national-table', 'out-of-scope', 'needs-review'] as const

/** One of `NO_TARGET`. */
export type NoTarget = (typeof NO_TARGET)[number]

/**
 * One row of a map, in one edition. Several groups are alternatives in order; a row has either groups or a reason
 * why it has none.
 */
export interface MapRow {
  readonly code: string
  readonly name: string
  readonly groups: readonly MapGroup[]
  readonly noTarget?: NoTarget
  readonly from?: Day
  readonly until?: Day
}

/** Description of an edition without its rows. Three dates differ: data as of, published, effective. */
export interface EditionHead {
  readonly version: string
  /** First day on which the edition is in force. */
  readonly from: Day
  readonly dataAsOf?: Day
  readonly published?: Day
  readonly source: Source
  /** Status given by the publisher, in the word of FHIR, if it is not in use. */
  readonly status?: 'draft'
}

/** A row that cannot be added, explained in one English sentence for the person who imports. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused'
}

/** A row whose code is already in the edition for some of its days. */
export class RowTwice extends RowRefused {}
