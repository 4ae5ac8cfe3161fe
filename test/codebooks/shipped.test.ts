/** The shipped codebooks and maps have no fault, name their sources and agree with each other. */
import { describe, expect, it } from 'vitest'
import { createCodes } from '../../src/codes/codes.ts'
import { codebookFaults, mapFaults } from '../../src/codes/faults.ts'
import { parseDay } from '../../src/domain/day.ts'
import { LANES } from '../../src/domain/lane.ts'
import { shippedSteps } from '../../src/onboarding/shipped.ts'
import { codebooks, maps, rowsOf } from './shipped.ts'

const TODAY = parseDay('2026-06-01')
const codes = createCodes({ codebooks, maps })

describe('the shipped codebooks', () => {
  it('have all fifteen standards, and areas beside them', () => {
    const standards = new Set(codebooks.map(({ standard }) => standard))
    expect([...standards].sort((a, b) => (a ?? 99) - (b ?? 99))).toEqual([
      ...Array.from({ length: 15 }, (_, index) => index + 1),
      null,
    ])
  })

  for (const book of codebooks) {
    it(`${book.id} has no fault, and says where everything comes from`, () => {
      expect(codebookFaults(book)).toEqual([])
      for (const { text } of [book.shapeSource, ...book.editions.map(({ source }) => source)]) {
        expect(text.length).toBeGreaterThan(15)
      }
    })
  }

  it('never call a starter table read from a document', () => {
    const invented = [
      'service',
      'drug',
      'consumable',
      'institution',
      'physician',
      'unit',
      'by-disease-settlement',
    ]
    for (const id of invented) expect(codes.book(id)?.editions[0]?.source.grade).toBe('A')
    for (const id of ['diagnosis', 'procedure']) {
      expect(codes.book(id)?.editions.at(-1)?.source).toMatchObject({ grade: 'K' })
    }
  })

  it('have starter tables of a useful size', () => {
    const sizes = { diagnosis: 120, procedure: 60, service: 100, drug: 100, consumable: 60, institution: 20 }
    for (const [id, size] of Object.entries(sizes)) expect(rowsOf(id).length).toBeGreaterThanOrEqual(size)
  })
})

describe('fee items', () => {
  it('say class and charge type, and a limit in yuan where they have one', () => {
    for (const { attributes } of [...rowsOf('service'), ...rowsOf('drug'), ...rowsOf('consumable')]) {
      expect(attributes?.class).toMatch(/^0[123]$/)
      expect(attributes?.chargeType).toMatch(/^(?:0[1-9]|1[01])$/)
      if (attributes?.priceLimit) expect(attributes.priceLimit).toMatch(/^\d+(?:\.\d{1,2})?$/)
    }
  })

  it('have the first twenty of every code of 27', () => {
    const consumables = new Set(rowsOf('consumable').map(({ code }) => code))
    const long = [...consumables].filter((code) => code.length === 27)
    expect(long.length).toBeGreaterThan(0)
    for (const code of long) expect(consumables).toContain(code.slice(0, 20))
  })
})

