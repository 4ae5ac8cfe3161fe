/** Answers for local codes are kept: by standard, system and day, and only where they cannot change. */
import { expect, it } from 'vitest'
import { codes, illness, on } from './fixture.ts'

const ask = (code: string, day: string, system = 'H') => codes.resolve(illness.id, { system, code }, on(day))

it('a local code gives the same answer again, and that of its own day and system', () => {
  const first = ask('L1', '2025-06-01')
  expect(first.ok).toBe(true)
  expect(ask('L1', '2025-06-01')).toEqual(first)
  expect(ask('L1', '1990-01-01').ok).toBe(false)
  expect(ask('L1', '2025-06-01', 'nobody').ok).toBe(false)
  expect(ask('L1', '2025-06-01')).toEqual(first)
})
