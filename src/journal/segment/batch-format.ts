/**
 * The bytes of the batches in a segment file, and the one place that knows them. All numbers are big-endian.
 *
 * A segment is a header in a sector of its own (`segment-header.ts`), then batches. A batch begins at a sector and ends with zeros up to the
 * next one, so that writing it never touches what is durable already: header (magic, records u32, first sequence u64,
 * length of the records u32, length of the groups u32, CRC-32 of these), then records, then groups. Zeros where a batch
 * would begin are the end.
 *
 * A record: length of its body u32, SHA-256 of it, body: type u8, text length u32, text, and where something of it was
 * sealed: distance from the record's begin to the group u32, length of the group u32, where in the opened group its part
 * begins u32, how long that is u32, SHA-256 of the group. A group is what was sealed together for several records. The
 * records alone, without the groups, say everything that the index and the chain need.
 */
import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { isZero, upToSector } from './sectors.ts'

/** The longest batch, so that a pile-up does not become one long write. */
export const BATCH_BYTES_MAX = 8 * 1024 * 1024

const BATCH_MAGIC = Buffer.from('ZJBT')
const BATCH_HEADER_BYTES = 28
const DIGEST_BYTES = 32
const RECORD_HEADER_BYTES = 4 + DIGEST_BYTES
const BODY_HEADER_BYTES = 5
const SEALED_BYTES = 16 + DIGEST_BYTES

/** Kinds of records by the byte that stands for them. */
const TYPES = { exchange: 1, outcome: 2, link: 3 } as const

/** What a record is about. */
export type RecordType = keyof typeof TYPES

const NAMES: Readonly<Record<number, RecordType>> = { 1: 'exchange', 2: 'outcome', 3: 'link' }

/** The part of a record in an opened group. */
export interface SealedPart {
  readonly from: number
  readonly length: number
}

/** A record as it is written. */
export interface FrameRecord {
  readonly type: RecordType
  /** JSON array of the columns. */
  readonly text: string
  /** Its part of a group of the batch, by the group's place among them. */
  readonly sealed: (SealedPart & { readonly group: number }) | null
}

/** Bytes that were sealed together, in pieces that follow each other. */
export type SealedGroup = readonly Uint8Array[]

/** Where what a record has sealed rests. */
export interface SealedPlace extends SealedPart {
  /** Where the group begins in its segment, and how long it is. */
  readonly offset: number
  readonly groupLength: number
  /** SHA-256 of the group, hexadecimal. */
  readonly digest: string
}

/** A record as it was read. Its digest was right. */
export interface ReadRecord {
  readonly type: RecordType
  readonly sequence: number
  readonly text: string
  readonly sealed: SealedPlace | null
  /** SHA-256 of its body, hexadecimal: what the hash chain covers, and with it the group. */
  readonly digest: string
  /** Where it begins in its segment. */
  readonly offset: number
  /** Its length there, without the group. */
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

/**
 * The bytes of a batch, filled up to whole sectors.
 *
 * @param groups what the records have sealed; each is some record's
 * @param firstSequence number of its first record
 * @param take gives a buffer of at least so many bytes, whatever is in it
 * @returns the bytes, and for each record where it begins from the batch's begin and how long it is
 */
export function encodeBatch(
  records: readonly FrameRecord[],
  groups: readonly SealedGroup[],
  firstSequence: number,
  take: (length: number) => Buffer = Buffer.alloc,
): { bytes: Buffer; places: readonly { readonly offset: number; readonly length: number }[] } {
  const places: { offset: number; length: number }[] = []
  let end = BATCH_HEADER_BYTES
  for (const { text, sealed } of records) {
    const body = BODY_HEADER_BYTES + Buffer.byteLength(text) + (sealed ? SEALED_BYTES : 0)
    places.push({ offset: end, length: RECORD_HEADER_BYTES + body })
    end += RECORD_HEADER_BYTES + body
  }
  const recordsEnd = end
  for (const group of groups) for (const { length } of group) end += length
  const size = upToSector(end)
  const bytes = take(size).subarray(0, size)
  bytes.fill(0, end)
  BATCH_MAGIC.copy(bytes)
  bytes.writeUInt32BE(records.length, 4)
  bytes.writeBigUInt64BE(BigInt(firstSequence), 8)
  bytes.writeUInt32BE(recordsEnd - BATCH_HEADER_BYTES, 16)
  bytes.writeUInt32BE(end - recordsEnd, 20)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 24)), 24)
  const written = writeGroups(bytes, groups, recordsEnd)
  for (const [index, { type, text, sealed }] of records.entries()) {
    const { offset, length } = places[index]!
    const body = offset + RECORD_HEADER_BYTES
    bytes.writeUInt32BE(length - RECORD_HEADER_BYTES, offset)
    bytes.writeUInt8(TYPES[type], body)
    const textLength = bytes.write(text, body + BODY_HEADER_BYTES)
    bytes.writeUInt32BE(textLength, body + 1)
    if (sealed) {
      const group = written[sealed.group]!
      const at = body + BODY_HEADER_BYTES + textLength
      bytes.writeUInt32BE(group.offset - offset, at)
      bytes.writeUInt32BE(group.length, at + 4)
      bytes.writeUInt32BE(sealed.from, at + 8)
      bytes.writeUInt32BE(sealed.length, at + 12)
      bytes.write(group.digest, at + 16, 'latin1')
    }
    bytes.write(hash('sha256', bytes.subarray(body, offset + length), 'binary'), offset + 4, 'latin1')
  }
  return { bytes, places }
}

