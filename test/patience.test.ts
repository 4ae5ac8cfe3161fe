/** Waiting for a process goes on as long as it says how far it is; long silence or its end is a failure. */
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { SILENCE_MS, untilEndedChild, untilStarted } from '../src/patience.ts'

/** A clock whose time passes only when told. */
function heldClock() {
  let timers: { at: number; call: () => void }[] = []
  let now = 0
  return {
    after(ms: number, call: () => void) {
      const timer = { at: now + ms, call }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    pass(ms: number) {
      const end = now + ms
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0]
        if (!due) break
        timers = timers.filter((one) => one !== due)
        now = due.at
        due.call()
      }
      now = end
    },
    /** The process did not run: one timer fires, late. */
    freeze(ms: number) {
      now += ms
      const [due, ...others] = timers
      timers = others
      due?.call()
    },
    left: () => timers.length,
  }
}

function started() {
  const child = Object.assign(new EventEmitter(), { exitCode: null, signalCode: null, kill: () => true })
  const clock = heldClock()
  const said: string[] = []
  const waiting = { name: 'Platform 620000', say: (text: string) => said.push(text), clock }
  const report = untilStarted<{ url: string }>(child as unknown as ChildProcess, waiting)
  report.catch(() => {})
  return { child, clock, said, report, waiting }
}

describe('untilStarted()', () => {
  it('waits as long as the child says how far it is, and says for what', async () => {
    const { child, clock, said, report } = started()
    for (let round = 1; round <= 20; round += 1) {
      clock.pass(SILENCE_MS - 2000)
      child.emit('message', { step: `reads table ${round} of 20` })
    }
    child.emit('message', { url: 'http://127.0.0.1:1' })
    expect(await report).toEqual({ url: 'http://127.0.0.1:1' })
    expect(said).toContain('Waiting for Platform 620000: reads table 1 of 20 (180 s so far)')
    expect(said.length).toBeGreaterThan(300)
    expect([clock.left(), child.listenerCount('message'), child.listenerCount('exit')]).toEqual([0, 0, 0])
  })

  it('takes long silence for a failure, and names the last step', async () => {
    const { child, clock, report } = started()
    child.emit('message', { step: 'opens its book' })
    clock.pass(SILENCE_MS)
    await expect(report).rejects.toThrow(
      'Platform 620000 has said nothing for 180 s; the last was: opens its book',
    )
  })

  it('does not count time in which the waiting process itself did not run', async () => {
    const { child, clock, report } = started()
    clock.freeze(10 * SILENCE_MS)
    clock.pass(SILENCE_MS - 2000)
    child.emit('message', { url: 'late' })
    expect(await report).toEqual({ url: 'late' })
  })

  it('fails at once where the child ends, whatever it said', async () => {
    const { child, report } = started()
    child.emit('message', { step: 'opens its book' })
    child.emit('exit', 3, null)
    await expect(report).rejects.toThrow('Platform 620000 ended with code 3')
  })
})

describe('untilEndedChild()', () => {
  it('kills only what has not ended after long', async () => {
    const { child, clock, said, waiting } = started()
    const signals: string[] = []
    Object.assign(child, { kill: (signal: string) => signals.push(signal) })
    const ended = untilEndedChild(child as unknown as ChildProcess, waiting)
    clock.pass(SILENCE_MS - 1000)
    expect(signals).toEqual(['SIGTERM'])
    clock.pass(1000)
    expect(signals).toEqual(['SIGTERM', 'SIGKILL'])
    child.emit('exit', null, 'SIGKILL')
    await ended
    expect(said.at(-1)).toMatch(/It is killed$/)
  })
})
