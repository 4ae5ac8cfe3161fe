/** A few attacks on real processes; `npm run torture -- --attacks` makes all of them, and as many as it is told. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ATTACKS, runAttacks } from './attacks/run.ts'
import { SLIP_NAMES, sourcesWith } from './attacks/slips.ts'

/** One of each kind, and none of platforms, whose start takes longest. */
const SAMPLE = [
  'gateway killed while it recovers',
  'gateway frozen',
  'clock backward',
  'another key, then none',
  'backup and restore',
]

it('runAttacks() loses and doubles nothing under a sample of the schedule', async () => {
  const root = join(import.meta.dirname, '..', '..')
  const options = { seed: 5, messages: 1, workers: 1, root, provinces: ['620000', '340000'] }
  const run = await runAttacks({ ...options, only: SAMPLE })
  console.log(JSON.stringify(run))
  expect(run.faults).toEqual([])
  expect(run.differences).toEqual([])
  expect(run).toMatchObject({ lost: 0, doubled: 0, unknownLeft: 0, fenDifference: 0, resent: 0 })
  expect(Object.keys(run.made).sort()).toEqual([...SAMPLE].sort())
  expect(run.messages).toBeGreaterThan(SAMPLE.length * 10)
  expect(run.settlements).toBeGreaterThan(0)
  // What lies between the backup and the loss, so that the fence had something to hold back.
  expect(run.byHand).toBeGreaterThan(0)
  for (const times of Object.values(run.tried)) expect(times).toBeGreaterThan(0)
})

it('ATTACKS are named once, those of the sample among them', () => {
  const names = ATTACKS.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(expect.arrayContaining(SAMPLE))
})

it('every slip can be made in the sources as they are', () => {
  for (const name of SLIP_NAMES.split(', ')) sourcesWith(name).remove()
})
