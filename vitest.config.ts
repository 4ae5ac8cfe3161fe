import { configDefaults, defineConfig } from 'vitest/config'
import { SHORTENED, SLOW } from './test/slow.ts'
import CountReporter from './test/support/count-reporter.ts'
import SlowFirst from './test/support/slow-first.ts'

const slow = Object.keys(SLOW)
/** Of the runs of a property `npm test` makes so many. */
const SHARE = 1 / 10
/** Of the seeds of the simulation `.ci/run` plays so many, `npm run prove` all 5,000. */
const SEEDS_OF_CI = 2_000

/** `npm test` leaves the slow files out, `npm run prove` runs everything; `slow` is what lies between the two. */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'slow' ? [...slow, ...SHORTENED] : ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(mode === 'test' ? slow : [])],
    env: {
      TEST_RUNS_SHARE: String(mode === 'test' ? SHARE : 1),
      ...(mode === 'slow' && { TEST_SEEDS: String(SEEDS_OF_CI) }),
    },
    sequence: { sequencer: SlowFirst },
    // The modules are loaded once a process, not once a file: each file must leave the process as it was.
    isolate: mode !== 'test',
    setupFiles: mode === 'test' ? ['test/support/each-file.ts'] : [],
    reporters: ['default', new CountReporter()],
    // All cores: vitest leaves one free, and most tests wait for processes or disks half of their time.
    maxWorkers: '100%',
    // A busy machine is no failure: these only end what hangs.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 600_000, interval: 10 } },
  },
}))
