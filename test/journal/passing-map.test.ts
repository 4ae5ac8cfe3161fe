import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PassingMap } from '../../src/journal/passing-map.ts'

it('holds what a map holds, in its order, whatever comes and goes', () => {
  const step = fc.record({
    does: fc.constantFrom('set', 'set', 'delete'),
    key: fc.integer({ min: 0, max: 99 }),
  })
  let moved = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 200, maxLength: 400 }), (steps) => {
      const map = new PassingMap<number, number | null>()
      const oracle = new Map<number, number | null>()
      const seen = new Set<number>()
      for (const [value, { does, key }] of steps.entries()) {
        if (does === 'set') {
          map.set(key, value % 7 === 0 ? null : value)
          oracle.set(key, value % 7 === 0 ? null : value)
          seen.add(key)
        } else {
          map.delete(key)
          oracle.delete(key)
        }
        expect([map.size, map.get(key), map.has(key)]).toEqual([
          oracle.size,
          oracle.get(key),
          oracle.has(key),
        ])
      }
      if (seen.size >= 64) moved += 1
      expect([...map]).toEqual([...oracle])
    }),
  )
  expect(moved).toBeGreaterThan(50)
})
