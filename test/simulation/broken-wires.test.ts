/** Bills through broken wires are neither lost nor doubled; `npm run torture -- --proxy N` plays N of them. */
import { expect, it } from 'vitest'
import { runBrokenWires } from './kills/broken-wires.ts'

const BILLS = 60

it('runBrokenWires() loses, doubles and forgets nothing whatever the wires do', async () => {
  const run = await runBrokenWires(BILLS, { seed: 5 })
  console.log(JSON.stringify(run))
  const nothing = { lost: 0, doubled: 0, unknownLeft: 0, fenDifference: 0, resent: 0, differences: [] }
  expect(run).toMatchObject({ runs: BILLS, ...nothing })
  expect(run.settlements).toBeGreaterThan(0)
  expect(run.faults).toBeGreaterThan(0)
})
