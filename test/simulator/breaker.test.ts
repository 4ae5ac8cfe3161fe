/** The breaker before a province opens at five failures in a row, by the given clock, and leaves no timer behind. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import { Breaker } from '../../src/simulator/breaker.ts'

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }),
)
afterEach(() => void vi.useRealTimers())

function failing(breaker: Breaker, times: number): void {
  for (let turn = 0; turn < times; turn += 1) breaker.failed()
}

describe('Breaker', () => {
  it('counts failures in a row: a success begins anew', () => {
    const breaker = new Breaker(() => 0 as Instant)
    failing(breaker, 4)
    breaker.succeeded()
    failing(breaker, 4)
    expect(breaker.allows()).toBe(true)
    failing(breaker, 1)
    expect(breaker.allows()).toBe(false)
  })

  it('needs five again once a try has closed it', () => {
    let now = 0
    const breaker = new Breaker(() => now as Instant)
    failing(breaker, 5)
    now += 5_000
    expect(breaker.allows()).toBe(true)
    breaker.succeeded()
    failing(breaker, 4)
    expect(breaker.allows()).toBe(true)
  })

  it('lets nobody try by the clock of the process', () => {
    const breaker = new Breaker(() => 0 as Instant)
    failing(breaker, 5)
    vi.advanceTimersByTime(3_600_000)
    expect(breaker.allows()).toBe(false)
  })

  it('leaves no timer behind', () => {
    const breaker = new Breaker(() => 0 as Instant)
    failing(breaker, 5)
    breaker.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})
