/** The invented people are the same at every start, and none of their numbers can be a real person's. */
import { describe, expect, it } from 'vitest'
import { isDocumentNumber, isIdentityNumber } from '../../src/domain/person.ts'
import { chronicFamily } from '../../src/simulator/chronic.ts'
import { CITIES, peopleOf } from '../../src/simulator/people.ts'
import { PROVINCES } from '../../src/simulator/supervise.ts'

const everyone = PROVINCES.flatMap((province) => peopleOf(province))

describe('peopleOf()', () => {
  it('gives the same people again, in the same order, for every count', () => {
    expect(peopleOf('620000')).toEqual(peopleOf('620000'))
    expect(peopleOf('620000', 50)).toEqual(peopleOf('620000').slice(0, 50))
  })

  it('numbers people uniquely, in 26 digits that begin with the insured area', () => {
    expect(new Set(everyone.map((person) => person.number)).size).toBe(everyone.length)
    for (const person of everyone) {
      expect(person.number).toMatch(/^\d{26}$/)
      expect(person.number.startsWith(person.insurance[0]!.area)).toBe(true)
    }
  })

  it('uses identity numbers of the unassigned area 9900 that pass the checksum', () => {
    const numbers = everyone.filter((person) => person.documentKind === '01').map((person) => person.document)
    expect(numbers.length).toBeGreaterThan(everyone.length * 0.9)
    expect(numbers.every((number) => number.startsWith('9900') && isIdentityNumber(number))).toBe(true)
    expect(new Set(everyone.map((person) => person.document)).size).toBe(everyone.length)
    expect(everyone.every((person) => isDocumentNumber(person.documentKind, person.document))).toBe(true)
  })

  it('names everybody 测 and gives telephones of zeros', () => {
    expect(everyone.every((person) => person.name.startsWith('测') && /^0+$/.test(person.phone))).toBe(true)
  })

  it('leaves some suspended, some without filing, some with an expired one', () => {
    const share = (fits: (person: (typeof everyone)[number]) => boolean) =>
      everyone.filter(fits).length / everyone.length
    expect(share((person) => person.insurance[0]!.status === '2')).toBeGreaterThan(0.02)
    expect(share((person) => person.filings.length === 0)).toBeGreaterThan(0.03)
    expect(share((person) => person.filings.length === 0)).toBeLessThan(0.11)
    expect(share((person) => person.filings[0]?.until === '2024-06-30')).toBeGreaterThan(0.01)
    expect(share((person) => person.assistance !== null)).toBeGreaterThan(0.02)
  })

  it('files only to the ten cities and only abroad; chronic codes are among the ten diseases', () => {
    for (const person of everyone) {
      for (const filing of person.filings) {
        expect(CITIES).toContain(filing.destination)
        expect(filing.destination.slice(0, 2)).not.toBe(person.number.slice(0, 2))
      }
      expect(person.chronic.every((row) => chronicFamily(row.code) !== null)).toBe(true)
    }
  })
})
