/** The whole core in virtual time holds in thousands of runs, and notices when it is broken on purpose. */
import { expect, it } from 'vitest'
import { MUTANTS, survivors } from './mutants.ts'
import { KINDS, runSeeds } from './seeds.ts'

/** `npm run prove` plays 5,000 seeds; `.ci/run` plays fewer, to end within twenty minutes (`vitest.config.ts`). */
const SEEDS = Number(process.env.TEST_SEEDS ?? 5_000)
const LIMIT_MS = 1_200_000

it(`the simulation holds in ${SEEDS} runs, which know every kind of fault`, {
  timeout: LIMIT_MS,
}, async () => {
  const { failed, faults, settlements, kinds } = await runSeeds(SEEDS)
  expect(failed).toEqual([])
  expect(faults).toBeGreaterThan(SEEDS)
  expect(settlements).toBeGreaterThan(SEEDS)
  for (const kind of KINDS) expect(kinds).toContain(kind)
})

it('mutants are noticed', { timeout: LIMIT_MS }, async () => {
  const some = MUTANTS.filter(({ name }) =>
    [
      'send before the intent is durable',
      'compare no bodies',
      'let REST keys of two institutions meet',
      'use today instead of the day of the fee',
      'skip the sync of a batch',
      'take silence for patience',
    ].includes(name),
  )
  expect(some).toHaveLength(6)
  expect(await survivors(some, 1_500)).toEqual([])
})
