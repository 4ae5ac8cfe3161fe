/** A code that is not translated is condemned only where it is certainly wrong, and no person's name is repeated. */
import { describe, expect, it } from 'vitest'
import chronic from '../../codebooks/chronic-disease.ts'
import daySurgery from '../../codebooks/day-surgery.ts'
import physician from '../../codebooks/physician.ts'
import procedure from '../../codebooks/procedure/index.ts'
import { createCodes } from '../../src/codes/codes.ts'
import { judgeCode } from '../../src/codes/judge.ts'
import { packCodebook } from '../../src/codes/pack.ts'
import type { ClaimCode } from '../../src/domain/claim.ts'
import { on } from './fixture.ts'

const day = on('2026-03-02')
const codebooks = [procedure, physician, daySurgery, chronic]
const starters = createCodes({ codebooks, maps: [] })
const imported = createCodes({ codebooks, maps: [], imported: [packCodebook(procedure)] })

const code = (given: string, standard: string, ...others: string[]): ClaimCode => ({
  standard,
  others,
  at: 'data',
  field: 'x',
  day,
  given: { system: 'national', code: given },
})
const reasons = (codes: typeof starters, ...given: ClaimCode[]) =>
  given.flatMap((one) => judgeCode(codes, one, day)?.reason ?? [])

describe('judgeCode()', () => {
  it('says nothing of what a starter table only lacks, and condemns what no code can be', () => {
    expect(reasons(starters, code('47.9999', 'procedure'))).toEqual([])
    expect(reasons(starters, code('NOTACODE', 'procedure'))).toEqual(['wrong-shape'])
  })

  it('judges by the table where it was imported', () => {
    expect(reasons(imported, code('47.9999', 'procedure'))).toEqual(['not-in-table'])
    expect(reasons(imported, code('47.0100', 'procedure'))).toEqual([])
  })

  it('condemns a row that is not for use, whatever the table lacks', () => {
    expect(reasons(starters, code('47.0900', 'procedure'))).toEqual(['grey'])
  })

  it('says nothing where one of several lists may hold it', () => {
    expect(reasons(starters, code('DAY-7777', 'chronic-disease', 'day-surgery'))).toEqual([])
    expect(reasons(starters, code('ZZZ', 'chronic-disease', 'day-surgery'))).toEqual(['wrong-shape'])
  })

  it('takes every code of the tables that come with the gateway for one', () => {
    for (const { id, editions } of codebooks) {
      const rows = editions.at(-1)!.entries.filter(({ grey, heading }) => !grey && !heading)
      expect(reasons(starters, ...rows.map((row) => code(row.code, id)))).toEqual([])
    }
  })

  it('never tells what may be a person', () => {
    const told = judgeCode(starters, code('张三', 'physician'), day)
    expect(told).not.toBeNull()
    expect(JSON.stringify(told)).not.toContain('张三')
  })
})
