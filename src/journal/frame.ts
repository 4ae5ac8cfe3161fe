/**
 * The bytes of a segment file, and the one place that knows them. All numbers are big-endian.
 *
 * A segment is a header in a sector of its own, then batches. A batch begins at a sector and ends with zeros up to the
 * next one, so that writing it never touches what is durable already: header (magic, records u32, first sequence u64,
 * body length u32, CRC-32 of these), then records. A record: length u32 of what follows the checksum, CRC-32 over that
 * length and what follows, type u8, text length u32, text, sealed bytes. Zeros where a batch would begin are the end.
 */
import { crc32 } from 'node:zlib'

/** What a disk writes whole or not at all. */
export const SECTOR_BYTES = 512
/** Where the first batch of a segment begins: after one sector. */
export const HEADER_BYTES = 512
/** The longest batch, so that a pile-up does not become one long write. */
export const BATCH_BYTES_MAX = 8 * 1024 * 1024

const FORMAT_VERSION = 1
const SEGMENT_MAGIC = Buffer.from('ZJSEGMNT')
const BATCH_MAGIC = Buffer.from('ZJBT')
const BATCH_HEADER_BYTES = 24
const RECORD_HEADER_BYTES = 8
const BODY_HEADER_BYTES = 5

/** Kinds of records by the byte that stands for them. */
const TYPES = { exchange: 1, outcome: 2, link: 3 } as const

/** What a record is about. */
export type RecordType = keyof typeof TYPES

const NAMES: Readonly<Record<number, RecordType>> = { 1: 'exchange', 2: 'outcome', 3: 'link' }

/** What is said once for a segment. */
export interface SegmentHeader {
  readonly segment: number
  /** Sequence number of its first record. */
  readonly firstSequence: number
  /** UTC milliseconds at which it was begun. */
  readonly at: number
}

/** A record as it is written. */
export interface FrameRecord {
  readonly type: RecordType
  /** JSON array of the columns. */
  readonly text: string
  readonly sealed: Buffer | null
}

/** A record as it was read. Its checksum was right. */
export interface ReadRecord {
  readonly type: RecordType
  readonly sequence: number
  readonly text: string
  /** Empty where nothing was sealed; the text tells null and empty apart. */
  readonly sealed: Buffer
  /** Type, text length, text and sealed bytes as they rest: what the hash chain covers. */
  readonly body: Buffer
  /** Where it begins in its segment. */
  readonly offset: number
  /** Its length there, checksum and all. */
  readonly length: number
}

/** A batch as it was read. */
export interface ReadBatch {
  readonly is: 'batch'
  readonly offset: number
  /** Where the next one begins. */
  readonly end: number
  readonly firstSequence: number
  readonly records: readonly ReadRecord[]
}

/** Why the bytes at a place are no batch. */
export interface BadFrame {
  readonly is: 'bad'
  /** The first byte of what is wrong: the batch's, or a record's in it. */
  readonly offset: number
  /** How many records of the batch stand before it. */
  readonly recordsBefore: number
  /** Where the batch would end; null where its header cannot be read. */
  readonly end: number | null
  readonly wrong: string
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

/**
 * Reads the header of a segment.
 *
 * @returns null where the sector holds no whole header
 */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 8).equals(SEGMENT_MAGIC)) return null
  if (bytes.readUInt32BE(32) !== crc32(bytes.subarray(0, 32)) || bytes.readUInt32BE(8) !== FORMAT_VERSION)
    return null
  if (!isZero(bytes.subarray(36, HEADER_BYTES))) return null
  return {
    segment: bytes.readUInt32BE(12),
    firstSequence: Number(bytes.readBigUInt64BE(16)),
    at: Number(bytes.readBigUInt64BE(24)),
  }
}

/**
 * The bytes of a batch, filled up to whole sectors.
 *
 * @param firstSequence number of its first record
 * @returns the bytes, and for each record where it begins from the batch's begin and how long it is
 */
