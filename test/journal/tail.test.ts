import { expect, it } from 'vitest'
import type { Entry } from '../../src/journal/entry.ts'
import { createTail, type Tail } from '../../src/journal/tail.ts'
import { settlement } from './integrity-support.ts'

const BEGIN = { segment: 1, offset: 512 }

function add(tail: Tail, entries: readonly Entry[], end: { segment: number; offset: number }): void {
  const places = entries.map((_, index) => ({
    exchange: { offset: 28 + index, length: 10 },
    outcome: { offset: 100 + index, length: 10, id: index },
  }))
  tail.add(entries, places, BEGIN, end)
}

it('keeps an exchange until the last batch that speaks of it is indexed', () => {
  const tail = createTail()
  const ids = () => [...tail.states()].map(([id]) => id)
  const [begun, ended] = settlement(1)
  add(tail, [begun!], { segment: 1, offset: 1024 })
  add(tail, settlement(2), { segment: 1, offset: 2048 })
  add(tail, [ended!], { segment: 2, offset: 1024 })
  tail.indexed({ segment: 1, offset: 1023 })
  expect([tail.byKey('k1'), [...tail.states()], tail.size()]).toEqual([
    1,
    [
      [1, 'accepted'],
      [2, 'accepted'],
    ],
    2,
  ])
  expect(tail.byId(1)?.exchange?.place).toEqual({ segment: 1, offset: 540, length: 10 })
  tail.indexed({ segment: 1, offset: 2048 })
  expect([tail.byKey('k1'), tail.byKey('k2'), ids()]).toEqual([null, null, [1]])
  expect(tail.byId(1)).toMatchObject({ state: 'accepted', last: { columns: { id: 0 } } })
  expect([tail.settled('S1'), tail.settled('S2')]).toEqual([[1], []])
  tail.indexed({ segment: 2, offset: 1024 })
  expect([ids(), tail.settled('S1'), tail.byMessage('H62010200001', 'M1', '2207'), tail.size()]).toEqual([
    [],
    [],
    null,
    0,
  ])
})
