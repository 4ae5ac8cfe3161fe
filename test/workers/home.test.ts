/** The home worker of an institution never changes, and institutions are spread evenly. */
import { describe, expect, it } from 'vitest'
import { homeOf } from '../../src/workers/home.ts'

describe('homeOf()', () => {
  it('never changes: journals are laid out by it', () => {
    const homes = (workers: number) =>
      ['H34010290001', 'H62010290002', 'P62010200123', '', '机构'].map((code) => homeOf(code, workers))
    expect(homes(1)).toEqual([1, 1, 1, 1, 1])
    expect(homes(2)).toEqual([1, 2, 2, 2, 2])
    expect(homes(7)).toEqual([1, 3, 5, 5, 3])
  })

  it.each([2, 3, 4, 8, 64])('spreads institutions evenly over %i workers', (workers) => {
    const counts = new Array<number>(workers).fill(0)
    const each = 1000
    for (let serial = 0; serial < each * workers; serial += 1) {
      // As codes are given out: one place after the other, numbered.
      const place = String(110101 + (serial % 97) * 100)
      const home = homeOf(`H${place}${String(serial).padStart(5, '0')}`, workers)
      expect(home).toBeGreaterThanOrEqual(1)
      expect(home).toBeLessThanOrEqual(workers)
      counts[home - 1]! += 1
    }
    for (const count of counts) expect(Math.abs(count - each)).toBeLessThan(each * 0.15)
  })
})
