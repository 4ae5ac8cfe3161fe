/** Archiving happens at an idle start and once a day from then on, even after a failure. */
import { describe, expect, it } from 'vitest'
import { archiveDaily } from '../../src/journal/archive/archive-daily.ts'
import { settled } from './support.ts'

const HOUR_MS = 3_600_000

/** A clock that is moved by hand, and what was asked of the archiver. */
function bench(idle: boolean) {
  let now = 0
  const timers: { at: number; callback: () => void }[] = []
  const asked: number[] = []
  const faults: unknown[] = []
  let fails = false
  const end = archiveDaily({
    archiver: {
      run: async (days) => {
        asked.push(days)
        if (fails) throw new Error('the disk is full')
        return { archived: [], archivedUpTo: 0, stays: null }
      },
    },
    clock: {
      after(ms, callback) {
        const timer = { at: now + ms, callback }
        timers.push(timer)
        return () => {
          timers.splice(timers.indexOf(timer), 1)
        }
      },
    },
    olderThanDays: 400,
    idle,
    log: { info: () => {} },
    fault: (cause) => faults.push(cause),
  })
  return {
    asked,
    faults,
    end,
    fail: () => {
      fails = true
    },
    async pass(hours: number) {
      now += hours * HOUR_MS
      for (const timer of timers.filter(({ at }) => at <= now)) {
        timers.splice(timers.indexOf(timer), 1)
        timer.callback()
      }
      await settled()
    },
  }
}

describe('archiveDaily()', () => {
  it('archives at an idle start, and then once a day', async () => {
    const { asked, pass } = bench(true)
    await pass(0)
    expect(asked).toEqual([400])
    await pass(23)
    expect(asked).toHaveLength(1)
    await pass(1)
    expect(asked).toHaveLength(2)
    await pass(24)
    expect(asked).toHaveLength(3)
  })

  it('waits a day where the start finds something unresolved', async () => {
    const { asked, pass } = bench(false)
    await pass(23)
    expect(asked).toEqual([])
    await pass(1)
    expect(asked).toEqual([400])
  })

  it('tells a failure and tries again the next day', async () => {
    const { asked, faults, fail, pass } = bench(true)
    fail()
    await pass(0)
    expect(faults).toHaveLength(1)
    await pass(24)
    expect(asked).toHaveLength(2)
  })

  it('ends', async () => {
    const { asked, end, pass } = bench(true)
    end()
    await pass(48)
    expect(asked).toEqual([])
  })
})
