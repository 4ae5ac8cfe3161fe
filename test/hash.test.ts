/** Files are laid out by these hashes, so each gives for ever what it gave. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finish, fnv1a, hashAscii, hashBytes, hashText } from '../src/hash.ts'
import { emptyBits, filterOf } from '../src/journal/index/bloom-filter.ts'

const bytes = (text: string) => Buffer.from(text)

describe('fnv1a()', () => {
  it('is the published function, also of a part', () => {
    // http://www.isthe.com/chongo/src/fnv/test_fnv.c
    expect(['', 'a', 'foobar'].map((text) => fnv1a(bytes(text)) >>> 0)).toEqual([
      0x811c9dc5, 0xe40c292c, 0xbf9cf968,
    ])
    expect(fnv1a(bytes('--foobar-'), 2, 8)).toBe(fnv1a(bytes('foobar')))
  })
})

describe('finish()', () => {
  it('meets itself nowhere: it can be undone', () => {
    const undone = (hash: number) => {
      let h = hash ^ (hash >>> 16)
      h = Math.imul(h, 0x7ed1b41d)
      h = Math.imul(h ^ (h >>> 13) ^ (h >>> 26), 0xa5cb9243)
      return (h ^ (h >>> 16)) >>> 0
    }
    fc.assert(fc.property(fc.nat({ max: 2 ** 32 - 1 }), (hash) => undone(finish(hash)) === hash))
  })
})

describe('hashBytes()', () => {
  it('gives what the packed tables that are there were laid out by', () => {
    const of = (text: string) => hashBytes(bytes(text), 0, bytes(text).length)
    expect(['', 'C0101', 'C01011', '机构'].map(of)).toEqual([0, 3815639473, 2309248826, 3024623605])
    expect(hashAscii('C01011')).toBe(of('C01011'))
  })
})

describe('hashText()', () => {
  it('sets the bits of a filter that was noted by a build of before', () => {
    const bits = emptyBits(4096)
    const filter = filterOf(bits)
    for (let at = 0; at < 300; at += 1) {
      for (const kind of ['key', 'encounter', 'settlement'] as const) {
        filter.add([kind, `H62010290001|2207|机构${at}`])
      }
    }
    const digest = createHash('sha256').update(new Uint8Array(bits.buffer)).digest('hex')
    expect(digest).toBe('4ed4b90f975b1a8e425381e7bbc7648a7f8aff7fb4ae49640fda727341ad1dee')
  })

  it('gives two halves that do not move together', () => {
    const [high, low] = [new Set<number>(), new Set<number>()]
    const hash = { high: 0, low: 0 }
    for (let at = 0; at < 20_000; at += 1) {
      hashText(`C0101${at}`, 1, hash)
      high.add(hash.high)
      low.add(hash.low)
    }
    // Of 20,000 values of 32 bits five hundredths of one pair meet by chance.
    expect(Math.min(high.size, low.size)).toBeGreaterThan(19_990)
  })
})