describe('places and people', () => {
  it('lie in areas of the table, which their code repeats', () => {
    for (const id of ['institution', 'pharmacy', 'unit', 'physician', 'nurse', 'pharmacist']) {
      for (const { code, attributes } of rowsOf(id)) {
        expect(code.replace(/^[A-Z]+/, '').slice(0, 6)).toBe(attributes?.area)
        expect(codes.lookup('area', attributes?.area ?? '', TODAY).found).toBe(true)
      }
    }
  })

  it('are marked as invented', () => {
    for (const id of ['institution', 'pharmacy', 'unit', 'physician', 'nurse', 'pharmacist', 'staff']) {
      expect(rowsOf(id).filter(({ name }) => !name.includes('（虚构'))).toEqual([])
    }
  })

  it('cover the ten cities, and one institution is suspended', () => {
    const institutions = rowsOf('institution')
    const cities = new Set(institutions.map(({ attributes }) => attributes?.area?.slice(0, 4)))
    expect(cities).toEqual(
      new Set(['6210', '6201', '3401', '3402', '6403', '6401', '4309', '4301', '4401', '4403']),
    )
    expect(institutions.filter(({ attributes }) => attributes?.state === 'suspended')).toHaveLength(1)
  })

  it('say lanes, state and level in the words that the gateway reads', () => {
    const levels = 'community level1 level2 level3 level3_top'.split(' ')
    for (const { attributes } of rowsOf('institution')) expect(levels).toContain(attributes?.level)
    for (const { attributes } of [...rowsOf('institution'), ...rowsOf('pharmacy')]) {
      for (const lane of attributes?.lanes?.split(' ') ?? []) expect(Object.keys(LANES)).toContain(lane)
      expect(attributes?.state).toMatch(/^(?:open|suspended)$/)
    }
  })

  it('have a lane by the register, or an opening of their own', () => {
    const silent = [...rowsOf('institution'), ...rowsOf('pharmacy')].filter((one) => !one.attributes?.lanes)
    const onboarded = new Set(shippedSteps().map(({ institution }) => institution))
    expect(silent.filter(({ code }) => !onboarded.has(code))).toEqual([])
  })

  it('work in institutions of the table', () => {
    for (const id of ['physician', 'nurse', 'pharmacist']) {
      for (const { attributes } of rowsOf(id)) {
        expect(codes.lookup('institution', attributes?.institution ?? '', TODAY).found).toBe(true)
      }
    }
  })
})

describe('areas', () => {
  it.each([
    ['621025', '正宁县', 'county', 'F'],
    ['621000', '庆阳市', 'city', 'F'],
    ['130399', '秦皇岛市市本级（推断）', 'pool', 'F'],
    ['130371', '秦皇岛市经济技术开发区', 'zone', 'F'],
    ['621099', '庆阳市市本级（推断）', 'pool', 'A'],
    ['620171', '兰州新区', 'zone', 'F'],
  ])('%s is %s', (code, name, kind, grade) => {
    expect(codes.lookup('area', code, TODAY)).toMatchObject({
      found: true,
      entry: { name, attributes: { kind, grade } },
    })
  })

  it('has no pool for a city that does not exist', () => {
    expect(codes.lookup('area', '629999', TODAY)).toMatchObject({ found: false, reason: 'not-in-table' })
  })
})

describe('chronic diseases', () => {
  it('have exactly the ten interoperable ones, by an explicit table', () => {
    const rows = rowsOf('chronic-disease').filter(({ attributes }) => attributes?.interoperable === '1')
    expect(new Set(rows.map(({ attributes }) => attributes?.number)).size).toBe(10)
    expect(rows.map(({ code }) => code).sort()).toEqual(
      (
        'M00201 M00202 M00500 M00503 M00504 M01600 M03900 ' +
        'M04600 M05300 M06900 M07200 M07803 M07804 M08300'
      ).split(' '),
    )
  })

  it('keep M07800 apart, which means non-dialysis in one province', () => {
    const entry = rowsOf('chronic-disease').find(({ code }) => code === 'M07800')
    expect(entry?.attributes).toEqual({ family: 'M078' })
  })
})

describe('diseases settled by case or day surgery', () => {
  it('name procedures and diagnoses that may be used', () => {
    for (const { attributes } of [...rowsOf('by-disease-settlement'), ...rowsOf('day-surgery')]) {
      const { diagnosis, procedure } = attributes ?? {}
      expect(codes.lookup('procedure', procedure ?? '', TODAY).found).toBe(true)
      if (diagnosis) expect(codes.lookup('diagnosis', diagnosis, TODAY).found).toBe(true)
    }
  })
})

describe('the shipped maps', () => {
  it('have no fault', () => {
    expect(mapFaults(maps, codebooks)).toEqual([])
  })

  it('lead from every system that an institution names', () => {
    const systems = new Set(maps.map(({ system }) => system))
    for (const { attributes } of rowsOf('institution')) {
      expect(systems).toContain(attributes?.system)
      if (attributes?.diagnosisSystem) expect(systems).toContain(attributes.diagnosisSystem)
    }
  })

  it('give one local code to one standard of fee items', () => {
    for (const system of new Set(maps.map((map) => map.system))) {
      const rows = maps.filter((map) => map.system === system).flatMap((map) => map.editions[0]?.rows ?? [])
      expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length)
    }
  })
})
