/** The whole core in virtual time holds in two hundred runs, and one seed always gives the same run. */
import { describe, expect, it } from 'vitest'
import { broken, MUTANTS } from './mutants.ts'
import { runSeeds } from './seeds.ts'
import { simulate } from './world.ts'

/** `npm run prove` runs many more. */
const SEEDS = 200

describe('simulation', () => {
  it(`holds in ${SEEDS} runs`, async () => {
    const { failed, faults, settlements } = await runSeeds(SEEDS)
    expect(failed).toEqual([])
    expect(faults).toBeGreaterThan(SEEDS)
    expect(settlements).toBeGreaterThan(SEEDS)
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

/** Seeds that showed a fault of the core. */
describe('what the simulation found once', () => {
  it('a hospital’s 2601 that meets the reversal of recovery is no fault of ours', async () => {
    expect((await simulate(2452)).violations).toEqual([])
  })
})

describe('mutants', () => {
  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('can still be made: %s', (_, mutant) => {
    expect(() => broken(mutant)).not.toThrow()
  })
})
