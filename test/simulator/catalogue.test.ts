/** A fee line is split into self-paid, over-limit, first-self-pay and in-scope parts that add up to it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseArea } from '../../src/domain/area.ts'
import { asFen, fenFromYuan } from '../../src/domain/money.ts'
import { splitFault } from '../../src/domain/settlement.ts'
import { type Item, itemByShape, splitLine } from '../../src/simulator/catalogue.ts'
import { catalogOf } from '../../src/simulator/region.ts'

const catalog = catalogOf(parseArea('440100'))

describe('splitLine()', () => {
  const drug: Item = { class: '02', chargeType: '09' }

  it('takes the first self-pay share off class 乙, and a fifth off consumables', () => {
    expect(splitLine(drug, fenFromYuan('47.05'), '2', catalog, 'level3')).toMatchObject({
      firstSelfPay: 471,
      inScope: 4234,
    })
    const consumable: Item = { class: '02', chargeType: '08' }
    expect(splitLine(consumable, asFen(10_000), '1', catalog, 'level3').firstSelfPay).toBe(2000)
  })

  it('leaves class 丙 to the person', () => {
    const split = splitLine({ class: '03', chargeType: '09' }, asFen(1580), '1', catalog, 'level3')
    expect(split).toMatchObject({ selfPaid: 1580, inScope: 0 })
  })

  it('takes what is above a price limit off first, for beds the cap of the level', () => {
    const limited: Item = { class: '01', chargeType: '02', priceLimit: asFen(1600) }
    expect(splitLine(limited, asFen(2000), '1', catalog, 'level3')).toMatchObject({
      overLimit: 400,
      inScope: 1600,
    })
    const bed = itemByShape('001109000010000-110900001')!
    expect(splitLine(bed, asFen(40_000), '5', catalog, 'level3')).toMatchObject({
      overLimit: 15_000,
      inScope: 25_000,
    })
  })

  it('keeps the identity of the parts, and a refund is the negative of its line', () => {
    const items: Item[] = [drug, { class: '01', chargeType: '01' }, { class: '03', chargeType: '11' }]
    fc.assert(
      fc.property(fc.constantFrom(...items), fc.integer({ min: 0, max: 9_999_999 }), (item, amount) => {
        const split = splitLine(item, asFen(amount), '3', catalog, 'level2')
        const refund = splitLine(item, asFen(-amount), '-3', catalog, 'level2')
        expect(splitFault(split)).toBeNull()
        expect(splitFault(refund)).toBeNull()
        expect(refund.inScope + split.inScope).toBe(0)
      }),
    )
  })
})

describe('itemByShape()', () => {
  it('knows drugs, services and consumables, and nothing else', () => {
    expect(itemByShape('XA02AXX095A001010103357')).toEqual({ class: '02', chargeType: '09' })
    expect(itemByShape('001109000010000-110900001')).toEqual({ class: '01', chargeType: '01' })
    expect(itemByShape('C0201010520000000001')).toEqual({ class: '02', chargeType: '08' })
    expect(itemByShape('阿司匹林')).toBeNull()
  })
})
