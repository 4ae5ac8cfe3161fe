/** The figures equal a naive count over every row, are the same however they came to be, and their reasons add up. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type Area, prefixOf } from '../../src/domain/area.ts'
import type { Day } from '../../src/domain/day.ts'
import { answerRate } from '../../src/reports/figures/ask-rate.ts'
import { bringAlong, openBroughtAlong } from '../../src/reports/figures/fold.ts'
import { indicatorsOf } from '../../src/reports/figures/rates.ts'
import { CATEGORY_NAMES } from '../../src/reports/figures/reasons.ts'
import { importStays } from '../../src/reports/import.ts'
import { BASES, type RateQuestion, SCOPES, settlementRate } from '../../src/reports/settlement-rate.ts'
import { readStays } from '../../src/reports/stays.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { type FiguresStore, figuresFile, openFigures } from '../../src/store/queries/figures/open.ts'
import { GROUPINGS, type StaysAsked, sumStays, VIEWS } from '../../src/store/queries/figures/sums.ts'
import { type Happening, happenings, put } from './happenings.ts'
import { COUNTY, csvOf, EXAMPLE, EXAMPLE_RESULTS, importContext, STAYS } from './support.ts'

const root = mkdtempSync(join(tmpdir(), 'zhijie-figures-'))
afterAll(() => rmSync(root, { recursive: true }))

const take = (database: Database, text: string) =>
  importStays(database, Readable.from([Buffer.from(text)]), importContext)

const QUARTER = { area: COUNTY, from: '2025-01-01' as Day, to: '2025-03-31' as Day }

describe('figures of the worked example', () => {
  it('are those of its table, every row', async () => {
    const database = openDatabase(':memory:')
    await take(database, csvOf(EXAMPLE))
    const figures = openBroughtAlong(database, STAYS)
    for (const [asOf, scope, basis, ...expected] of EXAMPLE_RESULTS) {
      const question = { ...QUARTER, asOf, scope, basis }
      const rate = answerRate(figures, { questions: [question], single: true })
      expect(rate).toEqual(settlementRate(EXAMPLE, question))
      expect(rate).toMatchObject({
        numerator: expected[0],
        denominator: expected[1],
        rate: expected[2],
        reached: expected[3],
      })
    }
    const second = { ...QUARTER, from: '2025-04-01', to: '2025-06-30', asOf: '2026-03-31' }
    const asked = { ...second, view: 'outbound', prefix: COUNTY, institution: null } as const
    expect(sumStays(figures.$client, asked, 'none')).toEqual([
      { key: '', relation: 'cross', state: 'direct', category: '', n: 1 },
    ])
  })
})

/** Tables of the figures by their content, without the numbers that rows have by chance. */
function contentOf({ $client }: FiguresStore): Record<string, unknown[]> {
  const read = (sql: string) => $client.prepare(sql).all()
  return {
    stays: read(
      `select institution, stay.stay, platform, person, insured, treatment, admitted, discharged, filed, total, fund,
         since, before, state, category, code, moment.hop from stay left join moment on moment.stay = stay.id
       order by institution, stay.stay, platform, since`,
    ),
    day: read('select * from day_change where n != 0'),
    month: read('select * from month_change where n != 0'),
    flow: read('select * from flow_change where n != 0'),
    arrival: read('select * from arrival'),
    traffic: read('select * from traffic where n != 0'),
    latency: read('select * from latency'),
    visit: read('select * from visit'),
  }
}

const DAYS = [
  '2025-01-31',
  '2025-02-01',
  '2025-02-03',
  '2025-02-28',
  '2025-03-10',
  '2025-04-05',
  '2026-03-31',
] as Day[]

const SPANS = [
  ['2025-01-01', '2025-03-31'],
  ['2025-01-15', '2025-02-10'],
] as [Day, Day][]

/** All scopes against both denominators. */
const questionsOf = (area: Area, asOf: Day, [from, to]: [Day, Day]): RateQuestion[] =>
  SCOPES.flatMap((scope) => BASES.map((basis) => ({ area, from, to, asOf, scope, basis })))

