/** The fence after a restore stands until its mark says that somebody has compared. */
import { expect, it } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import type { Restored } from '../../src/journal/backup/restored.ts'
import { createFence } from '../../src/pipeline/fence.ts'

it('a mark that is taken away takes nothing down, and the time that is forgotten stays known', () => {
  const first: Restored = { since: 1, at: 2, compared: null }
  let mark: Restored | null = first
  const said: string[] = []
  const fence = createFence({
    read: () => mark,
    journal: { note: () => {} },
    clock: { now: () => 3 as Instant },
    tell: (text) => said.push(text),
  })
  expect(fence.stands()).toBe(true)
  mark = null
  expect([fence.stands(), fence.span()]).toEqual([true, first])
  mark = { ...first, compared: { by: '张三', at: 4 } }
  expect([fence.stands(), fence.span()]).toEqual([false, mark])
  expect(said).toHaveLength(2)
})
