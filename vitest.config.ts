import { configDefaults, defineConfig } from 'vitest/config'
import { SLOW } from './test/slow.ts'
import CountReporter from './test/support/count-reporter.ts'
import SlowFirst from './test/support/slow-first.ts'

const slow = Object.keys(SLOW)

/** `npm test` leaves the slow files out, `npm run prove` runs everything; `slow` is what lies between the two. */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'slow' ? slow : ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(mode === 'test' ? slow : [])],
    sequence: { sequencer: SlowFirst },
    reporters: ['default', new CountReporter()],
    // All cores: vitest leaves one free, and most tests wait for processes or disks half of their time.
    maxWorkers: '100%',
    // A busy machine is no failure: these only end what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 240_000, interval: 10 } },
  },
}))
