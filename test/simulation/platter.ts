/**
 * What survives the gateway: files whose bytes and names are there only when they were synced. It reads the journal out of
 * these bytes by itself, batch after batch, with a reader of its own; that is what the model calls durable.
 */
import { hash } from 'node:crypto'
import { crc32, zstdDecompressSync } from 'node:zlib'
import type { Entry, ExchangeEntry, OutcomeEntry } from '../../src/journal/entry.ts'
import { RECORDS, withApart } from '../../src/journal/segment/record.ts'
import type { SealOnly } from '../../src/journal/segment/seal.ts'
import { DurableRows } from './durable-rows.ts'

/** A file; several names may have led to it. */
export interface Inode {
  bytes: Buffer
}

/** What a disk writes whole or not at all. */
export const SECTOR = 512

const turned = (bytes: Uint8Array) => {
  const turn = Buffer.allocUnsafe(bytes.length)
  for (let index = 0; index < bytes.length; index += 1) turn[index] = bytes[index]! ^ 0xff
  return turn
}

/** Seals as well as a run needs, and much faster: every bit is turned. */
export const seal: SealOnly = { seal: (clear) => [turned(clear)], open: turned }

const roundedUp = (offset: number) => Math.ceil(offset / SECTOR) * SECTOR

/** What survives. */
export class Platter extends DurableRows {
  /** Files by the names that a crash leaves them. */
  readonly names = new Map<string, Inode>()
  /** Up to where the journal has been read. */
  readonly end = { segment: 1, offset: SECTOR, sequence: 1 }

  /** Reads what has become durable since the last time. */
  refresh(): void {
    for (;;) {
      const { segment } = this.end
      const bytes = this.names.get(`${String(segment).padStart(10, '0')}.segment`)?.bytes
      if (!bytes) return
      if (this.#readBatch(bytes)) continue
      const next = this.names.get(`${String(segment + 1).padStart(10, '0')}.segment`)?.bytes
      if (next?.toString('latin1', 0, 8) !== 'ZJSEGMNT') return
      Object.assign(this.end, { segment: segment + 1, offset: SECTOR })
    }
  }

  /** Reads one batch where one ends whole. */
  #readBatch(bytes: Buffer): boolean {
    const { offset, sequence } = this.end
    if (offset + SECTOR > bytes.length || bytes.toString('latin1', offset, offset + 4) !== 'ZJBT')
      return false
    const count = bytes.readUInt32BE(offset + 4)
    const recordsEnd = offset + 28 + bytes.readUInt32BE(offset + 16)
    const bodyEnd = recordsEnd + bytes.readUInt32BE(offset + 20)
    const headerFits = bytes.readUInt32BE(offset + 24) === crc32(bytes.subarray(offset, offset + 24))
    if (!headerFits || Number(bytes.readBigUInt64BE(offset + 8)) !== sequence) return false
    const read: Entry[] = []
    let at = offset + 28
    for (let index = 0; index < count; index += 1) {
      const body = at + 36
      const end = body + bytes.readUInt32BE(at)
      if (
        end > recordsEnd ||
        hash('sha256', bytes.subarray(body, end), 'hex') !== bytes.toString('hex', at + 4, body)
      )
        return false
      const clear = clearOf(bytes, at, end)
      if (clear === 'torn') return false
      const entry = entryOf(bytes.subarray(body, end), clear, sequence + index)
      if (entry) read.push(entry)
      at = end
    }
    if (at !== recordsEnd) return false
    if (bytes.subarray(bodyEnd, roundedUp(bodyEnd)).some((byte) => byte !== 0)) return false
    this.take(read)
    Object.assign(this.end, { offset: roundedUp(bodyEnd), sequence: sequence + count })
    return true
  }

  /** Everything that rests, name after name. */
  override bytes(): Buffer {
    return Buffer.concat([...this.names.values()].map((inode) => inode.bytes))
  }
}

/** What a record has sealed, opened; null where it has nothing. */
function clearOf(bytes: Buffer, at: number, end: number): Buffer | null | 'torn' {
  const textEnd = at + 41 + bytes.readUInt32BE(at + 37)
  if (textEnd === end) return null
  const [distance, length, from, own] = [0, 4, 8, 12].map((place) => bytes.readUInt32BE(textEnd + place))
  const group = bytes.subarray(at + distance!, at + distance! + length!)
  if (hash('sha256', group, 'hex') !== bytes.toString('hex', textEnd + 16, end)) return 'torn'
  return unpacked(turned(group)).subarray(from!, from! + own!)
}

/** A group without its last byte, which says whether it is compressed. */
function unpacked(group: Buffer): Buffer {
  const bytes = group.subarray(0, -1)
  return group.at(-1) === 1 ? zstdDecompressSync(bytes) : bytes
}

/** What a record says; null for a link. */
function entryOf(body: Buffer, clear: Buffer | null, sequence: number): Entry | null {
  const type = ([null, 'exchange', 'outcome'] as const)[body[0]!]
  if (!type) return null
  const told = JSON.parse(body.toString('utf8', 5, 5 + body.readUInt32BE(1))) as unknown[]
  const { fields } = RECORDS[type]
  const row = Object.fromEntries(fields.map((field, index) => [field, told[index + 1] ?? null]))
  const whole = withApart(type, row, clear)
  if (type === 'outcome') return { outcome: { ...whole, id: sequence } as unknown as OutcomeEntry }
  return { exchange: whole as unknown as ExchangeEntry } as Entry
}
