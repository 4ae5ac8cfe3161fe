/** Many runs of the simulation, one seed after the other. */
import { simulate } from './world.ts'

/** Every kind of fault that the design names, as the runs count them. */
export const KINDS = [
  ...['request lost', 'answer lost', 'duplicate', 'reordered', 'late', 'garbled', 'connection refused'],
  ...['slow', 'silent', 'refusing', 'stopped', 'refusal', 'crash', 'crash at a step', 'damage'],
  ...['write lost', 'write torn', 'write kept', 'names lost', 'note lost', 'index lost', 'index behind'],
  ...['disk: ENOSPC', 'disk: EIO', 'disk: no new segment', 'EIO, write torn', 'EIO, write kept'],
]

/** What many runs came to. */
export interface Seeds {
  readonly faults: number
  readonly settlements: number
  readonly kinds: ReadonlySet<string>
  /** The command that repeats it, for each run that did not hold. */
  readonly failed: readonly string[]
}

/** How often it is told how far it has come. */
const TOLD_EVERY = 500

/** Runs the seeds from 1 on, and tells how far it has come. */
export async function runSeeds(seeds: number): Promise<Seeds> {
  const failed: string[] = []
  const kinds = new Set<string>()
  let [faults, settlements] = [0, 0]
  for (let seed = 1; seed <= seeds; seed += 1) {
    const run = await simulate(seed)
    faults += run.faults
    settlements += run.settlements
    for (const kind of run.faultsByKind.keys()) kinds.add(kind)
    if (run.violations.length > 0)
      failed.push(`npm run torture -- --seeds 1 --start ${seed}   # ${run.violations[0]}`)
    if (seed % TOLD_EVERY === 0) console.info(`${seed} of ${seeds} seeds, ${failed.length} failed`)
  }
  return { faults, settlements, kinds, failed }
}
