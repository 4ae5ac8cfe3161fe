/** A load run against a whole system: its gate closes while answers are lost, and does not where a book is touched. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { workCounter } from '../../load-tests/counter.ts'
import { faultsOf } from '../../load-tests/gate.ts'
import { atRest, type Parties, peopleOf } from '../../load-tests/parties.ts'
import { type System, startSystem } from './support.ts'

let system: System
let parties: Parties

beforeAll(async () => {
  system = await startSystem()
  parties = { gateway: system.url(), provinces: [system.insured.url, system.treating.url] }
})
afterAll(async () => {
  await system.stop()
})

it('closes to the fen with answers lost on the way, and is void where a settlement is left out', async () => {
  const people = (await peopleOf(parties)).filter(({ insurance }) => insurance[0]?.psn_insu_stas === '1')
  const before = await atRest(parties)
  await system.faults(system.treating, { kind: 'drop-after', transaction: '2207', times: 2 })
  await system.faults(system.treating, { kind: 'drop-before', transaction: '2207', times: 1 })
  let visits = 0
  const local = people.filter(({ insurance }) => insurance[0]!.insuplc_admdvs.startsWith('3401'))
  const shifts = await Promise.all(
    Array.from({ length: 3 }, () =>
      workCounter(parties.gateway, local, () => {
        visits += 1
        return visits <= 12
      }),
    ),
  )
  const after = await atRest(parties)
  const heard = {
    sent: shifts.reduce((sum, shift) => sum + shift.heard.sent, 0),
    yes: shifts.reduce((sum, shift) => sum + shift.heard.yes, 0),
  }
  expect(heard.sent).toBeGreaterThan(10)
  expect(heard.yes).toBeLessThan(heard.sent)
  expect(after.tally.reversed + after.tally.settled).toBeGreaterThan(0)
  expect(faultsOf(before, after, heard)).toEqual([])
  const half = { ...parties, provinces: [system.insured.url] }
  expect(faultsOf(before, { ...after, effects: (await atRest(half)).effects }, heard)).not.toEqual([])
})
