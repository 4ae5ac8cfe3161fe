/** What a new settlement asks the journal for on its way: only what the filter answers without the index. */
import { expect, it, vi } from 'vitest'
import { emptyBits, filterOf } from '../../src/journal/filter.ts'
import { askFiltered } from '../../src/journal/filtered-index.ts'
import type { JournalIndex } from '../../src/journal/journal-index.ts'
import { bench, shown } from './recovery-support.ts'

/** Questions of the disk that a lookup answers by `byKey`, `byMessage`, `openings` and `settlers` of the index. */
const FILTERED = ['byKey', 'byMessage', 'openers', 'ownOpener', 'settlers']

it('asks only for keys, messages, openings and ids of settlements', async () => {
  const made = bench({ behaviour: { says: ({ msgid }) => ({ output: shown(msgid) }) } })
  const asked = new Set<string>()
  for (const [name, value] of Object.entries(made.disk)) {
    if (typeof value !== 'function' || name === 'commit') continue
    const spied = vi.spyOn(made.disk as never, name as never) as unknown as { mock: { calls: unknown[] } }
    made.timeline.after(60_000, () => {
      if (spied.mock.calls.length > 0) asked.add(name)
    })
  }
  const { problem } = await made.settle()
  await made.pass(60_001)
  expect(problem).toBeNull()
  expect(asked.has('settlers')).toBe(true)
  expect([...asked].filter((name) => !FILTERED.includes(name))).toEqual([])
})

it('is told that there is nothing without the index', () => {
  const refuse = () => {
    throw new Error('the index was asked')
  }
  const index = new Proxy({} as JournalIndex, { get: () => refuse, ownKeys: () => [] })
  const filtered = askFiltered(index, filterOf(emptyBits(64)))
  expect(filtered.byKey('k')).toBeNull()
  expect(filtered.byMessage('H1', 'm', '2207')).toBeNull()
  expect(filtered.openings('e')).toEqual([])
  expect(filtered.settlers('s')).toEqual([])
})
