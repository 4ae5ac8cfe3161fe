/** What a self-paid bill tells of the settlement that failed before it. */

/** A settlement that was tried and failed. */
export interface FailedAttempt {
  readonly transaction: string
  /** Its message id. */
  readonly message: string
  /** Failure reason `E101` … `E901`; null where none was told. */
  readonly reason: string | null
}
