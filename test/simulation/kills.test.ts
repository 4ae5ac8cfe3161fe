/** A few kills of a real gateway at every named point; `npm run torture` makes as many as it is told. */
import { expect, it } from 'vitest'
import { POINTS, runKills } from './kills.ts'

/** One round of the plan and a little more: 60 s on two busy cores is the most that `npm test` may take for it. */
const KILLS = 16

it('runKills() loses, doubles and forgets nothing when the gateway is killed at every named point', async () => {
  const run = await runKills(KILLS, { seed: 3 })
  console.log(JSON.stringify(run))
  expect(run).toMatchObject({
    kills: KILLS,
    lost: 0,
    doubled: 0,
    unknownLeft: 0,
    fenDifference: 0,
    resent: 0,
  })
  expect(run.differences).toEqual([])
  expect(run.settlements).toBeGreaterThan(0)
  expect(run.unknownOnce).toBeGreaterThan(0)
  for (const point of POINTS) expect(run.byPoint[point], point).toBeGreaterThan(0)
}, 180_000)
