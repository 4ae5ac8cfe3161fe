/** What is told of a code beside a yes: it goes on as it came, and is certainly none, or no national one. */

/** A code that goes on as it came and is told. */
export interface CodeWarning {
  /** Where it stands, for the sender: `mdtrtinfo.oprn_oprt_code`, `diseinfo[1].diag_code`. */
  readonly field: string
  readonly standard: string
  /** `wrong-shape`, `not-in-table`, `not-mapped`…, as the codebook engine says it. */
  readonly reason: string
  /** As it came; empty if it may name a person. */
  readonly code: string
  /** Chinese sentence for the person at the counter. */
  readonly text: string
}
