/** How to find the outcome of an operation at a platform after its answer was lost or forgotten. */
import type { Composed, Message } from './dialect.ts'
import type { RefusedRows } from './reply.ts'

/** What a platform has recorded for a message. */
export interface Standing {
  /** Id of the message that created it; null if the answer does not tell. */
  readonly message: string | null
  /** Settlement `setl_id`; null if it is not a settlement. */
  readonly settlement: string | null
  /** Whether it was cancelled, or is itself a cancellation. */
  readonly isUndone: boolean
  /** Whether it matches the message: the same visit with the same amount, or begun at the same time. */
  readonly isLike: boolean
  /** The answer that the message would have received. */
  readonly output: Record<string, unknown>
}

/** A query that may reveal an outcome. */
export interface Question {
  /** @param order other known messages of the same order, if `ofOrder` is set */
  ask(message: Message, order?: readonly Message[]): Composed
  /** It needs data that only another message of the same order contains, such as the person. */
  readonly ofOrder?: true
  /**
   * Reads the answer: the reconstructed output if it shows this very message, null if not, `unclear` if several
   * match, `undone` if it proves that the message was not executed, whatever other queries show. Absent if no answer
   * could show it and the query only tests whether the platform can read the request.
   *
   * @param isOthers whether another message opened an encounter; absent: never
   */
  found?(
    message: Message,
    output: unknown,
    isOthers?: (encounter: string) => boolean,
  ): Record<string, unknown> | 'unclear' | 'undone' | null
  /**
   * Reads what the platform has recorded regardless of the sender, for a message that may have been sent under a
   * forgotten id. Null if nothing matches.
   *
   * @param isOthers as in `found`
   */
  standing?(message: Message, output: unknown, isOthers: (encounter: string) => boolean): Standing | null
  /**
   * For a message that could not name its encounter: the answer lists the encounters it may have opened, and for each
   * of them these queries are sent in turn, as if the message named it.
   */
  readonly each?: {
    encounters(message: Message, output: unknown): readonly string[]
    readonly questions: readonly Question[]
  }
  /** Meaning of a refusal by the platform: nothing is there, or it cannot tell. */
  readonly refused: 'nothing' | 'unclear'
}

/** The message with an encounter that it may have opened. */
export function inEncounter(message: Message, encounter: string): Message {
  return { ...message, subject: { ...message.subject, encounter } }
}

/** What proves a row of a list; null if nothing does. */
export type ShownRow = Record<string, unknown> | null

/** A list whose rows are searched for individually, because some may have been accepted and others not. */
export interface ListEvidence {
  /** The queries of each row, in order. */
  rows(message: Message): readonly (readonly Question[])[]
  /**
   * The answer that the list would have received, and its rows that were not accepted; `unclear` if no answer can
   * express this.
   */
  answer(
    message: Message,
    rows: readonly ShownRow[],
  ): { readonly output: Record<string, unknown>; readonly refused?: RefusedRows } | 'unclear'
}

/** How to find the outcome of an operation after its answer was lost. Absent members do not apply. */
export interface Evidence {
  /** In this order. The search has failed only if all of them show nothing. */
  readonly questions?: readonly Question[]
  /** Used instead of queries. */
  readonly list?: ListEvidence
  /** The message that undoes it if it cannot be found. */
  undo?(message: Message): Composed
  /** It may simply be sent again with the same id, since repeating it has no effect. */
  readonly resend?: true
}
