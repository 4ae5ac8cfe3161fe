/** What is packed is given back as it was, and long bills become a fraction of their length. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MARK_BYTES, pack, unpack } from '../../src/journal/segment/compression.ts'

/** Packed as the encoder does it: in a buffer that is used again. */
function packed(bytes: Buffer): Buffer {
  const room = Buffer.alloc(bytes.length + MARK_BYTES, 0xff)
  bytes.copy(room)
  return pack(room, bytes.length)
}

describe('pack() and unpack()', () => {
  it('give back what was packed, of any length', () => {
    const piece = fc.uint8Array({ minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(piece, fc.nat({ max: 90_000 }), (repeated, length) => {
        const bytes = Buffer.alloc(length, repeated)
        expect(unpack(Buffer.from(packed(bytes))).equals(bytes)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('give back long groups one after another, each by itself', () => {
    const groups = [300_000, 9_000, 524_288, 4_096, 120_000].map((length, turn) => {
      const noise = Buffer.from(fc.sample(fc.uint8Array({ minLength: 999, maxLength: 999 }), 1)[0]!)
      return Buffer.alloc(length, turn % 2 === 0 ? noise : Buffer.from('{"feedetl_sn":"F1"},'))
    })
    const all = groups.map(packed)
    expect(all.map((bytes, at) => unpack(bytes).equals(groups[at]!))).toEqual(groups.map(() => true))
  })

  it('leave short groups and what cannot be packed as they are', () => {
    const short = Buffer.from('{"a":1}')
    expect(packed(short).subarray(0, -1)).toEqual(short)
    const noise = Buffer.from(fc.sample(fc.uint8Array({ minLength: 60_000, maxLength: 60_000 }), 1)[0]!)
    expect(unpack(packed(noise)).equals(noise)).toBe(true)
  })

  it('pack a long bill to a fraction', () => {
    const bill = Buffer.from(
      JSON.stringify(Array.from({ length: 200 }, (_, line) => ({ line, name: '血清总胆固醇测定' }))),
    )
    const long = Buffer.concat([bill, bill, bill, bill, bill, bill])
    expect(packed(long).length).toBeLessThan(long.length / 5)
  })

  it('refuse what has another mark', () => {
    expect(() => unpack(Buffer.from([1, 2, 3]))).toThrow('no readable mark')
    expect(() => unpack(Buffer.alloc(0))).toThrow()
  })
})
