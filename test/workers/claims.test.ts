import { describe, expect, it } from 'vitest'
import { createKeyClaims } from '../../src/workers/claims.ts'

describe('createKeyClaims()', () => {
  it('gives a key to one worker at a time', () => {
    const claims = createKeyClaims()
    expect(claims.claim('a', 1)).toBe(true)
    expect(claims.claim('a', 2)).toBe(false)
    expect(claims.claim('b', 2)).toBe(true)
    claims.release('a', 1)
    expect(claims.claim('a', 2)).toBe(true)
  })

  it('counts requests of one worker under one key, whose journal tells them apart', () => {
    const claims = createKeyClaims()
    expect(claims.claim('a', 1)).toBe(true)
    expect(claims.claim('a', 1)).toBe(true)
    claims.release('a', 1)
    expect(claims.claim('a', 2)).toBe(false)
    claims.release('a', 1)
    expect(claims.claim('a', 2)).toBe(true)
  })

  it('lets nobody release what is another worker’s', () => {
    const claims = createKeyClaims()
    claims.claim('a', 1)
    claims.release('a', 2)
    expect(claims.claim('a', 2)).toBe(false)
  })

  it('keeps what a worker that died had taken up until it has recovered', () => {
    const claims = createKeyClaims()
    claims.claim('a', 1)
    claims.claim('a', 1)
    claims.claim('b', 2)
    expect(claims.claim('a', 2)).toBe(false)
    claims.recovered(1)
    expect(claims.claim('a', 2)).toBe(true)
    expect(claims.claim('b', 1)).toBe(false)
  })
})
