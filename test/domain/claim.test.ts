/** A fee line whose amounts and quantities do not agree to the fen is found by its field. */
import { describe, expect, it } from 'vitest'
import { type ClaimLine, lineFault } from '../../src/domain/claim.ts'
import { parseDay } from '../../src/domain/day.ts'
import { decimalOf, type Fen, PRICE, QUANTITY } from '../../src/domain/money.ts'

function line(price: string, quantity: string, amount: number, original?: string): ClaimLine {
  const given = { system: 'national', code: 'XA01AAA001A001010100001' }
  const money = {
    price: decimalOf(price, PRICE),
    quantity: decimalOf(quantity, QUANTITY),
    amount: amount as Fen,
  }
  const plain = { standard: 'item', at: 'F1', field: 'x', day: parseDay('2025-03-12'), given, ...money }
  return original === undefined ? plain : { ...plain, original }
}

describe('lineFault()', () => {
  it.each<[string, ClaimLine]>([
    ['the exact amount', line('23.5', '2', 4700)],
    ['one fen more', line('23.5', '2', 4701)],
    ['one fen less', line('23.5', '2', 4699)],
    ['six decimals of the price', line('0.123456', '100', 1235)],
    ['four decimals of the quantity', line('100', '0.1234', 1234)],
    ['nothing for nothing', line('0', '1', 0)],
    ['a refund that names its original', line('85.3', '-2', -17060, 'F2')],
    ['a refund one fen beside', line('85.3', '-2', -17061, 'F2')],
  ])('takes %s', (_what, given) => {
    expect(lineFault(given)).toBeNull()
  })

  it.each<[string, ClaimLine, string]>([
    ['two fen more', line('23.5', '2', 4702), 'det_item_fee_sumamt'],
    ['two fen less', line('23.5', '2', 4698), 'det_item_fee_sumamt'],
    ['an amount of the other sign', line('85.3', '-2', 17060, 'F2'), 'det_item_fee_sumamt'],
    ['a refund two fen beside', line('85.3', '-2', -17062, 'F2'), 'det_item_fee_sumamt'],
    ['a seventh decimal of the price', line('0.1234567', '1', 12), 'pric'],
    ['a fifth decimal of the quantity', line('1', '0.12345', 12), 'pric'],
    ['an exponent', line('1e-7', '1', 0), 'pric'],
    ['an empty price', line('', '1', 0), 'pric'],
    ['a negative price', line('-85.3', '2', -17060, 'F2'), 'pric'],
    ['a negative price with a negative quantity', line('-85.3', '-2', 17060), 'pric'],
    ['a refund without its original', line('85.3', '-2', -17060), 'init_feedetl_sn'],
    ['a refund with an empty original', line('85.3', '-2', -17060, ''), 'init_feedetl_sn'],
  ])('finds %s', (_what, given, field) => {
    expect(lineFault(given)).toMatchObject({ at: 'F1', field, reason: 'E503', candidates: [] })
  })

  it('does not ask for an original of a line that is not negative', () => {
    expect(lineFault(line('1', '1', 100, 'F0'))).toBeNull()
  })

  it('finds an amount that is too large to be exact, and does not throw', () => {
    expect(lineFault(line('999999999999', '999999999999', 0))).toMatchObject({ reason: 'E503' })
  })

  // The rule is |price × quantity − amount| ≤ 0.01; the product is rounded first, so up to 0.015 passes.
  it('finds an amount 0.015 beside the exact product', () => {
    expect(lineFault(line('0.005', '1', 2))).toMatchObject({ field: 'det_item_fee_sumamt' })
  })
})