function writeGroups(bytes: Buffer, groups: readonly SealedGroup[], from: number) {
  let end = from
  return groups.map((group) => {
    const offset = end
    for (const piece of group) {
      bytes.set(piece, end)
      end += piece.length
    }
    // As a text of one byte a character: a buffer of its own costs as much as the digest.
    return { offset, length: end - offset, digest: hash('sha256', bytes.subarray(offset, end), 'binary') }
  })
}

function digestOf(bytes: Buffer, from: number, to: number): Buffer {
  return hash('sha256', bytes.subarray(from, to), 'buffer')
}

/** How many bytes of a batch its header and its records take; null where that cannot be read. */
export function recordsLength(bytes: Buffer): number | null {
  return bytes.length >= BATCH_HEADER_BYTES && hasHeader(bytes)
    ? BATCH_HEADER_BYTES + bytes.readUInt32BE(16)
    : null
}

function hasHeader(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(BATCH_MAGIC) && bytes.readUInt32BE(24) === crc32(bytes.subarray(0, 24))
}

/**
 * Reads the batch that begins at an offset.
 *
 * @param bytes a piece of a segment
 * @param base where in the segment the piece begins
 * @param offset where in the segment the batch begins
 * @param groupsToo whether the groups and the filling are there to be checked with it
 */
export function decodeBatch(
  bytes: Buffer,
  base: number,
  offset: number,
  groupsToo = true,
): ReadBatch | BadFrame {
  const at = offset - base
  const bad = (wrong: string, place = offset, recordsBefore = 0, end: number | null = null): BadFrame => ({
    ...{ is: 'bad', offset: place, recordsBefore, end, wrong },
  })
  if (at + BATCH_HEADER_BYTES > bytes.length) return bad('is cut short')
  const header = bytes.subarray(at, at + BATCH_HEADER_BYTES)
  if (!hasHeader(header)) return bad('has no readable batch header')
  const count = header.readUInt32BE(4)
  const firstSequence = Number(header.readBigUInt64BE(8))
  const recordsEnd = offset + BATCH_HEADER_BYTES + header.readUInt32BE(16)
  const bodyEnd = recordsEnd + header.readUInt32BE(20)
  const end = upToSector(bodyEnd)
  const records: ReadRecord[] = []
  /** Groups that were found right, by where they end. */
  let groupsEnd = recordsEnd
  let next = offset + BATCH_HEADER_BYTES
  while (records.length < count) {
    const record = decodeRecord(bytes, base, next, firstSequence + records.length)
    const isWhole = record !== null && next + record.length <= recordsEnd
    const isNew = isWhole && record.sealed !== null && record.sealed.offset === groupsEnd
    if (!isWhole || (groupsToo && isNew && !readGroup(bytes, base, record.sealed!))) {
      return bad('does not match its checksum', next, records.length, end)
    }
    if (isNew) groupsEnd += record.sealed!.groupLength
    records.push(record)
    next += record.length
  }
  const whole = next === recordsEnd && groupsEnd === bodyEnd
  const filled =
    !groupsToo || (end - base <= bytes.length && isZero(bytes.subarray(bodyEnd - base, end - base)))
  if (!whole || !filled) return bad('does not end where its batch says', next, count, end)
  return { is: 'batch', offset, end, firstSequence, records }
}

/**
 * Reads one record.
 *
 * @param bytes a piece of a segment
 * @param base where in the segment the piece begins
 * @param offset where in the segment the record begins
 * @returns null where its digest does not match
 */
export function decodeRecord(
  bytes: Buffer,
  base: number,
  offset: number,
  sequence: number,
): ReadRecord | null {
  const at = offset - base
  const body = at + RECORD_HEADER_BYTES
  if (body + BODY_HEADER_BYTES > bytes.length) return null
  const end = body + bytes.readUInt32BE(at)
  if (end < body + BODY_HEADER_BYTES || end > bytes.length) return null
  const digest = digestOf(bytes, body, end)
  if (!digest.equals(bytes.subarray(at + 4, body))) return null
  const type = NAMES[bytes.readUInt8(body)]
  const textEnd = body + BODY_HEADER_BYTES + bytes.readUInt32BE(body + 1)
  if (!type || (textEnd !== end && textEnd + SEALED_BYTES !== end)) return null
  const sealed = textEnd === end ? null : sealedPlace(bytes, textEnd, offset)
  const text = bytes.toString('utf8', body + BODY_HEADER_BYTES, textEnd)
  return { type, sequence, text, sealed, digest: digest.toString('hex'), offset, length: end - at }
}

function sealedPlace(bytes: Buffer, at: number, offset: number): SealedPlace {
  return {
    offset: offset + bytes.readUInt32BE(at),
    groupLength: bytes.readUInt32BE(at + 4),
    from: bytes.readUInt32BE(at + 8),
    length: bytes.readUInt32BE(at + 12),
    digest: bytes.toString('hex', at + 16, at + SEALED_BYTES),
  }
}

/**
 * The group that a record has a part of.
 *
 * @param bytes a piece of a segment
 * @param base where in the segment the piece begins
 * @returns null where its digest does not match
 */
export function readGroup(
  bytes: Buffer,
  base: number,
  { offset, groupLength, digest }: Omit<SealedPlace, keyof SealedPart>,
): Buffer | null {
  const group = bytes.subarray(offset - base, offset - base + groupLength)
  return group.length === groupLength && hash('sha256', group, 'hex') === digest ? group : null
}
