/** A codebook: one of the fifteen code standards (or a list beside them) with its editions, as data. */
import type { Day } from '../domain/day.ts'

/**
 * Certainty of a fact: `F` read in a document, `K` generally known although the official text was not read, `A`
 * assumed, `not verified` stated by someone.
 */
export type Grade = 'F' | 'K' | 'A' | 'not verified'

/** Source of a fact and its certainty. Never present a guess as the standard. */
export interface Source {
  readonly grade: Grade
  /** Document, number, date; or how the rows were produced. */
  readonly text: string
}

/** One row of a table. A code may have several rows for consecutive periods. */
export interface CodebookEntry {
  readonly code: string
  readonly name: string
  /** First day on which the code may be used; defaults to the edition's first day. */
  readonly from?: Day
  /** First day on which it may no longer be used (half-open); never by default. */
  readonly until?: Day
  /** In the table, but must not be used (灰码). */
  readonly grey?: boolean
  /** A residual class (其他, 未特指): valid, but loses detail, which a map should state. */
  readonly fallBack?: boolean
  /** A heading (类目): in the table for readers, not usable on a bill. */
  readonly heading?: boolean
  /** The code that replaces it. */
  readonly replacedBy?: string
  /** Further columns of the list by their own names (`level`, `area`, `class`…). */
  readonly attributes?: Readonly<Record<string, string>>
}

/** One edition of a table. Editions are kept forever; every query is for a day. */
export interface CodebookEdition {
  readonly version: string
  /** First day on which the edition is in force. */
  readonly from: Day
  readonly source: Source
  readonly entries: readonly CodebookEntry[]
}

/** One code standard. */
export interface Codebook {
  /** Our id, also used in URLs: `diagnosis`, `drug`. */
  readonly id: string
  /** Number among the fifteen national standards; null for a list beside them (areas). */
  readonly standard: number | null
  /** English title. */
  readonly title: string
  /** National title. */
  readonly titleZh: string
  /** National names of the wire fields that carry it. */
  readonly fields: readonly string[]
  /** Pattern of a code; null if unknown, and then any text passes the check. */
  readonly shape: RegExp | null
  /** Source of the pattern. */
  readonly shapeSource: Source
  /** Codes of illnesses: an invalid one is a wrong diagnosis (E502), not a wrong item. */
  readonly ofIllness?: true
  /** Codes of people: the field may hold a name or an identity number, which must never be repeated. */
  readonly ofPeople?: true
  /**
   * Its pattern is unmistakable (letter, area, serial): if an institution's map lacks such a code, it is taken for
   * the national one.
   */
  readonly distinct?: true
  /** Local part that may follow a code (`-` and a local price code); translation keeps it. */
  readonly suffix?: RegExp
  readonly editions: readonly CodebookEdition[]
}

/** Relation of a source code to its national code. */
export type MapRelation = 'equivalent' | 'narrower' | 'broader' | 'related'

/** One row of a map from a local system to a national table. A code may have several rows for consecutive periods. */
export interface CodeMapRow {
  readonly code: string
  readonly name: string
  /** National codes; several mean all of them together. */
  readonly targets: readonly string[]
  readonly relation: MapRelation
  readonly from?: Day
  readonly until?: Day
}

/** A map from one local system to one national standard, with editions. */
export interface CodeMap {
  /** Local code system, `H62010000001` for a hospital's own codes. */
  readonly system: string
  /** Id of the target codebook. */
  readonly standard: string
  readonly editions: readonly {
    readonly version: string
    readonly from: Day
    readonly source: Source
    readonly rows: readonly CodeMapRow[]
  }[]
}

/** Declares a codebook; the identity function, for type inference. */
export function defineCodebook(codebook: Codebook): Codebook {
  return codebook
}

/** Declares a map; the identity function, for type inference. */
export function defineCodeMap(map: CodeMap): CodeMap {
  return map
}
