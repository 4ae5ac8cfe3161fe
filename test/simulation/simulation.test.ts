/** The whole core holds in virtual time over many seeds, repeats a run by its seed, and fails once it is broken. */
import { describe, expect, it } from 'vitest'
import { broken, MUTANTS, survivors } from './mutants.ts'
import { simulate } from './world.ts'

const SEEDS = 5_000
const LIMIT_MS = 1_200_000

/** Every kind of fault that the design names, as the runs count them. */
const KINDS = [
  ...['request lost', 'answer lost', 'duplicate', 'reordered', 'late', 'garbled', 'connection refused'],
  ...['slow', 'silent', 'refusing', 'stopped', 'refusal', 'crash', 'crash at a step', 'damage'],
  ...['write lost', 'write torn', 'write kept', 'names lost', 'note lost', 'index lost', 'index behind'],
  ...['disk: ENOSPC', 'disk: EIO', 'disk: no new segment', 'EIO, write torn', 'EIO, write kept'],
]

describe('simulation', () => {
  it(`holds in ${SEEDS} runs`, { timeout: LIMIT_MS }, async () => {
    const failed: string[] = []
    const seen = { faults: 0, settlements: 0 }
    const kinds = new Set<string>()
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { violations, faults, faultsByKind, settlements } = await simulate(seed)
      seen.faults += faults
      seen.settlements += settlements
      for (const kind of faultsByKind.keys()) kinds.add(kind)
      if (violations.length > 0)
        failed.push(`npm run torture -- --seeds 1 --start ${seed}   # ${violations[0]}`)
    }
    expect(failed).toEqual([])
    expect(seen.faults).toBeGreaterThan(SEEDS)
    expect(seen.settlements).toBeGreaterThan(SEEDS)
    for (const kind of KINDS) expect(kinds).toContain(kind)
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

  it('are noticed', { timeout: LIMIT_MS }, async () => {
    const some = MUTANTS.filter(({ name }) =>
      [
        'send before the intent is durable',
        'compare no bodies',
        'let REST keys of two institutions meet',
        'use today instead of the day of the fee',
        'skip the sync of a batch',
      ].includes(name),
    )
    expect(some).toHaveLength(5)
    expect(await survivors(some, 1_500)).toEqual([])
  })
})
