/**
 * The filter in a file beside the segments, so that a start need not read every key of the index. It is noted now and then
 * and never synced: what was lost with the power, or belongs to another journal, is not trusted and made anew.
 */
import { createHash, hash } from 'node:crypto'
import type { Files } from '../segment/files.ts'
import type { Filter } from './bloom-filter.ts'
import type { IndexWriter } from './journal-index.ts'

/** Name of the file. */
export const FILTER_FILE = 'filter'

/** Its last character is the form: one of another form holds other names, and is made anew. */
const MAGIC = Buffer.from('ZJFILTR3')
const DIGEST_BYTES = 32
/** Magic, last exchange u64, last outcome u64, digest of that exchange. */
const HEAD_BYTES = 24 + DIGEST_BYTES
/** What is copied and written at once: two copies of the whole would stay in memory long after they were written. */
const PIECE_BYTES = 256 * 1024

/** How far a filter holds the names of an index, and more. */
export interface FilterEnd {
  /** Every exchange up to this one is in it. */
  readonly exchange: number
  /** Every outcome up to the record of this number is in it. */
  readonly outcome: number
}

const markOf = (index: Pick<IndexWriter, 'mark'>, exchange: number) => {
  const mark = index.mark(exchange)
  return mark === null ? null : hash('sha256', mark, 'buffer')
}

/** Notes a filter. The bits may be added to meanwhile: what is in the file then goes further than its head says. */
export async function saveFilter(
  files: Files,
  index: Pick<IndexWriter, 'mark'>,
  { bits }: Filter,
  { exchange, outcome }: FilterEnd,
): Promise<void> {
  const mark = markOf(index, exchange)
  if (!mark) return
  const head = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(head)
  head.writeBigUInt64BE(BigInt(exchange), 8)
  head.writeBigUInt64BE(BigInt(outcome), 16)
  mark.copy(head, 24)
  await files.note(FILTER_FILE, pieces(head, new Uint8Array(bits.buffer)))
}

/** Head, bits, digest of both. A piece is copied before it is digested and written, lest a bit came between. */
function* pieces(head: Buffer, bits: Uint8Array): Generator<Buffer> {
  const digest = createHash('sha256').update(head)
  yield head
  const copy = Buffer.alloc(PIECE_BYTES)
  for (let at = 0; at < bits.length; at += PIECE_BYTES) {
    const some = bits.subarray(at, at + PIECE_BYTES)
    copy.set(some)
    const piece = copy.subarray(0, some.length)
    digest.update(piece)
    yield piece
  }
  yield digest.digest()
}

/** A noted filter that may be trusted: head and bits. */
function readNoted(files: Files, index: Pick<IndexWriter, 'mark'>, bytesOfBits: number) {
  const length = HEAD_BYTES + bytesOfBits
  const bytes = files.read(FILTER_FILE, 0, length + DIGEST_BYTES)
  if (bytes?.length !== length + DIGEST_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) return null
  const content = bytes.subarray(0, length)
  if (!hash('sha256', content, 'buffer').equals(bytes.subarray(length))) return null
  const end = { exchange: Number(content.readBigUInt64BE(8)), outcome: Number(content.readBigUInt64BE(16)) }
  // The same exchange under the same number: the file is of this journal, and the index not behind it.
  if (!markOf(index, end.exchange)?.equals(content.subarray(24, HEAD_BYTES))) return null
  return { end, bits: content.subarray(HEAD_BYTES) }
}

/** Reads a noted filter into an empty one. @returns how far it goes, null where there is none to be trusted */
function readFilter(files: Files, index: Pick<IndexWriter, 'mark'>, { bits }: Filter): FilterEnd | null {
  const noted = readNoted(files, index, bits.byteLength)
  if (noted) new Uint8Array(bits.buffer).set(noted.bits)
  return noted?.end ?? null
}

/** Whether a start takes the names of what is in the index already from the file, and not from the index. */
export function isNoted(files: Files, index: Pick<IndexWriter, 'mark'>, bytesOfBits: number): boolean {
  return readNoted(files, index, bytesOfBits) !== null
}

/** Exchanges that are looked at once more: they are numbered in the order in which they rest, or nearly so. */
const OVERLAP = 10_000

/** Fills an empty filter with all names of an index: those of the file, and what has come since. */
export function fillFilter(files: Files, index: IndexWriter, filter: Filter): void {
  const end = readFilter(files, index, filter) ?? { exchange: 0, outcome: 0 }
  for (const name of index.names(end.exchange - OVERLAP, end.outcome)) filter.add(name)
}
