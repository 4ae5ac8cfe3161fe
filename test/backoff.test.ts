/** A pause doubles from its first to its longest, and chance moves it by a quarter at most. */
import { expect, it } from 'vitest'
import { backoffMs, jittered } from '../src/backoff.ts'

it('backoffMs() doubles up to the longest, however many tries there were', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 1e6].map((tries) => backoffMs(tries, 200, 5_000))).toEqual([
    200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000,
  ])
})

it('jittered() is between three and five quarters of a pause', () => {
  const at = (next: number) => jittered(1_000, { next: () => next })
  expect([at(0), at(0.5), at(1)]).toEqual([750, 1_000, 1_250])
})
