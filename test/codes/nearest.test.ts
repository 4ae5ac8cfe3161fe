/** The nearest codes for a wrong one are ranked by code and name, are valid on the day, and are few. */
import { describe, expect, it } from 'vitest'
import { createCodes } from '../../src/codes/codes.ts'
import { codes, illness, on } from './fixture.ts'

const near = (sought: { code?: string; name?: string }, day = '2025-06-01', limit?: number) =>
  codes.nearest('illness', sought, on(day), limit).map(({ code }) => code)

describe('nearest()', () => {
  it('ranks by prefix and distance of the code', () => {
    expect(near({ code: 'A01.001' })[0]).toBe('A01.000')
    expect(near({ code: 'B02.0' })[0]).toBe('B02.000')
  })

  it('lets the name decide against the code', () => {
    expect(near({ code: 'A01.001', name: '带状疱疹' })[0]).toBe('B02.000')
  })

  it('compares names without marks and widths', () => {
    expect(near({ name: ' 带状、疱疹 ' })[0]).toBe('B02.000')
  })

  it('offers only codes that are valid on the day and not grey', () => {
    expect(near({ name: '甲病' }, '2024-12-31', 9)).toEqual(['C01.000'])
    expect(near({ name: '甲病' }, '2025-01-01', 9)).toEqual(['C02.000'])
    expect(near({ code: 'D01.000', name: '灰色病' }, '2025-01-01', 9)).not.toContain('D01.000')
    expect(near({ code: 'A01.000' }, '2019-01-01')).toEqual([])
  })

  it('gives three unless told, and nothing that is far off', () => {
    expect(near({ code: 'A01.000' })).toHaveLength(3)
    expect(near({ code: 'A01.000' }, '2025-01-01', 1)).toEqual(['A01.000'])
    expect(near({ name: 'zzz' })).toEqual([])
    expect(near({})).toEqual([])
  })

  it('looks through all fee items', () => {
    const found = codes.nearest('item', { name: '阿司匹林片' }, on('2025-06-01'))
    expect(found[0]).toEqual({ code: 'X001', name: '阿司匹林肠溶片' })
  })

  it('narrows a large table, and still finds the code and the name', () => {
    const entries = Array.from({ length: 30_000 }, (_, index) => {
      const digits = String(index).padStart(5, '0')
      return { code: `A${digits.slice(0, 2)}.${digits.slice(2)}`, name: `第${index}号疾病` }
    })
    const editions = [
      { ...illness.editions[0]!, entries: [...entries, { code: 'Z00.000', name: '急性阑尾炎' }] },
    ]
    const large = createCodes({ codebooks: [{ ...illness, editions }], maps: [] })
    const ask = (sought: { code?: string; name?: string }) =>
      large.nearest('illness', sought, on('2025-01-01'))
    expect(ask({ code: 'A12.34' })[0]?.code).toBe('A12.340')
    expect(ask({ code: 'A12.3456', name: '急性阑尾' })[0]?.code).toBe('Z00.000')
  })
})
