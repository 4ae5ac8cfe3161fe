/** A map gives all its targets, there and back, chooses nothing by itself and never gives a part of a combination. */
import { describe, expect, it } from 'vitest'
import { createCodes } from '../../src/codes/codes.ts'
import { joinBook, openBook } from '../../src/codes/store/file.ts'
import { packMapRow } from '../../src/codes/store/map-rows.ts'
import { Packed } from '../../src/codes/store/packed.ts'
import { createPacker } from '../../src/codes/store/packer.ts'
import { packReverse } from '../../src/codes/store/reverse.ts'
import type { MapRow } from '../../src/codes/store/rows.ts'
import { illness, on, codes as shipped, treatment } from './fixture.ts'

const source = { grade: 'A', text: 'Invented for a test' } as const
const to = (code: string, more: Partial<MapRow['groups'][number]['targets'][number]> = {}) => ({
  code,
  relation: 'equivalent' as const,
  ...more,
})
const oneOf = (...targets: ReturnType<typeof to>[]) => ({ together: false, targets })
const allOf = (...targets: ReturnType<typeof to>[]) => ({ together: true, targets })

const ROWS: readonly MapRow[] = [
  { code: 'one', name: '伤寒', groups: [oneOf(to('A01.000', { provenance: '对照表第1行' }))] },
  { code: 'ranked', name: '伤寒', groups: [oneOf(to('A01.x00', { priority: 2 }), to('A01.009'))] },
  { code: 'undecided', name: '伤寒', groups: [oneOf(to('A01.009'), to('A01.010'))] },
  { code: 'both', name: '两病', groups: [allOf(to('A01.000'), to('B02.000', { relation: 'broader' }))] },
  { code: 'half', name: '两病', groups: [allOf(to('A01.000'), to('C01.000')), oneOf(to('A01.x00'))] },
  { code: 'gone first', name: '甲病', groups: [oneOf(to('C01.000'), to('A01.000', { priority: 2 }))] },
  { code: 'gone', name: '甲病', groups: [oneOf(to('C01.000'))] },
  { code: 'grey', name: '灰色病', groups: [oneOf(to('D01.000', { relation: 'narrower' }))] },
  { code: 'none', name: '院内制剂', groups: [], noTarget: 'not-in-national-table' },
  {
    code: 'moved',
    name: '伤寒',
    groups: [oneOf(to('A01.009', { until: on('2025-07-01') }), to('A01.010', { from: on('2025-07-01') }))],
  },
  {
    code: 'moved, together',
    name: '伤寒',
    groups: [allOf(to('D01.001', { until: on('2025-07-01') }), to('C02.000', { from: on('2025-07-01') }))],
  },
]

const head = {
  system: 'B',
  standard: 'illness',
  editions: [{ version: '7.0', from: on('2025-01-01'), source }],
}
const packer = createPacker(null, 0)
for (const row of ROWS) packer.add(row.code, packMapRow(row))
const { sections, codes: count } = packer.finish()
const book = openBook(joinBook({ ...head, codes: count }, [sections, packReverse(new Packed(sections))]))
const codes = createCodes({ codebooks: [illness, treatment], maps: [], imported: [{ book, live: [0] }] })

const resolve = (code: string, day = '2025-06-01') => codes.resolve('illness', { system: 'B', code }, on(day))
const translate = (code: string, day = '2025-06-01') => codes.translate('B', 'illness', code, on(day))
const reverse = (code: string, day = '2025-06-01') => codes.reverse('B', 'illness', code, on(day))

