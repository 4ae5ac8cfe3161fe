/** No two boxes of a demo day bear one code, whoever sells them in whichever moment. */
import { expect, it } from 'vitest'
import { boxCode } from '../../src/demo/goods.ts'
import type { Instant } from '../../src/domain/day.ts'

it('boxCode() has 20 digits, and is another one for each institution, list and box of one millisecond', () => {
  const now = Date.UTC(2026, 10, 30) as Instant
  const codes = [0, 1].flatMap((place) =>
    [0, 1, 2, 3].flatMap((list) => [1, 2].map((serial) => boxCode(place, now, list, serial))),
  )
  expect(new Set(codes).size).toBe(16)
  for (const code of codes) expect(code).toMatch(/^\d{20}$/)
})
