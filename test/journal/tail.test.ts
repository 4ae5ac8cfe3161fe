import { expect, it } from 'vitest'
import { createTail } from '../../src/journal/tail.ts'
import { settlement } from './integrity-support.ts'

it('keeps an exchange until the last batch that speaks of it is indexed', () => {
  const tail = createTail()
  const [begun, ended] = settlement(1)
  tail.add([begun!], { segment: 1, offset: 1024 })
  tail.add([...settlement(2)], { segment: 1, offset: 2048 })
  tail.add([ended!], { segment: 2, offset: 1024 })
  tail.indexed({ segment: 1, offset: 1023 })
  expect([tail.byKey('k1'), [...tail.ids()]]).toEqual([1, [1, 2]])
  tail.indexed({ segment: 1, offset: 2048 })
  expect([tail.byKey('k1'), tail.byKey('k2'), [...tail.ids()]]).toEqual([null, null, [1]])
  expect(tail.byId(1)?.last).toMatchObject({ state: 'accepted' })
  expect([tail.settled('S1'), tail.settled('S2')]).toEqual([[1], []])
  tail.indexed({ segment: 2, offset: 1024 })
  expect([[...tail.ids()], tail.settled('S1'), tail.byMessage('H62010200001', 'M1', '2207')]).toEqual([
    [],
    [],
    null,
  ])
})
