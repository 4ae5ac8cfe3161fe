/** A code resolves to the national code of its day with the row that says so, or to the reason why there is none. */
import { describe, expect, it } from 'vitest'
import { codes, on } from './fixture.ts'

const ask = (code: string, day: string, { system = 'H', standard = 'illness', name = '' } = {}) =>
  codes.resolve(standard, { system, code, ...(name && { name }) }, on(day))
const national = { system: 'national' }

describe('resolve() of national codes', () => {
  it('gives code, name, edition and row', () => {
    expect(ask('A01.000', '2025-01-01', national)).toEqual({
      ok: true,
      code: 'A01.000',
      name: '伤寒',
      standard: 'illness',
      edition: '2.0',
      entry: { code: 'A01.000', name: '伤寒' },
    })
  })

  it.each([
    ['Z99.900', '2025-01-01', 'not-in-table', '疾病编码“Z99.900”不在国家编码表(2.0版)中'],
    ['A01', '2025-01-01', 'wrong-shape', '疾病编码“A01”的格式不符合国家编码规则'],
    ['A01.000', '2019-01-01', 'before-first-edition', '疾病编码“A01.000”的费用日期早于国家编码表的启用日期'],
    ['C02.000', '2024-01-01', 'not-yet-valid', '疾病编码“C02.000”自2025-01-01起才可使用'],
    ['C01.000', '2025-01-01', 'retired', '疾病编码“C01.000”已于2025-01-01停用，请改用“C02.000”'],
    ['D01.000', '2025-01-01', 'grey', '疾病编码“D01.000”为灰码，不能用于结算，请改用更具体的编码'],
  ])('%s on %s is %s', (code, day, reason, text) => {
    expect(ask(code, day, national)).toMatchObject({ ok: false, reason, text })
  })

  it('offers the replacement of a retired code first, and finer codes for a grey one', () => {
    const far = ask('B01.000', '2025-01-01', national)
    expect(far.ok ? [] : far.candidates[0]).toEqual({ code: 'D01.001', name: '灰色病一型' })
    expect(ask('C01.000', '2025-01-01', national)).toMatchObject({
      candidates: [{ code: 'C02.000' }],
    })
    expect(ask('D01.000', '2025-01-01', national)).toMatchObject({
      candidates: [{ code: 'D01.001' }],
    })
  })

  it('knows no other standard', () => {
    expect(ask('A01.000', '2025-01-01', { ...national, standard: 'nothing' })).toEqual({
      ok: false,
      reason: 'unknown-standard',
      text: '编码标准“nothing”不存在',
      candidates: [],
    })
  })

  it('keeps the suffix of an item', () => {
    const answer = ask('001102000020000-1a', '2025-01-01', { ...national, standard: 'item' })
    expect(answer).toMatchObject({ ok: true, code: '001102000020000-1a', name: '专家门诊诊查费' })
  })

  it('names an item whose form says nothing', () => {
    expect(ask('Y0001', '2025-01-01', { ...national, standard: 'item' })).toMatchObject({
      reason: 'wrong-shape',
      text: '收费项目编码“Y0001”的格式不符合国家编码规则',
    })
  })
})

describe('resolve() of local codes', () => {
  it('uses the edition of the map that was in force, and says which row', () => {
    expect(ask('L1', '2025-12-31')).toMatchObject({
      ok: true,
      code: 'A01.000',
      map: { system: 'H', version: '2025', row: { code: 'L1', relation: 'equivalent' } },
    })
    expect(ask('L1', '2026-01-01')).toMatchObject({ ok: true, code: 'A01.x00', map: { version: '2026' } })
  })

  it('never takes the code itself, though it stands in the national table', () => {
    expect(ask('A01.000', '2025-06-01')).toMatchObject({ ok: true, code: 'B02.000' })
    expect(ask('B02.000', '2025-06-01')).toMatchObject({ ok: false, reason: 'not-mapped' })
    expect(ask('A01.000', '2025-06-01', { system: 'another' })).toMatchObject({
      ok: false,
      reason: 'not-mapped',
    })
  })

  it.each([
    ['L9', '2025-06-01', '该院上传的是院内编码；“L9”在其对照表中没有对应项'],
    ['L1', '2024-12-31', '该院上传的是院内编码；“L1”在其对照表中没有对应项'],
    ['L2', '2025-07-01', '院内编码“L2”的对码已于2025-07-01停用'],
    ['L2', '2026-01-01', '该院上传的是院内编码；“L2”在其对照表中没有对应项'],
    ['L7', '2025-08-31', '院内编码“L7”的对码自2025-09-01起才生效'],
  ])('%s on %s is not mapped', (code, day, text) => {
    expect(ask(code, day)).toMatchObject({ ok: false, reason: 'not-mapped', text })
  })

  it('uses a row up to its last day and from its first', () => {
    expect(ask('L2', '2025-06-30').ok).toBe(true)
    expect(ask('L7', '2025-09-01').ok).toBe(true)
  })

  it('gives all codes of a row that means several together', () => {
    expect(ask('L3', '2025-06-01')).toMatchObject({ ok: true, code: 'A01.000', also: ['B02.000'] })
    expect(ask('L1', '2025-06-01')).not.toHaveProperty('also')
  })

  it.each([
    ['L4', 'retired', '院内编码“L4”所对的疾病编码“C01.000”已于2025-01-01停用，请改用“C02.000”'],
    ['L5', 'retired', '院内编码“L5”所对的疾病编码“C01.000”已于2025-01-01停用，请改用“C02.000”'],
    ['L6', 'grey', '院内编码“L6”所对的疾病编码“D01.000”为灰码，不能用于结算，请改用更具体的编码'],
  ])('%s leads to a target that is %s, and the replacement is not followed', (code, reason, text) => {
    expect(ask(code, '2025-06-01')).toMatchObject({ ok: false, reason, text })
  })

  it('finds the standard of an item by the map', () => {
    expect(ask('Z1', '2025-06-01', { standard: 'item' })).toMatchObject({
      ok: true,
      standard: 'treatment',
      code: '001102000010000-1102',
    })
    expect(ask('L1', '2025-06-01', { standard: 'item' })).toMatchObject({ ok: false, reason: 'not-mapped' })
  })

  it('offers near names for a code that is not mapped, and nothing where there is no name', () => {
    expect(ask('L9', '2025-06-01', { name: '带状疱疹病' })).toMatchObject({
      candidates: [{ code: 'B02.000' }],
    })
    expect(ask('B02.000', '2025-06-01')).toMatchObject({ candidates: [] })
  })
})
