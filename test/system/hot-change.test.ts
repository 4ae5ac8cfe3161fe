/** A new edition is taken into use while claims come in: none fails, none waits for it, each sees one edition set. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEditions } from '../../src/codes/editions/editions.ts'
import { addDays, parseDay } from '../../src/domain/day.ts'
import { loadRegistry } from '../../src/extension/registry.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import {
  about,
  filedPerson,
  line,
  openVisit,
  type System,
  startSystem,
  timeNow,
  type Visit,
  yes,
} from './support.ts'

const person = filedPerson()
const UPLOADS_MAX = 5000
const LINES = 20
const AT_ONCE = 4

let system: System
let visit: Visit
beforeAll(async () => {
  system = await startSystem()
  visit = await openVisit(system)
})
afterAll(async () => {
  await system.stop()
})

/** Puts the shipped services on the shelf as an edition of another name. */
async function importServices(version: string): Promise<void> {
  const { codebooks } = await loadRegistry()
  const { editions } = codebooks.find(({ id }) => id === 'service')!
  const { entries, source } = editions.at(-1)!
  const from = addDays(parseDay(timeNow().slice(0, 10)), -1)
  const build = openEditions(system.dataDir).beginTable('service', {
    version,
    from,
    source,
    state: 'published',
    maker: '甲',
  })
  for (const entry of entries) build.add(entry)
  build.commit()
}

/** Editions of services in the evidence of every upload, in the order in which they were begun. */
async function editionsUsed(): Promise<string[]> {
  await system.app().indexed()
  const database = openDatabaseForReading(databaseFile(system.dataDir))
  const rows = database.$client
    .prepare(`select evidence from exchange where "transaction" = '2204' order by id`)
    .all() as { evidence: string }[]
  database.$client.close()
  return rows.map(({ evidence }) => JSON.parse(evidence).editions.service as string)
}

it('a new edition is taken into use while claims come in', async () => {
  let serial = 0
  let inUse = false
  async function uploadUntilChanged(): Promise<void> {
    while (!inUse && serial < UPLOADS_MAX) {
      serial += 1
      const number = serial
      const rows = Array.from({ length: LINES }, (_, index) =>
        line(`H${number}-${index}`, visit.encounter, person),
      )
      yes(await system.send('2204', { feedetail: rows }, undefined, about(person)))
      inUse = system.log().includes('"msg":"codes"')
    }
  }
  const uploads = Array.from({ length: AT_ONCE }, uploadUntilChanged)
  await importServices('hot-1')
  await Promise.all(uploads)
  inUse = false
  await uploadOnce()

  const used = await editionsUsed()
  const first = used.indexOf('hot-1')
  expect(first).toBeGreaterThan(0)
  expect(new Set(used.slice(0, first))).toEqual(new Set([used[0]]))
  expect(used.at(-1)).toBe('hot-1')

  async function uploadOnce(): Promise<void> {
    yes(
      await system.send(
        '2204',
        { feedetail: [line('H-last', visit.encounter, person)] },
        undefined,
        about(person),
      ),
    )
  }
})