describe('resolve() over a map with alternatives', () => {
  it.each<[string, string, readonly string[]]>([
    ['one', '2025-06-01', ['A01.000']],
    ['ranked', '2025-06-01', ['A01.009']],
    ['both', '2025-06-01', ['A01.000', 'B02.000']],
    ['half', '2024-12-31', []],
    ['half', '2025-06-01', ['A01.x00']],
    ['gone first', '2025-06-01', ['A01.000']],
    ['moved', '2025-06-30', ['A01.009']],
    ['moved', '2025-07-01', ['A01.010']],
    ['moved, together', '2025-06-30', ['D01.001']],
    ['moved, together', '2025-07-01', ['C02.000']],
  ])('%s on %s is %j', (code, day, expected) => {
    const answer = resolve(code, day)
    expect(answer.ok ? [answer.code, ...(answer.also ?? [])] : []).toEqual(expected)
  })

  it('chooses nothing where the map does not', () => {
    expect(resolve('undecided')).toEqual({
      ok: false,
      reason: 'several',
      text: '院内编码“undecided”对应多个国家编码中的一个，请选定后再上传',
      candidates: [
        { code: 'A01.009', name: '伤寒九型' },
        { code: 'A01.010', name: '伤寒十型' },
      ],
    })
  })

  it('tells a decision that there is no national code from one that is not made yet', () => {
    expect(resolve('none')).toMatchObject({
      ok: false,
      reason: 'not-in-national-table',
      text: '院内编码“none”经核对在国家编码表中没有对应编码',
    })
    expect(resolve('unknown')).toMatchObject({ ok: false, reason: 'not-mapped' })
  })

  it('keeps where the target comes from', () => {
    expect(resolve('one')).toMatchObject({
      edition: '2.0',
      map: { system: 'B', version: '7.0', row: { relation: 'equivalent', provenance: '对照表第1行' } },
    })
  })
})

describe('translate()', () => {
  it('knows a code by its letters, not by the blanks around it', () => {
    expect(translate(' one\u3000')).toEqual(translate('one'))
  })

  it('gives every target with relation, group, rank and edition', () => {
    const whole = { together: false, group: 1, priority: 1, edition: '2.0', relation: 'equivalent' }
    expect(translate('undecided')).toEqual({
      code: 'undecided',
      name: '伤寒',
      map: 'B@7.0',
      targets: [
        { ...whole, code: 'A01.009', name: '伤寒九型' },
        { ...whole, code: 'A01.010', name: '伤寒十型' },
      ],
    })
    expect(translate('both').targets).toMatchObject([
      { code: 'A01.000', together: true, group: 1 },
      { code: 'B02.000', together: true, group: 1, relation: 'broader' },
    ])
    expect(translate('ranked').targets.map(({ code, priority }) => [code, priority])).toEqual([
      ['A01.009', 1],
      ['A01.x00', 2],
    ])
  })

  it.each([
    ['gone', 'retired', { code: 'C01.000', since: '2025-01-01', replacedBy: 'C02.000', name: '甲病' }],
    ['grey', 'grey', { code: 'D01.000', relation: 'narrower', name: '灰色病' }],
  ])('%s has no target, and says what stands against it', (code, reason, unusable) => {
    expect(translate(code)).toMatchObject({ targets: [], reason, unusable: [unusable] })
  })

  it.each([
    ['none', 'not-in-national-table'],
    ['unknown', 'not-mapped'],
  ])('%s has no target: %s', (code, reason) => {
    expect(translate(code)).toMatchObject({ targets: [], reason })
  })

  it('says that the map has no edition yet', () => {
    expect(translate('one', '2024-12-31')).toMatchObject({
      targets: [],
      reason: 'before-first-edition',
      text: '院内编码“one”所用的对照表在2024-12-31尚未启用',
    })
    expect(translate('one', '2025-01-01').targets).toHaveLength(1)
  })

  it('never gives a part of what stands together', () => {
    expect(translate('half').targets.map(({ code }) => code)).toEqual(['A01.x00'])
    expect(translate('half').unusable).toMatchObject([{ code: 'C01.000', reason: 'retired' }])
  })

  it('knows no other system and no other standard, and takes national codes as they are', () => {
    const day = on('2025-06-01')
    expect(codes.translate('X', 'illness', 'one', day)).toMatchObject({ reason: 'unknown-system' })
    expect(codes.translate('B', 'nothing', 'one', day)).toMatchObject({ reason: 'unknown-standard' })
    expect(codes.translate('national', 'illness', 'A01.000', day).targets).toMatchObject([
      { code: 'A01.000', relation: 'equivalent' },
    ])
    expect(codes.translate('national', 'illness', 'A01', day)).toMatchObject({ reason: 'wrong-shape' })
  })

  it('keeps the local price part', () => {
    expect(shipped.translate('H', 'item', 'Z1', on('2025-06-01')).targets).toMatchObject([
      { code: '001102000010000-1102', name: '普通门诊诊查费' },
    ])
  })
})

