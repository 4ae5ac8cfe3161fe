/** Refused strangers are counted each and noted in the log once a minute, at no cost where there are none. */
import { expect, it } from 'vitest'
import { createMetrics } from '../../src/http/metrics.ts'
import { createStrangers } from '../../src/http/strangers.ts'

it('createStrangers() counts each and notes them once a minute, with no timer where there are none', async () => {
  const metrics = createMetrics(() => [])
  const timers: (() => void)[] = []
  const notes: Readonly<Record<string, number>>[] = []
  const strangers = createStrangers({
    clock: {
      after(ms, callback) {
        expect(ms).toBe(60_000)
        timers.push(callback)
        return () => {}
      },
    },
    count: metrics.stranger,
    note: (refused) => notes.push(refused),
  })
  expect(timers).toHaveLength(0)
  for (let each = 0; each < 1000; each += 1) strangers.refused('unknown-caller')
  strangers.refused('foreign-host')
  expect([timers.length, notes]).toEqual([1, []])
  timers.shift()!()
  expect(notes).toEqual([{ 'unknown-caller': 1000, 'foreign-host': 1 }])
  expect(timers).toHaveLength(0)
  strangers.refused('unknown-caller')
  timers.shift()!()
  expect(notes[1]).toEqual({ 'unknown-caller': 1 })
  expect(await metrics.text()).toContain('zhijie_strangers_refused_total{problem="unknown-caller"} 1001')
})