describe('figures of any journal', () => {
  it('equal a count over every row, and are the same whether they were brought along or made anew', () => {
    fc.assert(
      fc.property(happenings, fc.array(fc.boolean(), { maxLength: 40 }), (told: Happening[], cuts) => {
        const database = openDatabase(':memory:')
        const figures = openFigures(':memory:')
        for (const [index, one] of told.entries()) {
          put(database, one)
          if (cuts[index]) bringAlong(figures, database, STAYS)
        }
        bringAlong(figures, database, STAYS)
        const anew = openBroughtAlong(database, STAYS)
        expect(contentOf(figures)).toEqual(contentOf(anew))
        const stays = readStays(database, STAYS)
        for (const asOf of DAYS)
          for (const area of [COUNTY, '621000', '620000', '310000'] as Area[])
            for (const span of SPANS) {
              const questions = questionsOf(area, asOf, span)
              const naive = questions.map((question) => settlementRate(stays, question))
              expect(answerRate(figures, { questions, single: false })).toEqual(naive)
            }
        for (const one of [database, figures, anew]) one.$client.close()
      }),
      { numRuns: 60 },
    )
  })

  it('have reasons that add up to the gap, for every group, view and day', () => {
    fc.assert(
      fc.property(happenings, (told: Happening[]) => {
        const database = openDatabase(':memory:')
        for (const one of told) put(database, one)
        const figures = openBroughtAlong(database, STAYS)
        for (const view of VIEWS)
          for (const asOf of DAYS)
            for (const by of GROUPINGS) {
              const where = {
                prefix: prefixOf((view === 'inbound' ? '310000' : '620000') as Area),
                institution: null,
              }
              const asked: StaysAsked = { view, ...where, from: '2025-01-01', to: '2025-12-31', asOf }
              const sums = sumStays(figures.$client, asked, by)
              for (const rate of indicatorsOf(sums, { area: null, asOf, year: 2025 })) {
                const total = CATEGORY_NAMES.reduce((sum, name) => sum + rate.reasons[name], 0)
                expect(total).toBe(rate.denominator - rate.numerator)
              }
              expect(sums.every(({ state, category }) => (state === 'direct') === (category === ''))).toBe(
                true,
              )
              const days = sumStays(figures.$client, { ...asked, from: '2024-12-31' }, by)
              expect(days).toEqual(sums)
            }
        for (const one of [database, figures]) one.$client.close()
      }),
      { numRuns: 20 },
    )
  })
})

describe('the file of the figures', () => {
  const year = { ...QUARTER, asOf: '2026-03-31' as Day, scope: 'cross', basis: 'broad' } as const

  it('may be deleted or spoilt: the same figures are made again', async () => {
    const database = openDatabase(join(root, 'zhijie.sqlite'))
    await take(database, csvOf(EXAMPLE))
    const ask = () => {
      const figures = openBroughtAlong(database, STAYS)
      const said = [answerRate(figures, { questions: [year], single: true }), contentOf(figures)]
      figures.$client.close()
      return said
    }
    const first = ask()
    const file = figuresFile(database)
    expect(existsSync(file)).toBe(true)
    rmSync(file)
    expect(ask()).toEqual(first)
    writeFileSync(file, 'no database at all, but long enough to be taken for one'.repeat(100))
    expect(ask()).toEqual(first)
    database.$client.close()
  })

  it('is made anew where the store is another one than it was made of', async () => {
    const database = openDatabase(':memory:')
    const figures = openFigures(':memory:')
    await take(database, csvOf(EXAMPLE))
    bringAlong(figures, database, STAYS)
    const other = openDatabase(':memory:')
    await take(other, csvOf(EXAMPLE.slice(0, 3)))
    bringAlong(figures, other, STAYS)
    const rate = answerRate(figures, { questions: [year], single: true })
    expect(rate).toMatchObject({ numerator: 2, denominator: 3 })
  })
})
