/** A gateway killed at every named point loses and doubles nothing; `npm run torture` kills as often as told. */
import { expect, it } from 'vitest'
import { TRANSACTIONS } from './kills/points.ts'
import { runKills } from './kills/run.ts'

/** One round of the plan and a little more. */
const KILLS = 18

it('runKills() loses, doubles and forgets nothing when the gateway is killed at every named point', async () => {
  const run = await runKills(KILLS, { seed: 3 })
  console.log(JSON.stringify(run))
  const nothing = { lost: 0, doubled: 0, unknownLeft: 0, fenDifference: 0, resent: 0, differences: [] }
  expect(run).toMatchObject({ runs: KILLS, ...nothing })
  expect(run.settlements).toBeGreaterThan(0)
  expect(run.unknownOnce).toBeGreaterThan(0)
  for (const point of run.points) expect(run.byPoint[point], point).toBeGreaterThan(0)
  const hit = TRANSACTIONS.filter((one) => Object.values(run.byTransaction[one]).some((times) => times > 0))
  expect(hit.length).toBeGreaterThanOrEqual(4)
})
