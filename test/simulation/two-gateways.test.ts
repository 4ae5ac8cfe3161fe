/** Two gateways over one engine: what one leaves the other takes over, and nothing is lost or doubled. */
import { expect, it } from 'vitest'
import { simulate } from './world.ts'

/** `npm run torture -- --shared` runs as many as are wanted. */
const SEEDS = 60
const LIMIT_MS = 600_000

it(`two gateways that die and lose their power hold in ${SEEDS} runs`, { timeout: LIMIT_MS }, async () => {
  const failed: string[] = []
  const kinds = new Set<string>()
  let settlements = 0
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const run = await simulate(seed, { shared: true })
    settlements += run.settlements
    for (const kind of run.faultsByKind.keys()) kinds.add(kind)
    if (run.violations.length > 0)
      failed.push(`npm run torture -- --shared --seeds 1 --start ${seed}   # ${run.violations[0]}`)
  }
  expect(failed).toEqual([])
  expect(settlements).toBeGreaterThan(SEEDS)
  for (const kind of ['crash', 'crash at a step', 'power cut', 'tail lost', 'connection broken'])
    expect(kinds).toContain(kind)
})
