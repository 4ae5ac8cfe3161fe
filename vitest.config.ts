import { defineConfig } from 'vitest/config'
import CountReporter from './test/support/count-reporter.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', new CountReporter()],
    // All cores: vitest leaves one free, and most tests wait for processes or disks half of their time.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
