/**
 * The head of the chain, noted in a file of its own beside the segments each time a link has become durable. A journal
 * that ends before its own head has lost its tail (a disk that lied, a file put back by hand): what is left looks whole
 * and would be answered from.
 */

import type { Point, Position } from '../index/journal-index.ts'
import type { Link } from './chain.ts'
import type { Files } from './files.ts'

/** Name of the file. */
export const HEAD_FILE = 'head'
const HEAD_BYTES_MAX = 4096

/** What the file says: a link that is durable, and where the batch that holds it ends. */
export interface ChainHead extends Point {
  readonly number: number
  readonly hash: string
  /** The last record of that batch. */
  readonly lastSequence: number
}

/** Notes the head. Not synced: it is only ever behind the journal, which is no fault. */
export function noteHead(
  files: Files,
  { number, hash }: Link,
  lastSequence: number,
  at: Point,
): Promise<void> {
  const head: ChainHead = { number, hash, lastSequence, segment: at.segment, offset: at.offset }
  return files.note(HEAD_FILE, [Buffer.from(JSON.stringify(head))])
}

/** The head that was noted for a journal. To be read before the journal: a running gateway moves both. */
export function readHead(files: Files): ChainHead | null {
  try {
    const head = JSON.parse(files.read(HEAD_FILE, 0, HEAD_BYTES_MAX)?.toString() ?? '') as ChainHead
    const numbers = [head.number, head.lastSequence, head.segment, head.offset]
    return numbers.every(Number.isSafeInteger) && typeof head.hash === 'string' ? head : null
  } catch {
    return null // Absent, or lost with the power before it was written out: it says nothing then.
  }
}

/**
 * What is wrong with a journal by the head that was noted for it; null where nothing is.
 *
 * @param end where the journal ends, and its last link
 */
export function headFault(head: ChainHead | null, end: Position): string | null {
  if (!head) return null
  if (head.lastSequence >= end.nextSequence || head.number > end.link.number) {
    return `it ends with record ${end.nextSequence - 1} and link ${end.link.number}, and record ${head.lastSequence} with link ${head.number} was noted as durable: the end of the journal is missing`
  }
  if (head.number === end.link.number && head.hash !== end.link.hash) {
    return `link ${head.number} of the chain is not the one that the noted head names`
  }
  return null
}
