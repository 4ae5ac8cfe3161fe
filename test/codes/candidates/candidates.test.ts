/** Candidates for a code come from its own family first, by words that mean the same, and are never grey. */
import { describe, expect, it } from 'vitest'
import { sharesIcdCategory } from '../../../src/codes/candidates/icd-shape.ts'
import { comparable, pairsOf, plain } from '../../../src/codes/candidates/name-normalisation.ts'
import { createCodes } from '../../../src/codes/codes.ts'
import type { Codebook, CodebookEntry } from '../../../src/extension/codebook.ts'
import { illness, on } from '../fixture.ts'

const day = on('2025-06-01')
const entries: readonly CodebookEntry[] = [
  { code: 'J18.900', name: '肺炎' },
  { code: 'J18.000', name: '支气管肺炎' },
  { code: 'A01.003+J17.0*', name: '伤寒并发肺炎' },
  { code: 'Q33.100', name: '副肺叶' },
  { code: 'Q33.000', name: '先天性肺囊肿' },
  { code: 'S42.201', name: '左侧肱骨骨折' },
  { code: 'K07.400', name: '错\u{2C317}畸形' },
  { code: 'X49.x00', name: '化学制品和有害物质的意外中毒及暴露于该类物质，其他的' },
  { code: 'X48.x00', name: '杀虫剂的意外中毒及暴露于杀虫剂' },
  { code: 'T31.700', name: '累及体表70%~79%的烧伤' },
  { code: 'T31.800', name: '累及体表80%~89%的烧伤' },
  { code: 'D01.000', name: '灰色病', grey: true },
  { code: 'D01.001', name: '灰色病一型' },
]
const diagnosis: Codebook = {
  ...illness,
  id: 'diagnosis',
  shape: null,
  editions: [{ ...illness.editions[1]!, entries }],
}
const codes = createCodes({ codebooks: [diagnosis], maps: [] })
const near = (name: string, code?: string) =>
  codes.nearest('diagnosis', { name, ...(code && { code }) }, day, 9).map((one) => one.code)

describe('candidates', () => {
  it('look at the category of a local code of the same family first', () => {
    expect(near('先天性副肺叶畸形', 'Q33.101')[0]).toBe('Q33.100')
    // The name says nothing of the row; the category does.
    expect(near('雨水管清洁剂误食', 'X49.9951')[0]).toBe('X49.x00')
    expect(near('雨水管清洁剂误食')).not.toContain('X49.x00')
  })

  it('know other words for the same, and numbers', () => {
    expect(near('错合畸形')[0]).toBe('K07.400')
    expect(near('体表70-79%的烧伤')[0]).toBe('T31.700')
    expect(near('体表80-89%的烧伤')[0]).toBe('T31.800')
  })

  it('never offer a grey code', () => {
    expect(near('灰色病', 'D01.000')[0]).toBe('D01.001')
    expect(near('灰色病', 'D01.000')).not.toContain('D01.000')
  })

  it('are offered for an unmapped local code by its category too', () => {
    const given = { system: 'H', code: 'X49.9951', name: '雨水管清洁剂误食' }
    const resolved = codes.resolve('diagnosis', given, day)
    expect(resolved).toMatchObject({ ok: false, candidates: [{ code: 'X49.x00' }] })
  })
})

describe('isOfFamily()', () => {
  it.each([
    ['diagnosis', 'A00.101', true],
    ['diagnosis', 'N46xx06', true],
    ['diagnosis', 'A001', false],
    ['diagnosis', '12.34', false],
    ['procedure', '39.50018', true],
    ['procedure', '3950', false],
    ['drug', 'A00.101', false],
  ])('%s %s: %s', (standard, code, is) => {
    expect(sharesIcdCategory(standard, code)).toBe(is)
  })
})

describe('names', () => {
  it('are plain without widths, marks and private characters', () => {
    expect(plain(' Ⅲ度，烧伤［Ａ］ ')).toBe('iii度烧伤a')
    expect(plain('错\uE06B畸形')).toBe('错\u{2C317}畸形')
  })

  it('are comparable where words mean the same', () => {
    expect(comparable('腹腔镜下活组织检查')).toBe(comparable('腹腔镜下活检'))
    expect(comparable('食道返流')).toBe(comparable('食管反流'))
    expect(comparable('O80并发于妊娠、分娩和产褥期')).toBe(comparable('O80妊娠合并'))
  })

  it('have pairs, and one of one character itself', () => {
    expect([...pairsOf('肺炎肺炎')]).toEqual(['肺炎', '炎肺'])
    expect([...pairsOf('炎')]).toEqual(['炎'])
    expect([...pairsOf('')]).toEqual([])
  })
})
