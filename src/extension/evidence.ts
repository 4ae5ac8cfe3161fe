/** How the outcome of an operation is found at a platform when its answer was lost, or was forgotten. */
import type { Composed, Message } from './dialect.ts'
import type { RefusedRows } from './reply.ts'

/** What stands at a platform in the place of a message. */
export interface Standing {
  /** Id of the message that made it; null if the answer does not name it. */
  readonly message: string | null
  /** Settlement `setl_id`; null of what is none. */
  readonly settlement: string | null
  /** Whether it was cancelled, or cancels another. */
  readonly isUndone: boolean
  /** Whether it is what this message asks for: the same visit with the same sum, or begun at the same time. */
  readonly isLike: boolean
  /** The answer that the message would have had. */
  readonly output: Record<string, unknown>
}

/** A query that helps to find an outcome. */
export interface Question {
  /** @param order other messages of the same order that are known, where `ofOrder` asks for them */
  ask(message: Message, order?: readonly Message[]): Composed
  /** It says what only another message of the same order has told: whose it is. */
  readonly ofOrder?: true
  /**
   * Reads the answer: the output to answer with where it shows this very message, null if it does not, `unclear` where
   * it shows several that might be it, `undone` where it shows that this message was not done, whatever other questions would
   * show. Absent if no answer could show it, and the question only tells that the platform can read what was asked for.
   *
   * @param isOthers whether another message has opened an encounter; absent: none has
   */
  found?(
    message: Message,
    output: unknown,
    isOthers?: (encounter: string) => boolean,
  ): Record<string, unknown> | 'unclear' | 'undone' | null
  /**
   * Reads the answer for what stands there whoever has sent it: asked where a message may have been sent under an id that
   * nobody remembers. Null if nothing stands that could be meant.
   *
   * @param isOthers as for `found`
   */
  standing?(message: Message, output: unknown, isOthers: (encounter: string) => boolean): Standing | null
  /**
   * Of a message that could not name its encounter: the answer shows which it may have opened, and of each of them, as if the
   * message named it, these questions are asked in turn.
   */
  readonly each?: {
    encounters(message: Message, output: unknown): readonly string[]
    readonly questions: readonly Question[]
  }
  /** What a platform's "no" to it means: that there is nothing, or only that it cannot say. */
  readonly refused: 'nothing' | 'unclear'
}

/** The message with an encounter that it may have opened. */
export function inEncounter(message: Message, encounter: string): Message {
  return { ...message, subject: { ...message.subject, encounter } }
}

/** What shows a row of a list; null if nothing does. */
export type ShownRow = Record<string, unknown> | null

/** A list whose rows are looked for one by one, since one of them may stand and another not. */
export interface ListEvidence {
  /** The questions of each row, in the order of the rows. */
  rows(message: Message): readonly (readonly Question[])[]
  /** The answer that the list would have had, and the rows of it that do not stand; `unclear` where no answer says such a thing. */
  answer(
    message: Message,
    rows: readonly ShownRow[],
  ): { readonly output: Record<string, unknown>; readonly refused?: RefusedRows } | 'unclear'
}

/** How the outcome of an operation is found when its answer was lost. Absent parts are not possible for it. */
export interface Evidence {
  /** In this order. Only where every one of them shows nothing was it looked for in vain. */
  readonly questions?: readonly Question[]
  /** In the place of questions. */
  readonly list?: ListEvidence
  /** What undoes it where it cannot be found. */
  undo?(message: Message): Composed
  /** It may simply be sent again with the same id: repeating it changes nothing. */
  readonly resend?: true
}