describe('reverse()', () => {
  it('gives all local codes, and says when there is more than one', () => {
    const answer = reverse('A01.000')
    expect(answer.targets.map(({ code }) => code)).toEqual(['both', 'gone first', 'half', 'one'])
    expect(answer.several).toBe(true)
    expect(reverse('B02.000')).toMatchObject({
      several: false,
      targets: [{ code: 'both', relation: 'broader', together: true, edition: '7.0' }],
    })
  })

  it('is asked for a day as well', () => {
    expect(reverse('A01.010', '2025-06-30').targets.map(({ code }) => code)).toEqual(['undecided'])
    expect(reverse('A01.010', '2025-07-01').targets.map(({ code }) => code)).toEqual(['moved', 'undecided'])
    expect(reverse('A01.000', '2024-12-31')).toMatchObject({ targets: [], reason: 'before-first-edition' })
  })

  it('finds a code with its price part by the whole and by its national part, and by no other price part', () => {
    const ask = (code: string) => shipped.reverse('H', 'treatment', code, on('2025-06-01')).targets
    expect(ask('001102000010000')).toMatchObject([{ code: 'Z1' }])
    expect(ask('001102000010000-1102')).toMatchObject([{ code: 'Z1' }])
    expect(ask('001102000010000-11')).toEqual([])
  })

  it('says why there is none', () => {
    const day = on('2025-06-01')
    expect(codes.reverse('X', 'illness', 'A01.000', day).reason).toBe('unknown-system')
    expect(codes.reverse('B', 'nothing', 'A01.000', day).reason).toBe('unknown-standard')
    expect(reverse('Z99.900').reason).toBe('not-mapped')
  })
})

describe('an imported table', () => {
  it('takes the place of the rows of the folder, and only editions in use count', () => {
    const first = createPacker(null, 0)
    first.add('A01.000', { name: '一', details: new Uint8Array(0), from: 0, until: 65_535, marks: 0 })
    const second = createPacker(new Packed(first.finish().sections), 1)
    second.add('A01.000', { name: '二', details: new Uint8Array(0), from: 0, until: 65_535, marks: 4 })
    const repacked = second.finish()
    const editions = ['2020-01-01', '2024-01-01'].map((from, index) => ({
      version: `i${index + 1}`,
      from: on(from),
      source,
    }))
    const table = openBook(
      joinBook({ system: null, standard: 'illness', editions, codes: 1 }, [repacked.sections]),
    )
    const over = (live: readonly number[]) =>
      createCodes({ codebooks: [illness], maps: [], imported: [{ book: table, live }] })
    const ask = (live: readonly number[], code = 'A01.000') =>
      over(live).lookup('illness', code, on('2025-01-01'))
    expect(ask([0])).toMatchObject({ found: true, edition: 'i1', entry: { name: '一' } })
    expect(ask([0, 1])).toMatchObject({ found: false, reason: 'heading', edition: 'i2' })
    expect(ask([0], 'B02.000')).toMatchObject({ found: false, reason: 'not-in-table' })
    expect(ask([])).toMatchObject({ found: true, edition: '2.0' })
    expect(over([0]).book('illness')).toMatchObject({ titleZh: '医保疾病', editions: [{ version: 'i1' }] })
  })
})
