/** A worker that ends is restarted after longer and longer waits, and given up at its sixth end in a minute. */
import { describe, expect, it } from 'vitest'
import { createRestarts } from '../../src/workers/restarts.ts'

describe('createRestarts()', () => {
  it('waits longer each time, and gives up at the sixth end within a minute', () => {
    const restarts = createRestarts()
    expect([0, 1000, 2000, 3000, 4000, 5000].map((at) => restarts.after(at))).toEqual([
      100,
      200,
      400,
      800,
      1600,
      null,
    ])
  })

  it('forgets what is older than a minute', () => {
    const restarts = createRestarts()
    for (let at = 0; at < 20; at += 1) expect(restarts.after(at * 60_000)).toBe(100)
  })
})
