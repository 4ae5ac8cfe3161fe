/** A sample of the wrong inputs of the whole catalogue: of every transaction, in every way that it has. */
import { describe, expect, it } from 'vitest'
import { type Case, casesOf, wronglyMet } from './bad-input-support.ts'
import { catalogue } from './support.ts'

/** The first case of each way in a transaction. */
function firstOfEach(number: string): Case[] {
  const ways = new Map<string, Case>()
  for (const one of casesOf(number)) {
    // Two thousand rows of eighty fields take longer than all others: one transaction stands for all.
    const isLong = one.way === 'too many rows' && number !== '3507A'
    if (!isLong && !ways.has(one.way)) ways.set(one.way, one)
  }
  return [...ways.values()]
}

describe('wrong inputs', () => {
  it.each([...catalogue.heads.keys()])(
    'of %s are refused by their fields, in Chinese and English',
    (number) => {
      const cases = firstOfEach(number)
      expect(cases.length).toBeGreaterThan(3)
      expect(cases.map((one) => [one.name, wronglyMet(one)]).filter(([, met]) => met !== null)).toEqual([])
    },
  )

  it('are wrong by one thing alone: without it the input is taken', () => {
    const [one] = [...casesOf('3505A')]
    expect(wronglyMet({ ...one!, input: { ...one!.input } })).toBeNull()
    expect([...casesOf('3505A')].length).toBeGreaterThan(250)
  })
})
