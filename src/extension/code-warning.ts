/**
 * Warning about a code with a successful answer: it was passed on unchanged although it is certainly invalid or has
 * no national equivalent.
 */

/** A code that was passed on with a warning. */
export interface CodeWarning {
  /** Its place in the sender's terms: `mdtrtinfo.oprn_oprt_code`, `diseinfo[1].diag_code`. */
  readonly field: string
  readonly standard: string
  /** `wrong-shape`, `not-in-table`, `not-mapped`…, as the codebook engine names it. */
  readonly reason: string
  /** As received; empty if it may name a person. */
  readonly code: string
  /** Chinese sentence for the cashier. */
  readonly text: string
}
