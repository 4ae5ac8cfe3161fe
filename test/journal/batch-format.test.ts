/** A batch is read back as it was written; a flipped bit is damage, and a torn end costs the last batch alone. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBatch,
  encodeBatch,
  type FrameRecord,
  readGroup,
  recordsLength,
} from '../../src/journal/segment/batch-format.ts'
import { scanBatches } from '../../src/journal/segment/scan.ts'
import { SECTOR_BYTES } from '../../src/journal/segment/sectors.ts'
import { decodeSegmentHeader, encodeSegmentHeader } from '../../src/journal/segment/segment-header.ts'

interface Written {
  readonly records: readonly FrameRecord[]
  readonly groups: readonly Buffer[]
}

/** Records with groups, each of which some record has a part of, in order. */
const written = fc
  .array(
    fc.record({
      type: fc.constantFrom('exchange' as const, 'outcome' as const, 'link' as const),
      text: fc.string({ unit: 'grapheme', maxLength: 200 }),
      sealed: fc.constantFrom('none' as const, 'own' as const, 'with the one before' as const),
      group: fc.uint8Array({ minLength: 1, maxLength: 900 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((drawn): Written => {
    const groups: Buffer[] = []
    const records = drawn.map(({ type, text, sealed, group }): FrameRecord => {
      if (sealed === 'none') return { type, text, sealed: null }
      if (sealed === 'own' || groups.length === 0) groups.push(Buffer.from(group))
      return { type, text, sealed: { group: groups.length - 1, from: 1, length: text.length } }
    })
    return { records, groups }
  })

const encode = ({ records, groups }: Written, firstSequence: number) =>
  encodeBatch(
    records,
    groups.map((group) => [group.subarray(0, 1), group.subarray(1)]),
    firstSequence,
  )

/** What was read, its groups read back from their places. */
function plain(batch: ReturnType<typeof decodeBatch>, bytes: Buffer, base: number): unknown {
  if (batch.is !== 'batch') return batch
  const groups = new Map<number, Buffer>()
  const records = batch.records.map(({ type, text, sealed }) => {
    if (!sealed) return { type, text, sealed }
    groups.set(sealed.offset, readGroup(bytes, base, sealed)!)
    const { from, length } = sealed
    return { type, text, sealed: { group: [...groups.keys()].indexOf(sealed.offset), from, length } }
  })
  return { records, groups: [...groups.values()] }
}

describe('a batch', () => {
  it('is read back as it was written, wherever it stands', () => {
    fc.assert(
      fc.property(written, fc.nat(), fc.nat(20), (batch, first, sectors) => {
        const { bytes, places } = encode(batch, first)
        const base = sectors * SECTOR_BYTES
        const read = decodeBatch(bytes, base, base)
        expect(plain(read, bytes, base)).toEqual(batch)
        // Whoever needs the records alone reads no more than these.
        const alone = bytes.subarray(0, recordsLength(bytes)!)
        expect(decodeBatch(alone, base, base, false)).toEqual(read)
        expect(read).toMatchObject({ firstSequence: first, end: base + bytes.length })
        expect(
          read.is === 'batch' && read.records.map(({ offset, length }) => [offset - base, length]),
        ).toEqual(places.map(({ offset, length }) => [offset, length]))
      }),
    )
  })

  it('with any one bit turned over is damage, never another value', () => {
    fc.assert(
      fc.property(written, fc.nat(), fc.nat(7), (batch, at, bit) => {
        const { bytes } = encode(batch, 7)
        const piece = Buffer.concat([bytes, Buffer.alloc(4 * SECTOR_BYTES)])
        piece[at % bytes.length]! ^= 1 << bit
        const read: unknown[] = []
        const ending = scanBatches(piece, 0, 0, 7, (batch) => read.push(batch))
        expect([read, ending.is]).toEqual([[], 'damage'])
      }),
      { numRuns: 500 },
    )
  })
})

describe('the last batch, torn', () => {
  it('leaves exactly the batches before it, whichever sectors are lost', () => {
    const torn = fc.tuple(
      fc.array(written, { minLength: 1, maxLength: 4 }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    )
    fc.assert(
      fc.property(torn, ([batches, lost]) => {
        let sequence = 1
        const pieces = batches.map((batch) => {
          const { bytes } = encode(batch, sequence)
          sequence += batch.records.length
          return bytes
        })
        const last = pieces.at(-1)!
        const whole = Buffer.from(last)
        for (let sector = 0; sector * SECTOR_BYTES < last.length; sector += 1) {
          if ((lost >> BigInt(sector % 64)) & 1n)
            last.fill(0, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES)
        }
        const read: unknown[] = []
        const segment = Buffer.concat([...pieces, Buffer.alloc(8 * SECTOR_BYTES)])
        const ending = scanBatches(segment, 0, 0, 1, (batch) => read.push(plain(batch, segment, 0)))
        const kept = last.equals(whole) ? batches : batches.slice(0, -1)
        expect(read).toEqual(kept)
        const clean = last.equals(whole) || last.every((byte) => byte === 0)
        expect(ending.is).toBe(clean ? 'end' : 'torn')
      }),
      { numRuns: 500 },
    )
  })
})

describe('the header of a segment', () => {
  it.each([null, '0f'.repeat(16)])(
    'is read back with the check %s, and with any bit turned over is none',
    (keyCheck) => {
      const header = { segment: 3, firstSequence: 77, at: Date.parse('2026-11-22'), keyCheck }
      const bytes = encodeSegmentHeader(header)
      expect(decodeSegmentHeader(bytes)).toEqual(header)
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const other = Buffer.from(bytes)
        other[bit >> 3]! ^= 1 << (bit & 7)
        expect(decodeSegmentHeader(other)).toBeNull()
      }
    },
  )
})
