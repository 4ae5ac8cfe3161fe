/** The difference between two editions of a table is whole, in parts or at once, and says what befell each code. */
import { describe, expect, it } from 'vitest'
import { changesBetween, editionsToCompare } from '../../src/codes/changes.ts'
import { createCodes } from '../../src/codes/codes.ts'
import { packCodebook } from '../../src/codes/pack.ts'
import type { CodebookEntry } from '../../src/extension/codebook.ts'
import { illness, on } from './fixture.ts'

const edition = (version: string, from: string, entries: readonly CodebookEntry[]) => ({
  ...illness.editions[0]!,
  version,
  from: on(from),
  entries,
})
const book = packCodebook({
  ...illness,
  editions: [
    edition('1', '2020-01-01', [
      { code: 'A', name: '同' },
      { code: 'B', name: '旧名' },
      { code: 'C', name: '将停' },
      { code: 'D', name: '被替' },
      { code: 'E', name: '变灰' },
    ]),
    edition('2', '2022-01-01', [
      { code: 'A', name: '同' },
      { code: 'B', name: '新名', replacedBy: 'F' },
      { code: 'D', name: '被替', until: on('2022-01-01'), replacedBy: 'F' },
      { code: 'E', name: '变灰', grey: true },
      { code: 'F', name: '新增' },
    ]),
    edition('3', '2024-01-01', [
      { code: 'A', name: '同' },
      { code: 'C', name: '将停' },
    ]),
  ],
})
const compare = (from: string, to?: string, after: string | null = null, limit = 100) => {
  const editions = editionsToCompare(book, from, to)
  return changesBetween(book, editions.from, editions.to, { after, limit })
}
const told = (page: ReturnType<typeof compare>) => page.changes.map(({ code, change }) => [code, ...change])

describe('changesBetween()', () => {
  it('tells what was added, closed, renamed, replaced, and what else differs', () => {
    expect(told(compare('1', '2'))).toEqual([
      ['B', 'renamed', 'replaced'],
      ['C', 'closed'],
      ['D', 'replaced', 'changed'],
      ['E', 'changed'],
      ['F', 'added'],
    ])
    const [renamed, closed] = compare('1', '2').changes
    expect(renamed?.before).toEqual({ code: 'B', name: '旧名' })
    expect(renamed?.after).toEqual({ code: 'B', name: '新名', replacedBy: 'F' })
    expect(closed).toMatchObject({ before: { name: '将停' }, after: null })
  })

  it('goes over several editions, to the last unless told, and back', () => {
    expect(told(compare('1'))).toEqual([
      ['B', 'closed'],
      ['D', 'closed'],
      ['E', 'closed'],
    ])
    expect(told(compare('2', '1')).map(([code, change]) => `${code} ${change}`)).toContain('F closed')
    expect(compare('2', '2')).toEqual({ changes: [], next: null })
  })

  it('compares spans of one code with their like: one put in before leaves those behind it as they are', () => {
    const [first, second] = [
      { code: 'A', name: '旧', until: on('2021-01-01') },
      { code: 'A', name: '新', from: on('2022-01-01') },
    ]
    const spans = packCodebook({
      ...illness,
      editions: [
        edition('1', '2020-01-01', [second]),
        edition('2', '2022-06-01', [first, second]),
        edition('3', '2023-01-01', [{ ...second, name: '改' }]),
      ],
    })
    const between = (one: string, other: string) => {
      const { from, to } = editionsToCompare(spans, one, other)
      return told(changesBetween(spans, from, to, { after: null, limit: 9 }))
    }
    expect(between('1', '2')).toEqual([['A', 'added']])
    expect(between('2', '1')).toEqual([['A', 'closed']])
    expect(between('1', '3')).toEqual([['A', 'renamed']])
  })

  it('comes in parts that together are the whole', () => {
    for (const limit of [1, 2, 3]) {
      const all: string[] = []
      let after: string | null = null
      do {
        const page = compare('1', '2', after, limit)
        expect(page.changes.length).toBeLessThanOrEqual(limit)
        all.push(...page.changes.map(({ code }) => code))
        after = page.next
      } while (after !== null)
      expect(all).toEqual(['B', 'C', 'D', 'E', 'F'])
    }
  })

  it('knows no other edition, and no other place to go on from', () => {
    expect(() => compare('9')).toThrow('没有9版，现有：1、2、3')
    expect(() => compare('1', '8')).toThrow('没有8版')
    expect(() => compare('1', '2', 'Z')).toThrow('上一页的next')
  })

  it('sees only editions in use', () => {
    const codes = createCodes({
      codebooks: [illness],
      maps: [],
      imported: [{ book: { ...book.book, standard: 'illness' }, live: [0, 1] }],
    })
    expect(() => editionsToCompare(codes.table('illness')!, '3')).toThrow('没有3版，现有：1、2')
    expect(editionsToCompare(codes.table('illness')!, '1').to.version).toBe('2')
  })
})
