/** Figures over two workers are those of one process with the same messages. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHospital } from '../../src/client/hospital.ts'
import { loadCodes } from '../../src/codes/load.ts'
import { type Bill, drawBill } from '../../src/demo/bills.ts'
import { playBill } from '../../src/demo/counter.ts'
import { readPeople } from '../../src/demo/day.ts'
import { addDays, dayOf } from '../../src/domain/day.ts'
import { loadRegistry } from '../../src/extension/registry.ts'
import { systemClock } from '../../src/ports.ts'
import { createDice } from '../../src/seeded-random.ts'
import { homeOf } from '../../src/workers/home.ts'
import { startWorkers, type Workers } from './support.ts'

const BILLS = 40
const STAYS = readFileSync(join(import.meta.dirname, '../../docs/examples/stays.csv'))

let one: Workers
let two: Workers

/** The same bills for both: the people of a platform are those of its seed. */
async function drawBills(provinces: readonly string[]): Promise<Bill[]> {
  const today = dayOf(systemClock.now())
  const registry = await loadRegistry()
  const codes = loadCodes(registry)
  const entries = (id: string) => registry.codebooks.find((book) => book.id === id)!.editions.at(-1)!.entries
  const world = {
    people: await readPeople(provinces),
    institutions: entries('institution').filter(({ code }) => /^H(34|62)/.test(code)),
    maps: registry.maps,
    diagnoses: entries('diagnosis').filter(({ code }) => codes.lookup('diagnosis', code, today).found),
    codes,
    today,
  }
  const dice = createDice(7)
  return Array.from({ length: BILLS }, (_, index) => drawBill(dice, world, index + 1))
}

/** One bill after the other: what is paid for one depends on what was paid before. */
async function play(system: Workers): Promise<string[]> {
  const hospital = openHospital(system.url())
  const ends: string[] = []
  for (const bill of await drawBills(system.provinces)) {
    const { state, reason } = await playBill(hospital, bill)
    ends.push(`${bill.number} ${bill.institution.code} ${state} ${reason}`)
  }
  await hospital.close()
  const answer = await system.page('/v1/reports/records', {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: STAYS,
  })
  ends.push(JSON.stringify(answer))
  await system.settled()
  return ends
}

beforeAll(async () => {
  ;[one, two] = await Promise.all([startWorkers(1), startWorkers(2)])
})
afterAll(async () => {
  await Promise.all([one?.stop(), two?.stop()])
})

describe('two workers', () => {
  it('end the same bills as one process does, and say the same of them', async () => {
    const [alone, together] = [await play(one), await play(two)]
    expect(together).toEqual(alone)
    expect(alone.filter((end) => end.includes('settled')).length).toBeGreaterThan(BILLS / 3)
    // Both workers had something to do, and what came by file is where the journal of its institution is.
    for (const [index, codes] of two.institutions().entries()) {
      expect(codes.length).toBeGreaterThan(1)
      expect(codes.filter((code) => homeOf(code, 2) !== index + 1)).toEqual([])
    }

    const today = dayOf(systemClock.now())
    const near = `from=${addDays(today, -90)}&to=${today}`
    const questions = [
      '/v1/tally',
      ...['620000', '340000', '621000'].map((area) => `/v1/reports/settlement-rate?area=${area}&${near}`),
      '/v1/reports/settlement-rate?area=621025&from=2025-01&to=2025-03&asOf=2025-04-05',
      '/v1/reports/mapping-quality?limit=500',
      '/v1/reports/mapping-quality?institution=H62010290001',
    ]
    // How long an answer takes is another figure in each process; which destinations stand is not.
    const [ofOne, ofBoth] = await Promise.all([one, two].map((of) => of.page('/v1/destinations')))
    expect(ofBoth!.json.breakers).toEqual(ofOne!.json.breakers)
    const workers = (ofBoth!.json.channels as { worker: number }[]).map(({ worker }) => worker)
    expect([...new Set(workers)]).toEqual([1, 2])

    const counted = async (of: typeof one) => {
      const text = await (await fetch(`${of.url()}/metrics`)).text()
      const counts = text.matchAll(/^zhijie_message_own_seconds_count\{.*\} (\d+)$/gm)
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
    }
    expect(await counted(two)).toBe(await counted(one))
    expect(await counted(two)).toBeGreaterThan(40)

    for (const question of questions) {
      const [of, ofTwo] = await Promise.all([one.page(question), two.page(question)])
      expect(of.status, question).toBe(200)
      expect(ofTwo, question).toEqual(of)
    }
    const { json } = await one.page(questions[2]!)
    expect(json.some(({ components }: { components: { direct: number } }) => components.direct > 0)).toBe(
      true,
    )
    expect((await one.page('/v1/reports/mapping-quality')).json.institutions.length).toBeGreaterThan(2)
    // The same file once more adds nothing, whichever journal a stay is in.
    const again = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: STAYS }
    expect((await two.page('/v1/reports/records', again)).json).toMatchObject({ accepted: 0, duplicates: 11 })
    for (const system of [one, two]) {
      expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, unknown: 0, fenDifference: 0 })
    }
  })
})
