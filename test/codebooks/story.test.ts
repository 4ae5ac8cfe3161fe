/** Shipped local codes that move, end, combine or mean different things by place lead where their stories say. */
import { describe, expect, it } from 'vitest'
import { createCodes } from '../../src/codes/codes.ts'
import { parseDay } from '../../src/domain/day.ts'
import { codebooks, maps } from './shipped.ts'

const codes = createCodes({ codebooks, maps })
const HOSPITAL = 'H62100290001'
const item = (code: string, day: string, system = HOSPITAL) =>
  codes.resolve('item', { system, code }, parseDay(day))
const diagnosis = (code: string, system: string) =>
  codes.resolve('diagnosis', { system, code }, parseDay('2025-06-01'))

describe('local codes with a story', () => {
  it('Y0901 changes its target on 2026-01-01, and an old fee keeps the old one', () => {
    const before = item('Y0901', '2025-12-31')
    const after = item('Y0901', '2026-01-01')
    expect(before).toMatchObject({ ok: true, standard: 'drug', map: { system: HOSPITAL, version: '2025' } })
    expect(after).toMatchObject({ ok: true, standard: 'drug', map: { system: HOSPITAL, version: '2026' } })
    expect(before.ok && before.code).not.toBe(after.ok && after.code)
  })

  it('Y0902 leads to a drug that was retired on 2025-01-01, and its replacement is offered', () => {
    expect(item('Y0902', '2025-01-01')).toMatchObject({
      ok: false,
      reason: 'retired',
      text: expect.stringMatching(/^院内编码“Y0902”所对的药品编码“X.+”已于2025-01-01停用，请改用“X/),
      candidates: expect.arrayContaining([expect.objectContaining({ name: '苯磺酸氨氯地平片' })]),
    })
  })

  it('Z0901 ends on 2025-07-01', () => {
    expect(item('Z0901', '2025-06-30').ok).toBe(true)
    expect(item('Z0901', '2025-07-01')).toMatchObject({
      ok: false,
      reason: 'not-mapped',
      text: '院内编码“Z0901”的对码已于2025-07-01停用',
    })
  })

  it('C0901 means two consumables together', () => {
    const answer = item('C0901', '2025-06-30')
    expect(answer).toMatchObject({ ok: true, standard: 'consumable', name: '血管鞘组' })
    expect(answer.ok && answer.also).toHaveLength(1)
  })

  it('Y0001 is another drug in another hospital', () => {
    const here = item('Y0001', '2025-06-30')
    const there = item('Y0001', '2025-06-30', 'H62010290001')
    expect(here.ok && there.ok && here.code !== there.code).toBe(true)
  })

  it('L0001, Z0001 and C0001 find their standards', () => {
    for (const [code, standard] of [
      ['L0001', 'service'],
      ['Z0001', 'service'],
      ['C0001', 'consumable'],
    ]) {
      expect(item(code!, '2026-03-01')).toMatchObject({ ok: true, standard })
    }
  })

  it('K29.500 in Lanzhou is not the national K29.500', () => {
    expect(diagnosis('K29.500', 'H62010290001-diagnosis')).toMatchObject({ ok: true, code: 'K29.300' })
    expect(diagnosis('K29.500', 'national')).toMatchObject({ ok: true, code: 'K29.500', name: '慢性胃炎' })
  })

  it('I50.950 in Lanzhou is two diseases', () => {
    expect(diagnosis('I50.950', 'H62010290001-diagnosis')).toMatchObject({
      ok: true,
      code: 'I50.900',
      also: ['N18.902'],
    })
  })

  it('a price limit and a new item come with the row', () => {
    expect(codes.lookup('service', '001109000010000', parseDay('2025-01-01'))).toMatchObject({
      entry: { attributes: { class: '01', chargeType: '01', priceLimit: '40' } },
    })
    const fresh = '011102009010000'
    expect(codes.lookup('service', fresh, parseDay('2025-12-31'))).toMatchObject({ reason: 'not-yet-valid' })
    expect(codes.lookup('service', fresh, parseDay('2026-01-01')).found).toBe(true)
  })
})
