/** The breaker counts calls when they end, moves by the given clock alone, and is closed by nobody but its channel. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import { Breaker } from '../../src/transport/breaker.ts'
import { bench, HUNAN, PROBE } from './support.ts'

const DAY_MS = 86_400_000
const OPENING = { since: 0 as Instant, why: 'silence' } as const

/** Lets opossum count the successes: it does so a turn later. */
const counted = () => Promise.resolve()

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }),
)
afterEach(() => void vi.useRealTimers())

describe('Breaker', () => {
  it.each<[number, boolean]>([
    [9_999, true],
    [10_000, false],
  ])('opens at the tenth fault within ten seconds; after %d ms: %s', (atMs, isOpen) => {
    const breaker = new Breaker()
    for (let fault = 1; fault < 10; fault += 1) expect(breaker.failed(0)).toBe(false)
    expect(breaker.failed(atMs)).toBe(isOpen)
    expect(breaker.isOpen).toBe(isOpen)
  })

  it('has forgotten all when it is closed', () => {
    const breaker = new Breaker()
    for (let fault = 0; fault < 10; fault += 1) breaker.failed(0)
    breaker.close()
    for (let fault = 1; fault < 10; fault += 1) expect(breaker.failed(0)).toBe(false)
    expect(breaker.failed(0)).toBe(true)
  })

  it('never lets anything through by itself, and a success that comes late does not close it', async () => {
    const breaker = new Breaker()
    breaker.open(OPENING)
    for (let day = 0; day < 100; day += 1) {
      vi.advanceTimersByTime(DAY_MS)
      expect(breaker.isOpen).toBe(true)
      breaker.succeeded(day * DAY_MS)
      await counted()
    }
    expect(breaker.isOpen).toBe(true)
    expect(breaker.opening).toEqual(OPENING)
  })

  it('has no timer while it is closed, and leaves none behind', () => {
    const breaker = new Breaker()
    for (let fault = 0; fault < 9; fault += 1) breaker.failed(0)
    expect(vi.getTimerCount()).toBe(0)
    breaker.failed(0)
    breaker.close()
    expect(vi.getTimerCount()).toBe(0)
    breaker.open(OPENING)
    breaker.shutdown()
    expect(vi.getTimerCount()).toBe(0)
    breaker.failed(0)
    breaker.open(OPENING)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('counts what opossum emits, a refused call only while it is open', async () => {
    const breaker = new Breaker()
    breaker.rejected()
    breaker.succeeded(0)
    for (let fault = 0; fault < 9; fault += 1) breaker.failed(0)
    breaker.rejected()
    breaker.close()
    await counted()
    expect(breaker.events).toEqual({ success: 1, failure: 9, reject: 1, open: 1, close: 1 })
  })
})

describe('the breaker of a channel', () => {
  it('is opened by ten faults although more calls are under way', async () => {
    const made = bench((body) => (body === 'call' ? 'garbage' : 'silent'))
    for (let call = 0; call < 12; call += 1) void made.send(HUNAN, {}, 'slow')
    for (let call = 0; call < 10; call += 1) {
      void made.send()
      await made.pass(2)
    }
    expect(made.status()).toMatchObject({ breaker: 'open', why: 'faults' })
  })

  it('stays open when what left before is answered late, however much of it', async () => {
    const made = bench(() => 50)
    await made.traffic(50, 5_000)
    made.does = (body) => (body === PROBE ? 'silent' : 3_000)
    await made.traffic(50, 1_000)
    expect(made.status().breaker).toBe('open')
    await made.pass(10_000)
    expect(made.status()).toMatchObject({ breaker: 'open', why: 'silence' })
    expect(made.transport.breakerCounts()).toContainEqual({
      destination: HUNAN.id,
      traffic: 'changes',
      events: expect.objectContaining({ failure: 0, open: 1, close: 0 }),
    })
  })

  it('is on trial until a new call is answered: the late answer to an old one proves nothing', async () => {
    const made = bench(() => 50)
    await made.traffic(50, 5_000)
    made.does = (body) => (body === PROBE ? 50 : 3_000)
    await made.traffic(50, 400)
    expect(made.status().breaker).toBe('open')
    await made.pass(1_000)
    expect(made.status()).toMatchObject({ breaker: 'closed', limit: 1 })
    await made.pass(3_000)
    expect(made.status().limit).toBe(1)
    made.does = () => 'garbage'
    void made.send()
    await made.pass(2)
    expect(made.status()).toMatchObject({ breaker: 'open', why: 'faults' })
  })

  it('counts each call that it refuses, beforehand or when it comes', async () => {
    const made = bench(() => 'garbage')
    for (let call = 0; call < 10; call += 1) {
      void made.send()
      await made.pass(2)
    }
    void made.send()
    made.transport.refusal(HUNAN, 'changes')
    const { turnedAway } = made.status()
    expect(turnedAway).toBe(2)
    expect(made.transport.breakerCounts()[0]!.events).toMatchObject({ failure: 10, open: 1, reject: 2 })
  })

  it('keeps no timer once the transport is closed', async () => {
    const made = bench((body) => (body === PROBE ? 'silent' : 'garbage'))
    for (let call = 0; call < 10; call += 1) {
      void made.send()
      await made.pass(2)
    }
    expect(made.status().breaker).toBe('open')
    await made.transport.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})
