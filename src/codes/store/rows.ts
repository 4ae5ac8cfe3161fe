/** Rows as an importer gives them and as the packed store gives them back. Dates are days, spans half-open. */
import type { Day } from '../../domain/day.ts'
import type { CodebookEntry, MapRelation, Source } from '../../extension/codebook.ts'

/** One row of a national table, in one edition. */
export type TableRow = CodebookEntry

/** One national code that a local one leads to. */
export interface MapTarget {
  /** National code, with its local price part where it has one. */
  readonly code: string
  /** How the source lies to this target. */
  readonly relation: MapRelation
  /** Rank among the targets of a group of alternatives: 1 is first, equal ranks are undecided; 1 where absent. */
  readonly priority?: number
  readonly from?: Day
  readonly until?: Day
  /** Where this very target comes from; the source of the edition where absent. */
  readonly provenance?: string
}

/** Targets that belong together: all of them (`together`), or one of them, ranked by priority. */
export interface MapGroup {
  readonly together: boolean
  readonly targets: readonly MapTarget[]
}

/** Why a local code has, by decision, no national one: final, and not the same as not yet mapped. */
export const NO_TARGET = ['not-in-national-table', 'out-of-scope', 'needs-review'] as const

/** One of `NO_TARGET`. */
export type NoTarget = (typeof NO_TARGET)[number]

/**
 * One row of a map, in one edition. Several groups are alternatives in their order; a row has groups, or a reason why
 * it has none.
 */
export interface MapRow {
  readonly code: string
  readonly name: string
  readonly groups: readonly MapGroup[]
  readonly noTarget?: NoTarget
  readonly from?: Day
  readonly until?: Day
}

/** What is known of an edition besides its rows. Three dates that differ: data as of, published, effective. */
export interface EditionHead {
  readonly version: string
  /** First day on which the edition is in force. */
  readonly from: Day
  readonly dataAsOf?: Day
  readonly published?: Day
  readonly source: Source
  /** What who made it says of its state, in the word of FHIR, where it is another than in use. */
  readonly status?: 'draft'
}

/** A row that cannot be taken: what is wrong with it, as one English sentence for the person who imports. */
export class RowRefused extends Error {
  override readonly name = 'RowRefused'
}

/** A row whose code stands already in the edition, for days that it has too. */
export class RowTwice extends RowRefused {}
