/** The first sector of a segment file: which segment it is, in which form it is written, and what it begins with. */
import { crc32 } from 'node:zlib'
import { isZero } from './sectors.ts'

/** Where the first batch of a segment begins: after one sector. */
export const HEADER_BYTES = 512

/** Raised with every change of the form; what has another one is not read. */
const FORMAT_VERSION = 3
/** The form without the check of the key: read as it is, never written anew where a key is at hand. */
const UNCHECKED_VERSION = 2
const SEGMENT_MAGIC = Buffer.from('ZJSEGMNT')

/** What is said once for a segment. */
export interface SegmentHeader {
  readonly segment: number
  /** Sequence number of its first record. */
  readonly firstSequence: number
  /** UTC milliseconds at which it was begun. */
  readonly at: number
  /** Check of the key that its messages are sealed with, 32 hexadecimal digits; null where it is of the form without. */
  readonly keyCheck: string | null
}

const CHECK_BYTES = 16
/** What the checksum covers, by form; it stands behind it. */
const COVERED_BYTES: Readonly<Record<number, number>> = {
  [UNCHECKED_VERSION]: 32,
  [FORMAT_VERSION]: 32 + CHECK_BYTES,
}

/** The header of a segment, one sector. */
export function encodeSegmentHeader({ segment, firstSequence, at, keyCheck }: SegmentHeader): Buffer {
  const version = keyCheck === null ? UNCHECKED_VERSION : FORMAT_VERSION
  const covered = COVERED_BYTES[version]!
  const bytes = Buffer.alloc(HEADER_BYTES)
  SEGMENT_MAGIC.copy(bytes)
  bytes.writeUInt32BE(version, 8)
  bytes.writeUInt32BE(segment, 12)
  bytes.writeBigUInt64BE(BigInt(firstSequence), 16)
  bytes.writeBigUInt64BE(BigInt(at), 24)
  if (keyCheck !== null) bytes.write(keyCheck, 32, CHECK_BYTES, 'hex')
  bytes.writeUInt32BE(crc32(bytes.subarray(0, covered)), covered)
  return bytes
}

/** The form in which a segment is written; null where its first sector holds no whole header. */
function formatOf(bytes: Buffer): number | null {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return null
  const version = bytes.readUInt32BE(8)
  const covered = COVERED_BYTES[version] ?? 32
  if (bytes.readUInt32BE(covered) !== crc32(bytes.subarray(0, covered))) return null
  // What else stands in the head of another form is not known here.
  const isKnown = version in COVERED_BYTES
  return !isKnown || isZero(bytes.subarray(covered + 4, HEADER_BYTES)) ? version : null
}

/** Whether a segment is written in another form than this version writes. */
export function isOfOtherForm(bytes: Buffer): boolean {
  const format = formatOf(bytes)
  return format !== null && !(format in COVERED_BYTES)
}

/**
 * Reads the header of a segment.
 *
 * @returns null where the sector holds no whole header of this form
 */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | null {
  const format = formatOf(bytes)
  if (format === null || !(format in COVERED_BYTES)) return null
  return {
    segment: bytes.readUInt32BE(12),
    firstSequence: Number(bytes.readBigUInt64BE(16)),
    at: Number(bytes.readBigUInt64BE(24)),
    keyCheck: format === FORMAT_VERSION ? bytes.toString('hex', 32, 32 + CHECK_BYTES) : null,
  }
}
