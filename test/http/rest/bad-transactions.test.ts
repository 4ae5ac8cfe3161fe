/** Wrong inputs of the whole catalogue over REST: each is refused by a problem that names the place in the body. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addressed } from '../../../src/http/rest/addresses.ts'
import { type Case, casesOf } from '../../adapters/described/bad-input-support.ts'
import { runs } from '../../support/runs.ts'
import { type Gateway, keyed } from '../rest-support.ts'
import { dialect, HOSPITAL, startHunan } from './transactions-support.ts'

/** Hospitals of the register at the places of the cases. */
const INSTITUTIONS: Readonly<Record<string, string>> = { '430902': HOSPITAL, '620102': 'H62010290001' }
/** `npm test` asks one of so many. */
const STEP = runs(100) === 100 ? 1 : 40
/** Requests that are under way at once. */
const AT_ONCE = 8

let gateway: Gateway

beforeAll(async () => {
  gateway = await startHunan()
})
afterAll(() => gateway.close())

interface Asked extends Case {
  readonly path: string
}

function* everyCase(): Generator<Asked> {
  let index = 0
  for (const { operation, path } of addressed(dialect)) {
    for (const one of casesOf(operation.transaction)) {
      index += 1
      // Two thousand rows of eighty fields take longer than all others: one transaction stands for all.
      const isLong = one.way === 'too many rows' && one.number !== '3507A'
      if (index % STEP === 0 && !isLong) yield { ...one, path }
    }
  }
}

/** What is wrong with how a case was met; null where its problem names the place and says what it is. */
async function wronglyMet({ path, area, input, field, zh, name }: Asked): Promise<string | null> {
  const body = { institution: INSTITUTIONS[area], ...input }
  const { status, json } = await gateway.post(
    path,
    body,
    keyed(`bad-${encodeURIComponent(name)}`.slice(0, 200)),
  )
  if (status !== 422 || json.type !== '/problems/invalid-field')
    return `${status} ${json.type} ${json.detail}`
  const fields = (json.fields as { field: string }[]).map((one) => one.field)
  if (!fields.includes(field)) return `names ${fields.join()}`
  return json.detail.includes(field) && json.detail.includes(zh) ? null : `says ${json.detail}`
}

it('are refused by name, and nothing of them leaves', async () => {
  const wrong: string[] = []
  let asked = 0
  const cases = everyCase()
  const counters = Array.from({ length: AT_ONCE }, async () => {
    for (const one of cases) {
      asked += 1
      const met = await wronglyMet(one)
      if (met !== null) wrong.push(`${one.name}: ${met}`)
    }
  })
  await Promise.all(counters)
  expect(wrong.slice(0, 50)).toEqual([])
  expect(asked).toBeGreaterThan(24_000 / STEP)
  expect(gateway.received).toEqual([])
})
