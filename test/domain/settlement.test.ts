/** A settlement passes only if both sides of its books add up to the fen. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fen } from '../../src/domain/money.ts'
import { type Settlement, settlementFault, splitFault } from '../../src/domain/settlement.ts'

const fen = (amount: number) => amount as Fen

/** The real figures of messages section 8, in fen. */
const REAL: Settlement = {
  id: 'S1',
  split: {
    total: fen(2344246),
    selfPaid: fen(253397),
    overLimit: fen(139689),
    firstSelfPay: fen(70344),
    inScope: fen(1880816),
  },
  fund: fen(1878539),
  person: fen(415206),
  account: fen(17004),
  cash: fen(398202),
  hospital: fen(50501),
  funds: [
    { type: '310100', amount: fen(1878539) },
    { type: '310200', amount: fen(17004) },
  ],
}

const SPLIT = /四项之和/
const PARTIES = /三方之和/
const PERSON = /账户支出与现金支出之和/
const FUNDS = /各基金支付之和/

describe('settlementFault()', () => {
  it('takes the real figures, and the same turned round as a cancellation', () => {
    expect(settlementFault(REAL)).toBeNull()
    expect(settlementFault(turned(REAL))).toBeNull()
  })

  it.each<[string, (settlement: Settlement) => Settlement, RegExp]>([
    ['total', (it) => ({ ...it, split: { ...it.split, total: fen(it.split.total + 1) } }), SPLIT],
    ['self-paid', (it) => ({ ...it, split: { ...it.split, selfPaid: fen(it.split.selfPaid - 1) } }), SPLIT],
    [
      'over limit',
      (it) => ({ ...it, split: { ...it.split, overLimit: fen(it.split.overLimit + 1) } }),
      SPLIT,
    ],
    ['first self-pay', (it) => ({ ...it, split: { ...it.split, firstSelfPay: fen(0) } }), SPLIT],
    ['in scope', (it) => ({ ...it, split: { ...it.split, inScope: fen(it.split.inScope - 1) } }), SPLIT],
    ['fund', (it) => ({ ...it, fund: fen(it.fund + 1) }), PARTIES],
    ['hospital', (it) => ({ ...it, hospital: fen(it.hospital - 1) }), PARTIES],
    ['person', (it) => ({ ...it, person: fen(it.person + 1) }), PARTIES],
    ['account', (it) => ({ ...it, account: fen(it.account + 1) }), PERSON],
    ['cash', (it) => ({ ...it, cash: fen(it.cash - 1) }), PERSON],
    ['a fund row', (it) => ({ ...it, funds: [{ type: '310100', amount: fen(it.fund - 1) }] }), FUNDS],
    [
      'a fund row too many',
      (it) => ({ ...it, funds: [...it.funds, { type: '330100', amount: fen(1) }] }),
      FUNDS,
    ],
  ])('finds one fen more or less in %s', (_what, change, sentence) => {
    expect(settlementFault(change(REAL))).toMatch(sentence)
  })

  it('refuses who would pay less than nothing, though all adds up', () => {
    const over = { account: fen(REAL.person + 500), cash: fen(-500) }
    expect(settlementFault({ ...REAL, ...over })).toMatch(/正负不一致/)
    const fund = { fund: fen(-REAL.fund), hospital: fen(REAL.hospital + 2 * REAL.fund), funds: [] }
    expect(settlementFault({ ...REAL, ...fund })).toMatch(/正负不一致/)
    expect(settlementFault(turned({ ...REAL, ...over }))).toMatch(/正负不一致/)
  })

  it('leaves the account out of the funds, and asks nothing where there are no rows', () => {
    expect(settlementFault({ ...REAL, funds: [] })).toBeNull()
    expect(settlementFault({ ...REAL, funds: [{ type: '310100', amount: REAL.fund }] })).toBeNull()
    const rowsOfAccountOnly = { ...REAL, funds: [{ type: '310200', amount: REAL.account }] }
    expect(settlementFault(rowsOfAccountOnly)).toMatch(FUNDS)
  })

  it('takes every settlement that is built to add up, and none that is off anywhere by any amount', () => {
    const amount = fc.nat(100_000_000)
    fc.assert(
      fc.property(
        fc.array(amount, { minLength: 5, maxLength: 5 }),
        amount,
        fc.integer({ min: 1, max: 1000 }),
        (parts, more, off) => {
          const settlement = built(parts, more)
          expect(settlementFault(settlement)).toBeNull()
          for (const part of ['fund', 'person', 'account', 'cash', 'hospital'] as const) {
            expect(settlementFault({ ...settlement, [part]: fen(settlement[part] + off) })).not.toBeNull()
          }
        },
      ),
    )
  })
})

describe('splitFault()', () => {
  it('is null on the sum, and a Chinese sentence one fen beside it', () => {
    expect(splitFault(REAL.split)).toBeNull()
    expect(splitFault({ ...REAL.split, total: fen(2344245) })).toMatch(SPLIT)
    expect(splitFault({ ...REAL.split, total: fen(2344247) })).toMatch(SPLIT)
  })
})

function turned({ split, funds, ...amounts }: Settlement): Settlement {
  const negative = <Of extends object>(of: Of): Of =>
    Object.fromEntries(
      Object.entries(of).map(([key, value]) => [key, typeof value === 'number' ? -value : value]),
    ) as Of
  return { ...negative(amounts), split: negative(split), funds: funds.map(negative) }
}

function built(
  [fund = 0, account = 0, cash = 0, hospital = 0, selfPaid = 0]: number[],
  inScope: number,
): Settlement {
  const total = fund + account + cash + hospital
  const split = {
    total: fen(total),
    selfPaid: fen(selfPaid),
    overLimit: fen(0),
    firstSelfPay: fen(total - selfPaid - inScope),
    inScope: fen(inScope),
  }
  const shares = { fund: fen(fund), person: fen(account + cash), account: fen(account), cash: fen(cash) }
  return {
    id: 'S',
    split,
    ...shares,
    hospital: fen(hospital),
    funds: [{ type: '310100', amount: fen(fund) }],
  }
}
