/** A task: one heavy query, answered on a worker thread over its own connection. */
import { createHash } from 'node:crypto'
import type { Codes } from '../codes/codes.ts'
import type { StayNumbers } from '../reports/stay-numbers.ts'
import type { Store } from '../store/parts.ts'
import type { FiguresStore } from '../store/queries/figures/open.ts'

/** What a task may use. */
export interface Tools {
  /** The store, read-only; with several workers it covers all of theirs. */
  database(): Store
  /** The store, for writing alongside its owners: use short transactions, so that others get their turn. */
  storeToWrite(): Store
  /** The figures of the reports, brought up to what the store holds now. @param stays which messages make a stay */
  figures(stays: StayNumbers): Promise<FiguresStore>
  /** What comes with the question, piece by piece; the next one is asked for when the one before it was taken. */
  readonly given: AsyncIterable<Uint8Array>
  /** The codes in use when the query arrived. */
  codes(): Promise<Codes>
}

/** Answer of a task. */
export interface TaskAnswer {
  /** Media type of the body. */
  readonly type: string
  /** Entity tag, if the answer has one. */
  readonly tag?: string
  /** The body, or its chunks: each is produced when the previous one was consumed. Bytes are handed over with their memory. */
  readonly body: string | Uint8Array<ArrayBuffer> | Iterable<string> | AsyncIterable<string>
}

/**
 * Answers one query. Queries must be structured-cloneable: plain objects, no functions.
 *
 * @throws {GatewayError} passed on to the caller
 */
export type Task<Question> = (question: Question, tools: Tools) => TaskAnswer | Promise<TaskAnswer>

/** A JSON answer with an entity tag computed from its bytes. */
export function taggedAnswer(value: unknown): TaskAnswer {
  const body = JSON.stringify(value)
  return {
    type: 'application/json',
    tag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    body,
  }
}

/** A JSON answer, serialised as the HTTP routes do. */
export function jsonAnswer(value: unknown): TaskAnswer {
  return { type: 'application/json', body: JSON.stringify(value) }
}
