/** The whole core in virtual time: many seeds, the same seed twice, and the core broken on purpose. */
import { describe, expect, it } from 'vitest'
import { broken, MUTANTS, survivors } from './mutants.ts'
import { simulate } from './world.ts'

const SEEDS = 5_000
const LIMIT_MS = 240_000

describe('simulation', () => {
  it(`holds in ${SEEDS} runs`, { timeout: LIMIT_MS }, async () => {
    const failed: string[] = []
    const seen = { faults: 0, settlements: 0 }
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violations, faults, settlements } = await simulate(seed)
      seen.faults += faults
      seen.settlements += settlements
      if (violations.length > 0)
        failed.push(`npm run torture -- --seeds 1 --start ${seed}   # ${violations[0]}`)
    }
    expect(failed).toEqual([])
    expect(seen.faults).toBeGreaterThan(SEEDS)
    expect(seen.settlements).toBeGreaterThan(SEEDS)
  })

  it('gives the same run for the same seed, to the last event', async () => {
    const events = async () => {
      const lines: string[] = []
      await simulate(7, { trace: (line) => lines.push(line) })
      return lines
    }
    const first = await events()
    expect(first.length).toBeGreaterThan(20)
    expect(await events()).toEqual(first)
  })
})

describe('mutants', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('can still be made: %s', (_, mutant) => {
    expect(() => broken(mutant)).not.toThrow()
  })

  it('are noticed', { timeout: LIMIT_MS }, async () => {
    const some = MUTANTS.filter(({ name }) =>
      [
        'send before the intent is durable',
        'compare no bodies',
        'take any settlement of the visit for the one sought',
      ].includes(name),
    )
    expect(some).toHaveLength(3)
    expect(await survivors(some, 1_500)).toEqual([])
  })
})
