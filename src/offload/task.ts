/** What a task is: one heavy question, answered on a thread of its own from a connection of its own. */
import { createHash } from 'node:crypto'
import type { Codes } from '../codes/codes.ts'
import type { Store } from '../store/parts.ts'

/** What a task has at hand. */
export interface Tools {
  /** The store, for reading: that of this gateway, which stands for those of all workers. */
  database(): Store
  /** The same for writing, beside those who own them: only in short transactions, between which others have their turn. */
  storeToWrite(): Store
  /** What comes with the question, piece by piece; the next one is asked for when the one before it was taken. */
  readonly given: AsyncIterable<Uint8Array>
  /** The codes that were in use when the question came. */
  codes(): Promise<Codes>
}

/** What a task answers. */
export interface TaskAnswer {
  /** Media type of the body. */
  readonly type: string
  /** Entity tag, where the answer has one. */
  readonly tag?: string
  /** The body, or its pieces: each is made when the one before it was taken. */
  readonly body: string | Iterable<string> | AsyncIterable<string>
}

/**
 * Answers one question. What is asked must survive a message between threads: plain objects, no functions.
 *
 * @throws {GatewayError} what the caller is told
 */
export type Task<Question> = (question: Question, tools: Tools) => TaskAnswer | Promise<TaskAnswer>

/** An answer in JSON with an entity tag over its bytes. */
export function taggedAnswer(value: unknown): TaskAnswer {
  const body = JSON.stringify(value)
  return {
    type: 'application/json',
    tag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    body,
  }
}

/** An answer in JSON, as the door itself would write it. */
export function jsonAnswer(value: unknown): TaskAnswer {
  return { type: 'application/json', body: JSON.stringify(value) }
}
