/**
 * The packed file: a header (magic, length of what follows, JSON), then the aligned sections. It is read into one
 * shared buffer in one pass and used in place.
 */

import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { syncDirectory } from '../../fsync.ts'
import { Packed, type Sections } from './packed.ts'
import type { EditionHead } from './rows.ts'

const MAGIC = 'ZJCODES1'
const HEAD_AT = 16
const ALIGN = 64
/** One system call reads or writes less than 2 GiB; small pieces also keep the checksum in the CPU cache. */
const PIECE_BYTES = 1 << 24

/** Header of a packed file. */
export interface BookHead {
  /** Null for a national table. */
  readonly system: string | null
  readonly standard: string
  /** By first day; rows refer to editions by their index here. */
  readonly editions: readonly EditionHead[]
  /** Codes of all editions. */
  readonly codes: number
}

/** A table or map in memory. */
export interface PackedBook extends BookHead {
  readonly forward: Packed
  /** Index from national code to rows; null for a table. */
  readonly reverse: Packed | null
}

type Part = readonly [offset: number, bytes: number]

interface FileHead extends BookHead {
  readonly parts: readonly Part[]
}

const aligned = (bytes: number) => Math.ceil(bytes / ALIGN) * ALIGN

const listOf = ({ rows, slots, pool }: Sections) => [rows, slots, pool]

/** Contents of a packed file, with the offset of each piece. */
function piecesOf(head: BookHead, tables: readonly Sections[]) {
  const sections = tables.flatMap(listOf)
  // Offsets count from the end of the header, so that they do not depend on its length.
  let end = 0
  const parts = sections.map(({ length }): Part => {
    const part = [end, length] as const
    end += aligned(length)
    return part
  })
  const text = Buffer.from(JSON.stringify({ ...head, parts } satisfies FileHead))
  const start = Buffer.alloc(aligned(HEAD_AT + text.length))
  start.write(MAGIC)
  start.writeUInt32LE(text.length, 8)
  text.copy(start, HEAD_AT)
  const pieces = [
    { at: 0, bytes: start as Uint8Array },
    ...sections.map((bytes, index) => ({ at: start.length + parts[index]![0], bytes })),
  ]
  return { pieces, length: start.length + end }
}

/** Assembles a book in memory. */
export function joinBook(head: BookHead, tables: readonly Sections[]): SharedArrayBuffer {
  const { pieces, length } = piecesOf(head, tables)
  const shared = new SharedArrayBuffer(length)
  const bytes = new Uint8Array(shared)
  for (const piece of pieces) bytes.set(piece.bytes, piece.at)
  return shared
}

/** Writes a book atomically: to a temporary name, synced, then renamed. A failure leaves nothing behind. */
export function writeBook(
  file: string,
  head: BookHead,
  tables: readonly Sections[],
): { bytes: number; crc32: number } {
  const { pieces, length } = piecesOf(head, tables)
  let sum = 0
  const part = `${file}.part`
  const handle = openSync(part, 'w', 0o600)
  try {
    let written = 0
    const put = (bytes: Uint8Array) => {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        const piece = bytes.subarray(at, at + PIECE_BYTES)
        sum = crc32(piece, sum)
        for (let done = 0; done < piece.length; ) done += writeSync(handle, piece, done)
      }
      written += bytes.length
    }
    for (const { at, bytes } of [...pieces, { at: length, bytes: new Uint8Array(0) }]) {
      put(new Uint8Array(at - written))
      put(bytes)
    }
    fsyncSync(handle)
    closeSync(handle)
    renameSync(part, file)
    syncDirectory(dirname(file))
    return { bytes: length, crc32: sum }
  } catch (cause) {
    rmSync(part, { force: true })
    throw cause
  }
}

/**
 * Reads a packed file into a shared buffer and verifies its checksum.
 *
 * @throws if it is missing or damaged
 */
export function readBook(file: string, checksum: number): SharedArrayBuffer {
  const handle = openSync(file, 'r')
  try {
    const shared = new SharedArrayBuffer(fstatSync(handle).size)
    const bytes = new Uint8Array(shared)
    let sum = 0
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(handle, bytes, at, Math.min(PIECE_BYTES, bytes.length - at), at)
      if (read === 0) break
      sum = crc32(bytes.subarray(at, at + read), sum)
      at += read
    }
    if (sum !== checksum) throw new Error(`${file} is damaged: its checksum is not that of the shelf`)
    return shared
  } finally {
    closeSync(handle)
  }
}

/** Opens a book in a buffer. @throws {RangeError} if the buffer holds none */
export function openBook(shared: SharedArrayBuffer): PackedBook {
  const bytes = Buffer.from(shared)
  if (bytes.length < HEAD_AT || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new RangeError('This is not a packed table of this version')
  }
  const end = HEAD_AT + bytes.readUInt32LE(8)
  const { parts, ...head } = JSON.parse(bytes.toString('utf8', HEAD_AT, end)) as FileHead
  const start = aligned(end)
  const [rows, slots, pool, ...back] = parts.map(([at, length]) => new Uint8Array(shared, start + at, length))
  if (!rows || !slots || !pool) throw new RangeError('The packed table lacks a part')
  const forward = new Packed({ rows, slots, pool })
  const [backRows, backSlots, backPool] = back
  const reverse =
    backRows && backSlots && backPool
      ? new Packed({ rows: backRows, slots: backSlots, pool: backPool })
      : null
  return { ...head, forward, reverse }
}
