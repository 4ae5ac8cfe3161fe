/** Candidates for what equal names leave over of public crosswalks hit as often as was measured. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Crossing, HALVES, hitRate } from '../../../src/codes/candidates/hit-rate.ts'
import { createNearest } from '../../../src/codes/nearest.ts'
import { MARK } from '../../../src/codes/store/layout.ts'
import type { Packed } from '../../../src/codes/store/packed.ts'
import { crosswalk, hasPublicTables, publicTable } from './public-tables.ts'

const isUsable = (table: Packed, head: number) => head !== 0 && (table.marks(head) & MARK.grey) === 0

function measure(table: Packed, crossings: readonly Crossing[], withCode: boolean, oneIn: number) {
  const rank = createNearest(new Map())
  const usable = (head: number) =>
    isUsable(table, head) ? { code: table.code(head), name: table.name(head) } : null
  const names = [...table.heads()].map((head) => table.name(head))
  return hitRate(
    crossings,
    names,
    'reported',
    ({ source, sourceName }) =>
      rank(table, { name: sourceName, ...(withCode && { code: source }) }, usable).map(({ entry }) => entry),
    (code) => isUsable(table, table.find(code)),
    oneIn,
  )
}

// What was measured over the whole half, minus a little, in percent: 83.2 and 97.0, 57.7 and 76.8, 71.3 and 90.4, 61.2 and
// 81.0, 90.6 and 99.0, 46.6 and 76.7, 45.3 and 71.7. The large ones are asked by samples.
const DIAGNOSES = [
  ['map_icd10_beijing_v7_to_nhsa_v2.csv', 'name and code', 8, 78, 93],
  ['map_icd10_beijing_v7_to_nhsa_v2.csv', 'name', 12, 50, 70],
  ['map_icd10_clinical_v2_to_nhsa_v2.csv.gz', 'name and code', 8, 65, 85],
  ['map_icd10_nhsa_v1_to_nhsa_v2.csv.gz', 'name and code', 1, 56, 77],
] as const
const PROCEDURES = [
  ['map_icd9cm3_beijing_v8_to_nhsa_v2.csv', 'name and code', 6, 85, 95],
  ['map_icd9cm3_clinical_v3_to_nhsa_v2.csv', 'name and code', 1, 42, 72],
  ['map_icd9cm3_nhsa_v1_to_nhsa_v2.csv', 'name and code', 1, 40, 66],
] as const

describe.skipIf(!hasPublicTables)('candidates for what equal names leave over of public crosswalks', () => {
  const ask =
    (file: string) =>
    (map: string, by: 'name' | 'name and code', oneIn: number, first: number, five: number) => {
      const rate = measure(tables.get(file)!, crosswalk(map), by === 'name and code', oneIn)
      expect((100 * rate.first) / rate.asked).toBeGreaterThan(first)
      expect((100 * rate.amongFive) / rate.asked).toBeGreaterThan(five)
    }
  const tables = new Map<string, Packed>()
  beforeAll(() => {
    for (const file of ['icd10_nhsa_v2.csv', 'icd9cm3_nhsa_v2.csv.gz']) tables.set(file, publicTable(file))
  })
  it.each(DIAGNOSES)(
    '%s by %s, one in %i: above %i percent first, %i among five',
    ask('icd10_nhsa_v2.csv'),
    120_000,
  )
  it.each(PROCEDURES)(
    '%s by %s, one in %i: above %i percent first, %i among five',
    ask('icd9cm3_nhsa_v2.csv.gz'),
    120_000,
  )
})

describe('hitRate()', () => {
  const crossings = Array.from({ length: 40 }, (_, index) => ({
    source: `S${index}`,
    sourceName: index % 2 ? `名 ${index}` : '同名',
    target: `T${index}`,
  }))

  it('asks what equal names leave over, and every row in exactly one half', () => {
    const rates = HALVES.map((half) =>
      hitRate(
        crossings,
        ['同名。'],
        half,
        () => [],
        () => false,
      ),
    )
    expect(rates.map(({ rows, leftOver }) => [rows, leftOver])).toEqual([
      [40, 20],
      [40, 20],
    ])
    expect(rates[0]!.asked + rates[1]!.asked).toBe(20)
    expect(rates[0]!.unreachable).toBe(rates[0]!.asked)
  })

  it('tells how far it has come after each question', () => {
    const told: string[] = []
    const progress = (done: number, all: number) => told.push(`${done} of ${all}`)
    const { asked } = hitRate(
      crossings,
      ['同名。'],
      'seen',
      () => [],
      () => true,
      1,
      progress,
    )
    expect(told).toEqual(Array.from({ length: asked }, (_, index) => `${index + 1} of ${asked}`))
  })

  it('counts the place of the target', () => {
    const others = Array.from({ length: 4 }, (_, index) => ({ code: `O${index}`, name: '' }))
    const at = (place: number) => (crossing: Crossing) =>
      others.toSpliced(place, 0, { code: crossing.target, name: '' })
    const rate = (place: number) => hitRate(crossings, [], 'reported', at(place), () => true)
    expect(rate(0).first).toBe(rate(0).asked)
    expect([rate(4).first, rate(4).amongFive]).toEqual([0, rate(4).asked])
    const sixth = hitRate(
      crossings,
      [],
      'seen',
      (one) => [...others, ...others, ...at(0)(one)],
      () => true,
    )
    expect(sixth.amongFive).toBe(0)
  })
})
