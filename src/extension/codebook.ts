/** What a codebook is: one of the fifteen code standards (or a list beside them) with its editions, as data. */
import type { Day } from '../domain/day.ts'

/**
 * How sure a fact is: `F` read in a document, `K` generally known but the official text was not read, `A` assumed,
 * `not verified` said to be so by someone.
 */
export type Grade = 'F' | 'K' | 'A' | 'not verified'

/** Where a fact comes from and how sure it is. Never present a guess as the standard. */
export interface Source {
  readonly grade: Grade
  /** Document, number, date; or how the rows were made. */
  readonly text: string
}

/** One row of a table. A code may have several rows for days that follow each other. */
export interface CodebookEntry {
  readonly code: string
  readonly name: string
  /** First day on which the code may be used; the edition's first day where absent. */
  readonly from?: Day
  /** First day on which it may no longer be used (half-open); never where absent. */
  readonly until?: Day
  /** In the table but not to be used (灰码). */
  readonly grey?: boolean
  /** A rest class (其他, 未特指): valid, but a loss of detail that a map should name. */
  readonly fallBack?: boolean
  /** A heading (类目): in the table for reading, not to be used on a bill. */
  readonly heading?: boolean
  /** Code that takes its place. */
  readonly replacedBy?: string
  /** What else the list says, by its own names (`level`, `area`, `class`…). */
  readonly attributes?: Readonly<Record<string, string>>
}

/** One edition of a table. Editions are kept for ever; a question is always asked for a day. */
export interface CodebookEdition {
  readonly version: string
  /** First day on which the edition is in force. */
  readonly from: Day
  readonly source: Source
  readonly entries: readonly CodebookEntry[]
}

/** One code standard. */
export interface Codebook {
  /** Our id, also in addresses: `diagnosis`, `drug`. */
  readonly id: string
  /** Number among the fifteen national standards; null for a list beside them (areas). */
  readonly standard: number | null
  /** English title. */
  readonly title: string
  /** National title. */
  readonly titleZh: string
  /** Fields of the wire that carry it, by their national names. */
  readonly fields: readonly string[]
  /** Form of a code; null if the form is not known, and then any text passes the form check. */
  readonly shape: RegExp | null
  /** Where the form comes from. */
  readonly shapeSource: Source
  /** What a person has: a code of it that is none is a wrong diagnosis (E502), not a wrong item. */
  readonly ofIllness?: true
  /** Of people: a name or an identity number may stand where its code is asked for, and is told nowhere. */
  readonly ofPeople?: true
  /** Its form is its own (letter, area, serial): of what the map of an institution lacks, such a one is the national one. */
  readonly distinct?: true
  /** Local part that may follow a code (`-` and a local price code); it is kept in translation. */
  readonly suffix?: RegExp
  readonly editions: readonly CodebookEdition[]
}

/** How a source code lies to its national code. */
export type MapRelation = 'equivalent' | 'narrower' | 'broader' | 'related'

/** One row of a map from a local system to a national table. A code may have several for days that follow each other. */
export interface CodeMapRow {
  readonly code: string
  readonly name: string
  /** National codes; more than one means all of them together. */
  readonly targets: readonly string[]
  readonly relation: MapRelation
  readonly from?: Day
  readonly until?: Day
}

/** A map from one local system into one national standard, with editions. */
export interface CodeMap {
  /** Local code system, `H62010000001` for a hospital's own codes. */
  readonly system: string
  /** Id of the codebook it leads to. */
  readonly standard: string
  readonly editions: readonly {
    readonly version: string
    readonly from: Day
    readonly source: Source
    readonly rows: readonly CodeMapRow[]
  }[]
}

/** Declares a codebook; the identity, for its types. */
export function defineCodebook(codebook: Codebook): Codebook {
  return codebook
}

/** Declares a map; the identity, for its types. */
export function defineCodeMap(map: CodeMap): CodeMap {
  return map
}
