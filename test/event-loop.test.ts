/** The delay of the event loop is known while it lasts, and its time stands still for as long. */
import { describe, expect, it } from 'vitest'
import { EventLoop } from '../src/event-loop.ts'
import { Timeline } from './simulation/timeline.ts'

/** A loop in virtual time, whose timers are as late as the process stands still. */
function make() {
  const timeline = new Timeline(0)
  let stillUntil = 0
  const after = (ms: number, callback: () => void): (() => void) => {
    let cancel = timeline.after(ms, () => {
      const leftMs = stillUntil - timeline.elapsed()
      if (leftMs <= 0) callback()
      else cancel = timeline.after(leftMs, callback)
    })
    return () => cancel()
  }
  let idleMs = 0
  const idle = () => idleMs
  const clock = { now: () => timeline.now(), elapsed: () => timeline.elapsed(), after, idle }
  const pass = async (ms: number) => {
    const until = timeline.elapsed() + ms
    timeline.after(ms, () => {})
    await timeline.run(until)
  }
  const loop = new EventLoop(clock)
  return {
    loop,
    timeline,
    pass,
    ran: () => loop.ran(timeline.elapsed()),
    lateMs: () => loop.lateMs(timeline.elapsed()),
    rests: (ms: number) => (idleMs += ms),
    standStill: (ms: number) => (stillUntil = timeline.elapsed() + ms),
  }
}

describe('EventLoop', () => {
  it('tells the time as the clock does while it is never late', async () => {
    const { loop, pass, ran } = make()
    loop.enter()
    await pass(10_000)
    expect(ran()).toBe(10_000)
    expect(loop.beats).toBe(500)
  })

  it('stands still while it is late, and can be asked in the middle of it', async () => {
    const { loop, pass, ran, lateMs, standStill } = make()
    loop.enter()
    await pass(100)
    standStill(3_000)
    await pass(2_000)
    expect(ran()).toBe(125)
    expect(lateMs()).toBe(1_975)
    await pass(1_000)
    expect(ran()).toBe(125)
    await pass(500)
    expect(ran()).toBe(625)
    expect(lateMs()).toBe(0)
  })

  it('does not count 5 ms: timers are never exact', async () => {
    const { loop, pass, ran, standStill } = make()
    loop.enter()
    for (let turn = 0; turn < 100; turn += 1) {
      standStill(5)
      await pass(60)
    }
    expect(ran()).toBe(6_000)
  })

  it('has no timer while nothing is under way, and takes no pause for a delay', async () => {
    const { loop, timeline, pass, ran, lateMs } = make()
    loop.enter()
    loop.enter()
    loop.leave()
    await pass(100)
    loop.leave()
    expect(await timeline.run(3_600_000)).toBe(true)
    expect(timeline.elapsed()).toBe(100)
    await pass(60_000)
    loop.enter()
    expect([ran(), lateMs()]).toEqual([60_100, 0])
  })

  it('is saturated once it has had nothing left for a while, and no longer once it has', async () => {
    const { loop, pass, rests } = make()
    loop.enter()
    const after = async (ms: number) => {
      await pass(ms)
      return loop.isSaturated
    }
    expect([await after(300), await after(600)]).toEqual([false, true])
    for (let turn = 0; turn < 5; turn += 1) {
      rests(10)
      await pass(20)
    }
    expect(loop.isSaturated).toBe(false)
  })

  it('is not saturated by one pause, however long', async () => {
    const { loop, pass, rests, standStill } = make()
    loop.enter()
    for (let turn = 0; turn < 50; turn += 1) {
      rests(10)
      await pass(20)
    }
    standStill(3_000)
    await pass(3_000)
    await pass(20)
    expect(loop.isSaturated).toBe(false)
  })

  it('is never saturated for a clock that counts no idle time', async () => {
    const timeline = new Timeline(0)
    const loop = new EventLoop(timeline)
    loop.enter()
    timeline.after(60_000, () => {})
    await timeline.run(60_000)
    expect(loop.isSaturated).toBe(false)
  })
})
