/** How many runs of a property are made: `npm test` makes some of them, `npm run prove` all. */

/** Set by `vitest.config.ts`. */
const SHARE = Number(process.env.TEST_RUNS_SHARE ?? 1)

/** Of so many runs as many as this half of the tests makes. A file that asks is listed in `test/slow.ts`. */
export function runs(all: number): number {
  return Math.ceil(all * SHARE)
}
