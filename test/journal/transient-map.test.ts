/** A map for what passes through holds what a plain map holds, and forgets the keys of what has gone. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TransientMap } from '../../src/journal/transient-map.ts'

it('holds what a map holds, whatever comes and goes', () => {
  const step = fc.record({
    does: fc.constantFrom('set', 'delete', 'delete'),
    key: fc.integer({ min: 0, max: 19 }),
  })
  let movedOn = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 150 }), (steps) => {
      const map = new TransientMap<number, number | null>(8)
      const oracle = new Map<number, number | null>()
      for (const [value, { does, key }] of steps.entries()) {
        const { known } = map
        if (does === 'set') {
          map.set(key, value % 7 === 0 ? null : value)
          oracle.set(key, value % 7 === 0 ? null : value)
        } else {
          map.delete(key)
          oracle.delete(key)
        }
        if (map.known < known) movedOn += 1
        expect([map.size, map.get(key), map.has(key)]).toEqual([
          oracle.size,
          oracle.get(key),
          oracle.has(key),
        ])
      }
      const sorted = (pairs: Iterable<readonly [number, number | null]>) =>
        [...pairs].sort(([one], [other]) => one - other)
      expect(sorted(map)).toEqual(sorted(oracle))
    }),
  )
  expect(movedOn).toBeGreaterThan(10)
})

it('forgets the keys of what has passed through', () => {
  const map = new TransientMap<number, number>()
  for (let key = 0; key < 10_000; key += 1) {
    map.set(key, key)
    map.delete(key - 10)
    expect(map.known).toBeLessThanOrEqual(64)
  }
  expect(new Map(map)).toEqual(new Map(Array.from({ length: 10 }, (_, at) => [9_990 + at, 9_990 + at])))
})
