import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeBatch,
  decodeSegmentHeader,
  encodeBatch,
  encodeSegmentHeader,
  type FrameRecord,
  SECTOR_BYTES,
} from '../../src/journal/frame.ts'
import { scanBatches } from '../../src/journal/scan.ts'

const record = fc.record<FrameRecord>({
  type: fc.constantFrom('exchange', 'outcome', 'link'),
  text: fc.string({ unit: 'grapheme', maxLength: 200 }),
  sealed: fc.option(fc.uint8Array({ minLength: 1, maxLength: 900 }).map((bytes) => Buffer.from(bytes))),
})
const records = fc.array(record, { minLength: 1, maxLength: 6 })

const plain = (batch: ReturnType<typeof decodeBatch>) =>
  batch.is === 'batch'
    ? batch.records.map(({ type, text, sealed }) => ({ type, text, sealed: sealed.length ? sealed : null }))
    : batch

describe('a batch', () => {
  it('is read back as it was written, wherever it stands', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(20), (written, first, sectors) => {
        const { bytes, places } = encodeBatch(written, first)
        const base = sectors * SECTOR_BYTES
        const read = decodeBatch(bytes, base, base)
        expect(plain(read)).toEqual(written)
        expect(read).toMatchObject({ firstSequence: first, end: base + bytes.length })
        expect(
          read.is === 'batch' && read.records.map(({ offset, length }) => [offset - base, length]),
        ).toEqual(places.map(({ offset, length }) => [offset, length]))
      }),
    )
  })

  it('with any one bit turned over is damage, never another value', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(7), (written, at, bit) => {
        const { bytes } = encodeBatch(written, 7)
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
      fc.array(records, { minLength: 1, maxLength: 4 }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    )
    fc.assert(
      fc.property(torn, ([written, lost]) => {
        let sequence = 1
        const pieces = written.map((batch) => {
          const { bytes } = encodeBatch(batch, sequence)
          sequence += batch.length
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
        const ending = scanBatches(segment, 0, 0, 1, (batch) => read.push(plain(batch)))
        const kept = last.equals(whole) ? written : written.slice(0, -1)
        expect(read).toEqual(kept)
        const clean = last.equals(whole) || last.every((byte) => byte === 0)
        expect(ending.is).toBe(clean ? 'end' : 'torn')
      }),
      { numRuns: 500 },
    )
  })
})

describe('the header of a segment', () => {
  it('is read back, and with any one bit turned over is none', () => {
    const header = { segment: 3, firstSequence: 77, at: Date.parse('2026-11-22') }
    const bytes = encodeSegmentHeader(header)
    expect(decodeSegmentHeader(bytes)).toEqual(header)
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const other = Buffer.from(bytes)
      other[bit >> 3]! ^= 1 << (bit & 7)
      expect(decodeSegmentHeader(other)).toBeNull()
    }
  })
})
