/** Codes of a message that are judged and go on as they came: of a procedure, a Chinese-medicine diagnosis, a physician. */
import type { Day } from '../domain/day.ts'

/** Stands for the medical categories of rows, which are no codebook: an unknown one is refused by name. */
export const CATEGORY = 'med_type'

/** A code that is judged. */
export interface FurtherCode {
  /** Ids of the codebooks it may be of, the likeliest first; `CATEGORY` alone for a medical category. */
  readonly standards: readonly [string, ...string[]]
  /** Where it stands, for the sender: `mdtrtinfo.oprn_oprt_code`, `diseinfo[1].diag_code`. */
  readonly field: string
  /** Null where the message names none. */
  readonly day: Day | null
  readonly given: string
}

/** A code that is certainly none of its standards. */
export interface CodeWarning {
  readonly field: string
  readonly standard: string
  /** `wrong-shape`, `not-in-table`, `grey`…, as the codebook engine says it. */
  readonly reason: string
  /** As it came; empty where it may name a person. */
  readonly code: string
  /** Chinese sentence for the person at the counter. */
  readonly text: string
}

/** What a message says besides what is translated. */
export interface Further {
  /** Its codes that are judged and not translated; absent where it has none. */
  readonly further?: readonly FurtherCode[]
  /** What is told of them beside a yes; absent where nothing is. */
  readonly warnings?: readonly CodeWarning[]
}
