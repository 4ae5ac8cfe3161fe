/** Row data on how to find the lost outcome of a transaction. */

/** A query whose answer shows whether a transaction was executed after its own answer was lost. */
export interface FoundBy {
  /** Transaction number of the query. */
  readonly ask: string
  /**
   * A node of the message whose rows are queried individually, because some may have been accepted and others not;
   * paths then refer to that row.
   */
  readonly each?: string
  /** Sent only if this path of the message has a value. */
  readonly if?: string
  /** Sent only if this path has no value. */
  readonly unless?: string
  /** It is asked only where these places hold these values. */
  readonly when?: Readonly<Record<string, string>>
  /**
   * Input of the query: for each path its value, which is a path in the message (`data.payOrdId`), with prefix `day:`
   * the day of that time, with `-` the negated number, with `sum:` the sum of a field of all its rows, with `@order.` a path in
   * any message of the same order; `@id` (message id), `@institution`, `@day`, `@after` (the day after it was sent), or a literal
   * after `=`.
   */
  readonly with: Readonly<Record<string, string>>
  /** The node of the answer with the rows to search; empty: the answer itself. */
  readonly at: string
  /** Fields of a row that must equal a path of the message. */
  readonly same: Readonly<Record<string, string>>
  /** Fields that must not differ; a row that omits them may still match. */
  readonly beside?: Readonly<Record<string, string>>
  /** The field of a row with the id that the message created: a row whose id another message created is not ours. */
  readonly opened?: string
  /** An amount of a row that must be negative: a refund appears as its purchase with reversed amounts. */
  readonly below?: string
  /** Number of rows from which an answer may be truncated, so that a missing row proves nothing. */
  readonly most?: number
  /**
   * What a match means, unless it means that our row was executed. `not-done`: a match shows that it was not
   * executed, and no match proves nothing. `undone`: a match proves that it was not executed, whatever other queries
   * show. `gone`: no match shows that it was executed, since a cancelled order is no longer listed.
   */
  readonly means?: 'not-done' | 'undone' | 'gone'
  /** State values of the row; a value in neither list means unfinished, and the query is repeated. */
  readonly state?: FoundState
  /** Paths in the lost answer, each with the field of the row that supplies it, or a literal after `=`. */
  readonly answer: Readonly<Record<string, string>>
  /** Meaning of a refused query; default: `unclear`. */
  readonly refused?: 'nothing' | 'unclear'
}

/** State values that show an outcome. */
export interface StateValues {
  readonly done: readonly string[]
  readonly undone?: readonly string[]
}

/** The state field of a row: with the same values for every message, or values selected by a path of the message. */
export type FoundState = { readonly field: string } & (
  | StateValues
  | { readonly by: string; readonly of: Readonly<Record<string, StateValues>> }
)
