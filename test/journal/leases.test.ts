/** An exchange is with one worker at a time, and one whose lease has lapsed writes nothing any more. */
import { describe, expect, it } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import { createLeases } from '../../src/journal/embedded/leases.ts'
import { LeaseLost } from '../../src/journal/engine.ts'
import type { Clock } from '../../src/ports.ts'
import { createMemoryDisk } from './memory-disk.ts'
import { AT, intent, journalOver } from './support.ts'

const LENGTH_MS = 1_000

/** A clock that goes where the test sets it; the wall clock may be corrected by itself. */
function handClock() {
  const hand = { elapsedMs: 0, correctedMs: 0 }
  const clock: Clock = {
    now: () => (AT + hand.elapsedMs + hand.correctedMs) as Instant,
    elapsed: () => hand.elapsedMs,
    after: () => () => {},
  }
  return { hand, clock }
}

describe('take()', () => {
  it('gives an exchange to one, and to nobody else until it is given back, not even the same owner', () => {
    const leases = createLeases(handClock().clock)
    const lease = leases.take(1, 'a', LENGTH_MS)!
    expect(leases.take(1, 'b', LENGTH_MS)).toBeNull()
    expect(leases.take(1, 'a', LENGTH_MS)).toBeNull()
    expect(leases.take(2, 'b', LENGTH_MS)).not.toBeNull()
    lease.release()
    expect(leases.take(1, 'b', LENGTH_MS)).not.toBeNull()
  })

  it('gives it to another when it has lapsed, to the millisecond; the first holds nothing any more', () => {
    const { hand, clock } = handClock()
    const leases = createLeases(clock)
    const first = leases.take(1, 'a', LENGTH_MS)!
    hand.elapsedMs = LENGTH_MS - 1
    expect(leases.take(1, 'b', LENGTH_MS)).toBeNull()
    expect(() => first.check()).not.toThrow()
    hand.elapsedMs = LENGTH_MS
    expect(() => first.check()).toThrow(LeaseLost)
    expect(leases.take(1, 'b', LENGTH_MS)).not.toBeNull()
    expect(() => first.renew()).toThrow(LeaseLost)
    first.release()
    expect(leases.holder(1)).toMatchObject({ owner: 'b' })
  })

  it('is not moved by a corrected wall clock', () => {
    const { hand, clock } = handClock()
    const leases = createLeases(clock)
    const first = leases.take(1, 'a', LENGTH_MS)!
    hand.correctedMs = 3_600_000
    expect(() => first.check()).not.toThrow()
    expect(leases.take(1, 'b', LENGTH_MS)).toBeNull()
  })
})

describe('holder()', () => {
  it('says who and until when; a renewed lease lasts its whole length again', () => {
    const { hand, clock } = handClock()
    const leases = createLeases(clock)
    expect(leases.holder(1)).toBeNull()
    const lease = leases.take(1, 'a', LENGTH_MS)!
    hand.elapsedMs = 400
    expect(leases.holder(1)).toEqual({ owner: 'a', until: AT + LENGTH_MS })
    lease.renew()
    expect(leases.holder(1)).toEqual({ owner: 'a', until: AT + 400 + LENGTH_MS })
  })
})

describe('record()', () => {
  it('refuses what a lapsed lease would write', async () => {
    const { hand, clock } = handClock()
    const disk = createMemoryDisk()
    const journal = journalOver(disk, clock)
    const begun = await journal.begin(intent())
    if (begun.is !== 'fresh') throw new Error('not fresh')
    await journal.record(begun.exchange, 'open', 'no-answer', {})
    const lease = (await journal.leases.take(begun.exchange.id, 'a', LENGTH_MS))!
    await journal.record(begun.exchange, 'unknown', 'not-found', {}, lease)
    hand.elapsedMs = LENGTH_MS
    const written = disk.batches.length
    await expect(journal.record(begun.exchange, 'unknown', 'undo-sent', {}, lease)).rejects.toThrow(LeaseLost)
    expect(disk.batches).toHaveLength(written)
  })
})
