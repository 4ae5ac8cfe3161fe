/** The first sector of a segment file: which segment it is, in which form it is written, and what it begins with. */
import { crc32 } from 'node:zlib'
import { isZero } from './sectors.ts'

/** Where the first batch of a segment begins: after one sector. */
export const HEADER_BYTES = 512

/** Raised with every change of the form; what has another one is not read. */
const FORMAT_VERSION = 2
const SEGMENT_MAGIC = Buffer.from('ZJSEGMNT')

/** What is said once for a segment. */
export interface SegmentHeader {
  readonly segment: number
  /** Sequence number of its first record. */
  readonly firstSequence: number
  /** UTC milliseconds at which it was begun. */
  readonly at: number
}

/** The header of a segment, one sector. */
export function encodeSegmentHeader({ segment, firstSequence, at }: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  SEGMENT_MAGIC.copy(bytes)
  bytes.writeUInt32BE(FORMAT_VERSION, 8)
  bytes.writeUInt32BE(segment, 12)
  bytes.writeBigUInt64BE(BigInt(firstSequence), 16)
  bytes.writeBigUInt64BE(BigInt(at), 24)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 32)), 32)
  return bytes
}

/** The form in which a segment is written; null where its first sector holds no whole header. */
function formatOf(bytes: Buffer): number | null {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return null
  if (bytes.readUInt32BE(32) !== crc32(bytes.subarray(0, 32))) return null
  return isZero(bytes.subarray(36, HEADER_BYTES)) ? bytes.readUInt32BE(8) : null
}

/** Whether a segment is written in another form than this version writes. */
export function isOfOtherForm(bytes: Buffer): boolean {
  return ![null, FORMAT_VERSION].includes(formatOf(bytes))
}

/**
 * Reads the header of a segment.
 *
 * @returns null where the sector holds no whole header of this form
 */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | null {
  if (formatOf(bytes) !== FORMAT_VERSION) return null
  return {
    segment: bytes.readUInt32BE(12),
    firstSequence: Number(bytes.readBigUInt64BE(16)),
    at: Number(bytes.readBigUInt64BE(24)),
  }
}
