/** What a new message asks the journal for on its way: only what the filter answers without the index. */
import { expect, it, vi } from 'vitest'
import { emptyBits, filterOf } from '../../src/journal/index/bloom-filter.ts'
import { askFiltered } from '../../src/journal/index/filtered-index.ts'
import type { JournalIndex } from '../../src/journal/index/journal-index.ts'
import { line, open, ownersBench, said } from './owner-support.ts'
import { type Bench, bench, shown } from './recovery-support.ts'

/** Questions of the disk that a lookup answers by `byKey`, `byMessage`, `openings` and `settlers` of the index. */
const FILTERED = ['byKey', 'byMessage', 'openers', 'ownOpener', 'settlers']

/** Names of the questions that the disk is asked meanwhile. */
async function askedIn(made: Bench, sent: () => Promise<unknown>): Promise<string[]> {
  const spies = Object.entries(made.disk)
    .filter(([name, value]) => typeof value === 'function' && name !== 'commit')
    .map(([name]) => [name, vi.spyOn(made.disk as never, name as never)] as const)
  await sent()
  const asked = spies.filter(
    ([, spy]) => (spy as unknown as { mock: { calls: unknown[] } }).mock.calls.length > 0,
  )
  return asked.map(([name]) => name)
}

it('a new settlement asks only for keys, messages, openings and ids of settlements', async () => {
  const made = bench({ behaviour: { says: ({ msgid }) => ({ output: shown(msgid) }) } })
  const asked = await askedIn(made, async () => expect((await made.settle()).problem).toBeNull())
  expect(asked).toContain('settlers')
  expect(asked.filter((name) => !FILTERED.includes(name))).toEqual([])
})

it('so does whoever opens a visit or uploads its lines', async () => {
  const owners = ownersBench()
  const { made } = owners
  expect(await askedIn(made, () => open(owners, 'V1', 'P1'))).toContain('byMessage')
  const told = { infno: '2204', input: { feedetail: [line('F1', 'P1', 'V1')] } }
  const asked = await askedIn(made, () => said(made, told))
  expect(made.left.map(({ asked: { infno } }) => infno)).toEqual(['2201', '2204'])
  expect(asked.filter((name) => !FILTERED.includes(name))).toEqual([])
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
