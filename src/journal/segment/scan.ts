/**
 * Reads the batches of a segment in order and tells where and how they end: well, torn by a power cut, or damaged.
 *
 * A batch is written only after the one before it is durable, so only the last of a journal can be torn; and what a torn
 * write lacks are whole sectors, which read as the zeros that were there before. Everything else is damage.
 */

import { BATCH_BYTES_MAX, decodeBatch, type ReadBatch, recordsLength } from './batch-format.ts'
import type { Files } from './files.ts'
import { isZero, SECTOR_BYTES, upToSector } from './sectors.ts'
import { decodeSegmentHeader, HEADER_BYTES, type SegmentHeader } from './segment-header.ts'

/** How the batches of a segment end. */
export type ScanEnd =
  /** Nothing but zeros from here on, or the segment is full. */
  | { readonly is: 'end'; readonly offset: number; readonly nextSequence: number }
  /** What was written last may be torn: whoever knows of no batch after it and of nothing that rests on it may cut it. */
  | { readonly is: 'torn'; readonly offset: number; readonly nextSequence: number; readonly wrong: string }
  | Damage

/** The first record that is not what was written. */
export interface Damage {
  readonly is: 'damage'
  /** Where it is in its segment. */
  readonly offset: number
  readonly sequence: number
  readonly wrong: string
}

const SEGMENT_NAME = /^(\d{10})\.segment$/

/** File name of a segment. */
export function segmentName(segment: number): string {
  return `${String(segment).padStart(10, '0')}.segment`
}

/** Numbers of the segments that are there, in order, with a spare one that may follow the last in use. */
export function segmentsOf(files: Files): number[] {
  return files.list().flatMap((name) => {
    const [, digits] = SEGMENT_NAME.exec(name) ?? []
    return digits ? [Number(digits)] : []
  })
}

/** A segment's header; `spare` where it was made ahead and not begun, `absent` where there is none. */
export function readSegmentHeader(
  files: Files,
  segment: number,
): SegmentHeader | 'spare' | 'absent' | 'damaged' {
  const bytes = files.read(segmentName(segment), 0, HEADER_BYTES)
  if (bytes === null) return 'absent'
  if (isZero(bytes)) return 'spare'
  const header = decodeSegmentHeader(bytes)
  return header?.segment === segment ? header : 'damaged'
}

/**
 * Reads batches until they end.
 *
 * @param bytes the segment, or a piece of it that reaches to its end
 * @param base where in the segment the piece begins
 * @param from where in the segment the first batch begins
 * @param nextSequence number that its first record must have
 * @param each is given every whole batch, in order
 */
export function scanBatches(
  bytes: Buffer,
  base: number,
  from: number,
  nextSequence: number,
  each: (batch: ReadBatch) => void,
): ScanEnd {
  const size = base + bytes.length
  let offset = from
  let sequence = nextSequence
  while (offset < size) {
    const sector = bytes.subarray(offset - base, offset - base + SECTOR_BYTES)
    if (isZero(sector)) return afterZeros(bytes, base, offset, sequence)
    const batch = decodeBatch(bytes, base, offset)
    if (batch.is === 'bad') {
      const at = { sequence: sequence + batch.recordsBefore, wrong: batch.wrong }
      const damage: Damage = { is: 'damage', offset: batch.offset, ...at }
      // A header that cannot be read and whose sector is not all zeros was not lost by a torn write.
      if (batch.end === null || batch.end > size) return damage
      const lacks = hasZeroSector(bytes.subarray(offset - base, batch.end - base))
      if (!lacks || !isZero(bytes.subarray(batch.end - base))) return damage
      return { is: 'torn', offset, nextSequence: sequence, wrong: batch.wrong }
    }
    if (batch.firstSequence !== sequence) {
      const wrong = `is numbered ${batch.firstSequence}: records before it are missing`
      return { is: 'damage', offset, sequence, wrong }
    }
    each(batch)
    offset = batch.end
    sequence += batch.records.length
  }
  return { is: 'end', offset, nextSequence: sequence }
}

/** Enough for the records of a few messages. */
const RECORDS_READ = 8 * 1024

/**
 * Reads the records of batches that are durable, without what they have sealed: for whoever follows a running journal.
 *
 * @param upTo where in the segment the last batch ends; batches end before where nothing more was written
 * @param each is given every batch, in order
 */
export function scanRecords(
  files: Files,
  name: string,
  from: number,
  upTo: number,
  nextSequence: number,
  each: (batch: ReadBatch) => void,
): ScanEnd {
  let offset = from
  let sequence = nextSequence
  while (offset < upTo) {
    let bytes = files.read(name, offset, RECORDS_READ) ?? Buffer.alloc(0)
    if (isZero(bytes.subarray(0, SECTOR_BYTES))) break
    const length = recordsLength(bytes) ?? 0
    if (length > bytes.length) bytes = files.read(name, offset, length)!
    const batch = decodeBatch(bytes, offset, offset, false)
    if (batch.is === 'bad') {
      return {
        is: 'damage',
        offset: batch.offset,
        sequence: sequence + batch.recordsBefore,
        wrong: batch.wrong,
      }
    }
    if (batch.firstSequence !== sequence) {
      const wrong = `is numbered ${batch.firstSequence}: records before it are missing`
      return { is: 'damage', offset, sequence, wrong }
    }
    each(batch)
    offset = batch.end
    sequence += batch.records.length
  }
  return { is: 'end', offset, nextSequence: sequence }
}

/** Where the sector of a batch header is all zeros: the end, a torn batch that lacks its head, or a hole. */
function afterZeros(bytes: Buffer, base: number, offset: number, nextSequence: number): ScanEnd {
  if (isZero(bytes.subarray(offset - base))) return { is: 'end', offset, nextSequence }
  const wrong = 'is missing: its place is empty, and what follows is not'
  const beyond = bytes.subarray(offset - base + upToSector(BATCH_BYTES_MAX))
  if (!isZero(beyond) || hasBatch(bytes, base, offset, nextSequence)) {
    return { is: 'damage', offset, sequence: nextSequence, wrong }
  }
  return { is: 'torn', offset, nextSequence, wrong }
}

/** Whether a whole batch begins at a sector after an offset. */
function hasBatch(bytes: Buffer, base: number, offset: number, nextSequence: number): boolean {
  for (let at = offset + SECTOR_BYTES; at < base + bytes.length; at += SECTOR_BYTES) {
    const batch = decodeBatch(bytes, base, at)
    // Bytes of an earlier number are no batch of this place: whoever sends a message could have put them there.
    if (batch.is === 'batch' && batch.firstSequence > nextSequence) return true
  }
  return false
}

function hasZeroSector(extent: Buffer): boolean {
  for (let at = 0; at < extent.length; at += SECTOR_BYTES) {
    if (isZero(extent.subarray(at, at + SECTOR_BYTES))) return true
  }
  return false
}
