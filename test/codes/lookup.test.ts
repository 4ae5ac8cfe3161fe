/** A code is judged by the edition in force on the day, and a refusal says why and since when. */
import { describe, expect, it } from 'vitest'
import { createCodes } from '../../src/codes/codes.ts'
import { codes, illness, illnessMap, on } from './fixture.ts'

const ask = (code: string, day: string, standard = 'illness') => codes.lookup(standard, code, on(day))

describe('lookup()', () => {
  it('answers from the edition of the day', () => {
    expect(ask('A01.000', '2021-12-31')).toMatchObject({
      found: true,
      edition: '1.0',
      entry: { name: '伤寒旧名' },
    })
    expect(ask('A01.000', '2022-01-01')).toMatchObject({
      found: true,
      edition: '2.0',
      entry: { name: '伤寒' },
    })
  })

  it.each([
    ['nothing', 'A01.000', '2025-01-01', { reason: 'unknown-standard' }],
    ['illness', 'A01', '2025-01-01', { reason: 'wrong-shape' }],
    ['illness', '', '2025-01-01', { reason: 'wrong-shape' }],
    ['illness', 'A01.000', '2019-12-31', { reason: 'before-first-edition' }],
    ['illness', 'A01.000', '2020-01-01', { found: true }],
    ['illness', 'Z99.900', '2025-01-01', { reason: 'not-in-table', edition: '2.0' }],
    ['illness', 'B02.000', '2021-12-31', { reason: 'not-yet-valid', since: '2022-01-01' }],
    ['illness', 'B02.000', '2022-01-01', { found: true }],
    ['illness', 'B01.000', '2021-12-31', { found: true }],
    ['illness', 'B01.000', '2022-01-01', { reason: 'retired', since: '2022-01-01', edition: '2.0' }],
    ['illness', 'C01.000', '2024-12-31', { found: true }],
    ['illness', 'C01.000', '2025-01-01', { reason: 'retired', since: '2025-01-01' }],
    ['illness', 'C02.000', '2024-12-31', { reason: 'not-yet-valid', since: '2025-01-01' }],
    ['illness', 'C02.000', '2025-01-01', { found: true }],
    ['illness', 'D01.000', '2025-01-01', { reason: 'grey', entry: { name: '灰色病' } }],
  ])('%s %s on %s', (standard, code, day, expected) => {
    expect(ask(code, day, standard)).toMatchObject({ found: false, ...expected })
  })

  it('takes the extension letter in upper case, blanks and full-width characters, and answers with the table', () => {
    for (const code of ['A01.X00', ' A01.x00', 'A01.X 00', 'Ａ01．x00']) {
      expect(ask(code, '2025-01-01')).toMatchObject({ found: true, code: 'A01.x00' })
    }
  })

  it('checks the base of a code with a suffix, and keeps the suffix', () => {
    const code = '001102000010000-110200002.10'
    expect(ask(code, '2025-01-01', 'treatment')).toMatchObject({
      found: true,
      code,
      entry: { code: '001102000010000' },
    })
    expect(ask('001102000099000-110200002.10', '2025-01-01', 'treatment')).toMatchObject({
      reason: 'not-in-table',
    })
    expect(ask('001102000010000-', '2025-01-01', 'treatment')).toMatchObject({ reason: 'wrong-shape' })
    expect(ask('110200001-1102', '2025-01-01', 'treatment')).toMatchObject({ reason: 'wrong-shape' })
    expect(ask('A01.000-1', '2025-01-01')).toMatchObject({ reason: 'wrong-shape' })
  })

  it('tells the standard of an item by its form, and a form that is not known by the table', () => {
    expect(ask('001102000010000-1', '2025-01-01', 'item')).toMatchObject({ standard: 'treatment' })
    expect(ask('X001', '2025-01-01', 'item')).toMatchObject({ standard: 'medicine' })
    expect(ask('ANY TEXT', '2025-01-01', 'item')).toMatchObject({ standard: 'preparation' })
    expect(ask('OTHER TEXT', '2025-01-01', 'item')).toEqual({ found: false, reason: 'wrong-shape' })
    expect(ask('A01.000', '2025-01-01', 'item')).toMatchObject({ reason: 'wrong-shape' })
  })
})

describe('createCodes()', () => {
  it('lists codebooks by number and finds them by id', () => {
    expect(codes.codebooks().map(({ id }) => id)).toEqual(['illness', 'treatment', 'medicine', 'preparation'])
    expect(codes.book('illness')).toBe(illness)
    expect(codes.book('nothing')).toBeUndefined()
  })

  it('refuses two codebooks of one id and two maps between the same', () => {
    expect(() => createCodes({ codebooks: [illness, illness], maps: [] })).toThrow(RangeError)
    expect(() => createCodes({ codebooks: [illness], maps: [illnessMap, illnessMap] })).toThrow(RangeError)
  })
})
