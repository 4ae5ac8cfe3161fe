/** For any tables, codes and days, resolving gives only codes that are valid on the day and that the map names. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCodes } from '../../src/codes/codes.ts'
import { addDays, type Day } from '../../src/domain/day.ts'
import type { Codebook, CodebookEntry, CodeMap } from '../../src/extension/codebook.ts'
import { medicine, on } from './fixture.ts'

const RUNS = 500
const source = { grade: 'A', text: 'Invented for a test' } as const

/** Few codes and few days, so that they meet. */
const code = fc.integer({ min: 0, max: 6 }).map((number) => `X00${number}`)
const day = fc.integer({ min: 0, max: 30 }).map((days) => addDays(on('2025-01-01'), days))
const span = fc.record({ from: day, until: day }, { requiredKeys: [] })

const entry = fc
  .record({ code, grey: fc.boolean(), span })
  .map(({ span, ...rest }): CodebookEntry => ({ ...rest, ...span, name: '药' }))
const entries = fc.uniqueArray(entry, { selector: (row) => row.code, maxLength: 6 })
const starts = fc
  .uniqueArray(day, { minLength: 1, maxLength: 3 })
  .map((days) => days.toSorted((a, b) => (a < b ? -1 : 1)))

const book = fc.tuple(starts, fc.array(entries, { minLength: 3, maxLength: 3 })).map(
  ([days, tables]): Codebook => ({
    ...medicine,
    editions: days.map((from, index) => ({ version: `${index}`, from, source, entries: tables[index]! })),
  }),
)
const row = fc
  .record({ code, span, targets: fc.array(code, { minLength: 1, maxLength: 3 }) })
  .map(({ span, ...rest }) => ({ ...rest, ...span, name: '药', relation: 'equivalent' as const }))
const rows = fc.uniqueArray(row, { selector: (one) => one.code, maxLength: 6 })
const map = fc.tuple(starts, fc.array(rows, { minLength: 3, maxLength: 3 })).map(
  ([days, tables]): CodeMap => ({
    system: 'H',
    standard: 'medicine',
    editions: days.map((from, index) => ({ version: `${index}`, from, source, rows: tables[index]! })),
  }),
)

const covers = ({ from, until }: { from?: Day; until?: Day }, asked: Day) =>
  (from === undefined || asked >= from) && (until === undefined || asked < until)

/** Whether a code may be used, told the plain way: by walking through the whole table. */
function valid(table: Codebook, asked: Day, wanted: string): boolean {
  let current: Codebook['editions'][number] | undefined
  for (const edition of table.editions) if (edition.from <= asked) current = edition
  const usable = (one: CodebookEntry) => one.code === wanted && covers(one, asked) && !one.grey
  return current?.entries.some(usable) ?? false
}

/** Targets of a local code, told the plain way. */
function targetsOf(table: CodeMap, asked: Day, wanted: string): readonly string[] {
  let current: CodeMap['editions'][number] | undefined
  for (const edition of table.editions) if (edition.from <= asked) current = edition
  return current?.rows.find((one) => one.code === wanted && covers(one, asked))?.targets ?? []
}

describe('resolve(), for any tables, codes and days', () => {
  it('is ok for a national code exactly when it is valid on the day', () => {
    fc.assert(
      fc.property(book, code, day, (table, asked, on) => {
        const codes = createCodes({ codebooks: [table], maps: [] })
        const answer = codes.resolve('item', { system: 'national', code: asked }, on)
        expect(answer.ok).toBe(valid(table, on, asked))
        if (answer.ok) expect(answer.code).toBe(asked)
      }),
      { numRuns: RUNS },
    )
  })

  it('never gives a code that is not valid on the day, nor one that the map does not name', () => {
    fc.assert(
      fc.property(book, map, code, day, (table, local, asked, on) => {
        const codes = createCodes({ codebooks: [table], maps: [local] })
        const answer = codes.resolve('item', { system: 'H', code: asked }, on)
        const targets = targetsOf(local, on, asked)
        expect(answer.ok).toBe(targets.length > 0 && targets.every((target) => valid(table, on, target)))
        if (answer.ok) expect([answer.code, ...(answer.also ?? [])]).toEqual(targets)
      }),
      { numRuns: RUNS },
    )
  })

  it('never gives an unmapped local code as its own translation', () => {
    fc.assert(
      fc.property(book, code, day, (table, asked, on) => {
        const codes = createCodes({ codebooks: [table], maps: [] })
        const answer = codes.resolve('item', { system: 'H', code: asked }, on)
        expect(answer).toMatchObject({ ok: false, reason: 'not-mapped' })
        expect(answer).not.toHaveProperty('code')
      }),
      { numRuns: RUNS },
    )
  })

  it('offers only codes that are valid on the day', () => {
    fc.assert(
      fc.property(book, code, day, (table, asked, on) => {
        const codes = createCodes({ codebooks: [table], maps: [] })
        const answer = codes.resolve('item', { system: 'national', code: asked, name: '药' }, on)
        const offered = answer.ok ? [] : answer.candidates
        expect(offered.filter((one) => !valid(table, on, one.code))).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })
})
