/** Every field of every transaction, wrong in every way: more than 25,000 cases, each refused by name. */
import { expect, it } from 'vitest'
import { casesOf, wronglyMet } from './bad-input-support.ts'
import { catalogue } from './support.ts'

const ASKED_FOR = 25_000

it('each is refused by its field, in Chinese and English', () => {
  const names = new Set<string>()
  const wrong: string[] = []
  const before = process.cpuUsage()
  for (const number of catalogue.heads.keys()) {
    for (const one of casesOf(number)) {
      names.add(one.name)
      const met = wronglyMet(one)
      if (met !== null) wrong.push(`${one.name}: ${met}`)
    }
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1_000_000
  console.log(`${names.size} wrong inputs, ${Math.round(names.size / seconds)} a second of one core`)
  expect(wrong.slice(0, 50)).toEqual([])
  expect(names.size).toBeGreaterThan(ASKED_FOR)
})