export function encodeBatch(
  records: readonly FrameRecord[],
  firstSequence: number,
): { bytes: Buffer; places: readonly { readonly offset: number; readonly length: number }[] } {
  const places: { offset: number; length: number }[] = []
  let end = BATCH_HEADER_BYTES
  for (const { text, sealed } of records) {
    const length = RECORD_HEADER_BYTES + BODY_HEADER_BYTES + Buffer.byteLength(text) + (sealed?.length ?? 0)
    places.push({ offset: end, length })
    end += length
  }
  const bytes = Buffer.alloc(upToSector(end))
  BATCH_MAGIC.copy(bytes)
  bytes.writeUInt32BE(records.length, 4)
  bytes.writeBigUInt64BE(BigInt(firstSequence), 8)
  bytes.writeUInt32BE(end - BATCH_HEADER_BYTES, 16)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 20)), 20)
  for (const [index, { type, text, sealed }] of records.entries()) {
    const { offset, length } = places[index]!
    const body = offset + RECORD_HEADER_BYTES
    bytes.writeUInt32BE(length - RECORD_HEADER_BYTES, offset)
    bytes.writeUInt8(TYPES[type], body)
    const textLength = bytes.write(text, body + BODY_HEADER_BYTES)
    bytes.writeUInt32BE(textLength, body + 1)
    sealed?.copy(bytes, body + BODY_HEADER_BYTES + textLength)
    bytes.writeUInt32BE(checksum(bytes, offset, offset + length), offset + 4)
  }
  return { bytes, places }
}

/**
 * Reads the batch that begins at an offset.
 *
 * @param bytes a piece of a segment
 * @param base where in the segment the piece begins
 * @param offset where in the segment the batch begins
 */
export function decodeBatch(bytes: Buffer, base: number, offset: number): ReadBatch | BadFrame {
  const at = offset - base
  const bad = (wrong: string, place = offset, recordsBefore = 0, end: number | null = null): BadFrame => ({
    ...{ is: 'bad', offset: place, recordsBefore, end, wrong },
  })
  if (at + BATCH_HEADER_BYTES > bytes.length) return bad('is cut short')
  const header = bytes.subarray(at, at + BATCH_HEADER_BYTES)
  if (!header.subarray(0, 4).equals(BATCH_MAGIC) || header.readUInt32BE(20) !== crc32(header.subarray(0, 20)))
    return bad('has no readable batch header')
  const count = header.readUInt32BE(4)
  const firstSequence = Number(header.readBigUInt64BE(8))
  const bodyEnd = offset + BATCH_HEADER_BYTES + header.readUInt32BE(16)
  const end = upToSector(bodyEnd)
  const records: ReadRecord[] = []
  let next = offset + BATCH_HEADER_BYTES
  while (records.length < count) {
    const record = decodeRecord(bytes, base, next, firstSequence + records.length)
    if (!record || next + record.length > bodyEnd) {
      return bad('does not match its checksum', next, records.length, end)
    }
    records.push(record)
    next += record.length
  }
  const padding = bytes.subarray(bodyEnd - base, end - base)
  if (next !== bodyEnd || end - base > bytes.length || !isZero(padding)) {
    return bad('does not end where its batch says', next, count, end)
  }
  return { is: 'batch', offset, end, firstSequence, records }
}

/**
 * Reads one record.
 *
 * @param bytes a piece of a segment
 * @param base where in the segment the piece begins
 * @param offset where in the segment the record begins
 * @returns null where its checksum does not match
 */
export function decodeRecord(
  bytes: Buffer,
  base: number,
  offset: number,
  sequence: number,
): ReadRecord | null {
  const at = offset - base
  if (at + RECORD_HEADER_BYTES + BODY_HEADER_BYTES > bytes.length) return null
  const length = RECORD_HEADER_BYTES + bytes.readUInt32BE(at)
  if (length < RECORD_HEADER_BYTES + BODY_HEADER_BYTES || at + length > bytes.length) return null
  if (bytes.readUInt32BE(at + 4) !== checksum(bytes, at, at + length)) return null
  const body = bytes.subarray(at + RECORD_HEADER_BYTES, at + length)
  const type = NAMES[body.readUInt8(0)]
  const textEnd = BODY_HEADER_BYTES + body.readUInt32BE(1)
  if (!type || textEnd > body.length) return null
  const text = body.toString('utf8', BODY_HEADER_BYTES, textEnd)
  return { type, sequence, text, sealed: body.subarray(textEnd), body, offset, length }
}

/** CRC-32 over a record's length and all that follows its checksum. */
function checksum(bytes: Buffer, from: number, to: number): number {
  return crc32(bytes.subarray(from + RECORD_HEADER_BYTES, to), crc32(bytes.subarray(from, from + 4)))
}

/** The next sector boundary at or after an offset. */
export function upToSector(offset: number): number {
  return Math.ceil(offset / SECTOR_BYTES) * SECTOR_BYTES
}

const ZEROS = Buffer.alloc(64 * 1024)

/** Whether all bytes are zero. */
export function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const piece = bytes.subarray(at, at + ZEROS.length)
    if (!piece.equals(ZEROS.subarray(0, piece.length))) return false
  }
  return true
}
