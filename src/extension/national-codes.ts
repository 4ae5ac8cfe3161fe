/** What replaces the codes of a message: the national one of each. */

/** A national code that replaces a given one. */
export interface NationalCode {
  readonly code: string
  readonly name: string
  /** Further codes that belong to it (one local code, several national ones together). */
  readonly beside?: readonly { readonly code: string; readonly name: string }[]
}

/** National codes for a message, by index in its list of codes; null if the given one stays. */
export type NationalCodes = readonly (NationalCode | null)[]
