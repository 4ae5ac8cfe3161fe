/** Every kind of fault in a codebook or a map is found, and none in good ones. */
import { describe, expect, it } from 'vitest'
import { codebookFaults, mapFaults } from '../../src/codes/faults.ts'
import type { CodebookEntry, CodeMapRow } from '../../src/extension/codebook.ts'
import { illness, illnessMap, medicine, on, preparation, treatment, treatmentMap } from './fixture.ts'

const [first, second] = [illness.editions[0]!, illness.editions[1]!]
const withRow = (row: CodebookEntry) => ({
  ...illness,
  editions: [{ ...first, entries: [...first.entries, { code: 'B02.000', name: '带状疱疹' }, row] }],
})
const withMapRow = (row: Partial<CodeMapRow>) => {
  const edition = illnessMap.editions[0]!
  const whole: CodeMapRow = { code: 'L8', name: '伤寒', targets: ['A01.000'], relation: 'equivalent', ...row }
  return { ...illnessMap, editions: [{ ...edition, rows: [...edition.rows, whole] }] }
}

describe('codebookFaults()', () => {
  it('finds nothing in good codebooks', () => {
    for (const book of [illness, treatment, medicine, preparation]) expect(codebookFaults(book)).toEqual([])
  })

  it.each([
    [
      'a row without the shape',
      withRow({ code: 'A01', name: '伤寒' }),
      'illness 1.0: "A01" has not the shape',
    ],
    ['a code twice', withRow({ code: 'A01.000', name: '伤寒' }), 'illness 1.0: "A01.000" stands twice'],
    ['no name', withRow({ code: 'A02.000', name: '' }), 'illness 1.0: "A02.000" has no name'],
    [
      'an empty span',
      withRow({ code: 'A02.000', name: '病', from: on('2021-01-01'), until: on('2021-01-01') }),
      'illness 1.0: "A02.000" ends before it begins',
    ],
    [
      'an unknown replacement',
      withRow({ code: 'A02.000', name: '病', replacedBy: 'A03.000' }),
      'illness 1.0: "A02.000" is replaced by the unknown "A03.000"',
    ],
    [
      'editions out of order',
      { ...illness, editions: [second, first] },
      'illness edition 1.0 does not begin after the one before it',
    ],
    [
      'two editions of one day',
      { ...illness, editions: [first, { ...second, from: first.from }] },
      'illness edition 2.0 does not begin after the one before it',
    ],
    [
      'two editions of one name',
      { ...illness, editions: [first, { ...second, version: '1.0' }] },
      'illness two editions are called 1.0',
    ],
    ['no edition', { ...illness, editions: [] }, 'illness has no edition'],
    [
      'a shape that is not anchored',
      { ...illness, shape: /[A-Z]\d{2}/ },
      'illness has an expression that is not anchored: /[A-Z]\\d{2}/',
    ],
    [
      'a shape that keeps state',
      { ...preparation, shape: /^.*$/g },
      'preparation has an expression that keeps state: /^.*$/g',
    ],
  ])('finds %s', (_, book, fault) => {
    expect(codebookFaults(book)).toContain(fault)
  })
})

describe('mapFaults()', () => {
  const books = [illness, treatment]

  it('finds nothing in good maps, and takes a target with a suffix', () => {
    expect(mapFaults([illnessMap, treatmentMap], books)).toEqual([])
  })

  it.each([
    ['an unknown target', withMapRow({ targets: ['A01.000', 'Z99.900'] }), '2025: unknown target "Z99.900"'],
    ['no target', withMapRow({ targets: [] }), '2025: "L8" has no target'],
    ['a code twice', withMapRow({ code: 'L1' }), '2025: "L1" stands twice'],
    [
      'an empty span',
      withMapRow({ from: on('2025-02-01'), until: on('2025-02-01') }),
      '2025: "L8" ends before it begins',
    ],
    ['no edition', { ...illnessMap, editions: [] }, 'has no edition'],
  ])('finds %s', (_, map, fault) => {
    expect(mapFaults([map], books)).toContain(`map H → illness: ${fault}`)
  })

  it('finds a standard that is not loaded, and a map that stands twice', () => {
    expect(mapFaults([illnessMap], [treatment])).toEqual(['map H → illness: unknown standard'])
    expect(mapFaults([illnessMap, illnessMap], books)).toEqual(['map H → illness stands twice'])
  })
})
