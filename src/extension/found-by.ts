/** What a row says of how a lost outcome of its transaction is found. */

/** A question whose answer shows whether a transaction was done, where its own answer was lost. */
export interface FoundBy {
  /** Number of the transaction that is asked. */
  readonly ask: string
  /** A node of the message each row of which is asked for by itself, since one may stand and another not; places in it mean that row. */
  readonly each?: string
  /** It is asked only where this place of the message holds something. */
  readonly if?: string
  /** It is asked only where this place holds nothing. */
  readonly unless?: string
  /**
   * Places in the input of the question, each with what it holds: a place in the message (`data.payOrdId`), `day:` before it the
   * day of its time, `-` before it the negative of its number, `@order.` before it a place in any message of the same order; `@id`
   * (message id), `@institution`, `@day`, `@after` (the day after it was sent), or a text behind a `=`.
   */
  readonly with: Readonly<Record<string, string>>
  /** The node of the answer whose rows are looked through; empty: the answer itself. */
  readonly at: string
  /** Fields of a row that must say what a place of the message says. */
  readonly same: Readonly<Record<string, string>>
  /** Fields that may not say anything else; a row that leaves them out may be ours. */
  readonly beside?: Readonly<Record<string, string>>
  /** The field of a row that names what the message has opened: a row whose number another message opened is not ours. */
  readonly opened?: string
  /** An amount of a row that must be below nothing: a refund is shown with the amounts of its purchase turned. */
  readonly below?: string
  /** Rows from which on an answer may have been cut off: then nothing is told by what is not in it. */
  readonly most?: number
  /**
   * What is shown otherwise than that a row of ours was done. `not-done`: such a row shows that it was not done, and where there is
   * none that cannot be told. `undone`: such a row shows so, whatever other questions would show. `gone`: that there is no such row
   * shows that it was done, as an order that was cancelled is shown no more.
   */
  readonly means?: 'not-done' | 'undone' | 'gone'
  /** What the row says of its state: any value that is named in neither list is not the end, and it is asked again. */
  readonly state?: FoundState
  /** Places in the answer that was lost, each with the field of the row that says it, or a text behind a `=`. */
  readonly answer: Readonly<Record<string, string>>
  /** What a no to the question means; absent: `unclear`. */
  readonly refused?: 'nothing' | 'unclear'
}

/** Values of a state that show an outcome. */
export interface StateValues {
  readonly done: readonly string[]
  readonly undone?: readonly string[]
}

/** The state in a row: the same values for every message, or other ones by what a place of the message says. */
export type FoundState = { readonly field: string } & (
  | StateValues
  | { readonly by: string; readonly of: Readonly<Record<string, StateValues>> }
)
