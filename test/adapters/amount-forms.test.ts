/** Amounts as provinces send them: each form is told as our own have it, and what no form explains is refused. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AMOUNT_FORMS, readAmounts } from '../../adapters/000000-national/amount-forms.ts'
import national from '../../adapters/000000-national/index.ts'
import { type Fen, ZERO } from '../../src/domain/money.ts'
import { Unproven } from '../../src/extension/unproven.ts'
import { fixture, messageOf, paid, type Row } from './fixtures.ts'

/** The bill of the fixture: 1234.56 = fund 800 + person 400 (account 100, cash 300) + hospital 34.56. */
const FORMS: [string, Row, { fund: number; person: number; account: number; cash: number }][] = [
  ['the family account inside acct_pay', { acct_mulaid_pay: 40 }, money(80000, 10000, 30000)],
  [
    'the family account beside acct_pay',
    { acct_mulaid_pay: '40.00', psn_cash_pay: 260 },
    money(80000, 14000, 26000),
  ],
  ['the account inside the fund', { fund_pay_sumamt: 900 }, money(80000, 10000, 30000)],
  [
    'the account and the family account inside the fund',
    { fund_pay_sumamt: 940, acct_mulaid_pay: 40, psn_cash_pay: 260 },
    money(80000, 14000, 26000),
  ],
  [
    'the account inside the fund and not in the share of the person',
    { fund_pay_sumamt: 900, psn_part_amt: 300 },
    money(80000, 10000, 30000),
  ],
  [
    'the share under the name that Guangdong gives it',
    { psn_part_amt: undefined, psn_part_am: 400 },
    money(80000, 10000, 30000),
  ],
]

/** What only the payments by fund tell from the form before. */
FORMS.push([
  'the account and the family account inside the fund and not in the share of the person',
  { fund_pay_sumamt: 940, acct_mulaid_pay: 40, psn_part_amt: 260, psn_cash_pay: 260 },
  money(80000, 14000, 26000),
])

function money(fund: number, account: number, cash: number) {
  return { fund, account, cash, person: account + cash }
}

describe('decode()', () => {
  it.each(FORMS)('reads %s', (_what, amounts, settlement) => {
    for (const operation of ['2207', '2304']) {
      const reply = national.decode(messageOf(operation), paid(operation, amounts))
      expect(reply).toMatchObject({ verdict: 'yes', settlement })
    }
  })

  it.each([
    { fund_pay_sumamt: 899.99 },
    { acct_mulaid_pay: 40, psn_cash_pay: 260.01 },
    { psn_part_amt: 300 },
    { fund_pay_sumamt: 900, psn_part_amt: 300.01 },
  ])('takes amounts that no form explains for no answer, though the answer was read: %j', (amounts) => {
    expect(() => national.decode(messageOf('2207'), paid('2207', amounts))).toThrow(Unproven)
  })

  it.each<[string, Row, object]>([
    ['as is usual', {}, money(80000, 10000, 30000)],
    ['inside the fund', { fund_pay_sumamt: 900 }, money(80000, 10000, 30000)],
  ])('takes the cash that is left out for the share less the account: %s', (_what, amounts, settlement) => {
    for (const psn_cash_pay of ['', null, undefined]) {
      const reply = national.decode(messageOf('2207'), paid('2207', { ...amounts, psn_cash_pay }))
      expect(reply).toMatchObject({ verdict: 'yes', settlement })
    }
  })

  it('readAmounts() finds again what was counted in any form, and tells it as our own have it', () => {
    const cents = fc.integer({ min: 1, max: 99_999_999 })
    const amounts = fc.record({ fund: cents, account: cents, family: cents, cash: cents, hospital: cents })
    fc.assert(
      fc.property(amounts, fc.constantFrom(...AMOUNT_FORMS), fc.boolean(), (paid, form, turned) => {
        const sign = turned ? -1 : 1
        const [fund, own, family, cash, hospital] = Object.values(paid).map((fen) => sign * fen) as Fen[]
        const account = (form.familyBeside ? own! + family! : own!) as Fen
        const total = (fund! + account + cash! + hospital!) as Fen
        const split = { total, selfPaid: ZERO, overLimit: ZERO, firstSelfPay: ZERO, inScope: total }
        const truth = { id: '', split, fund, account, cash, hospital, person: account + cash! }
        const sent = {
          ...{ id: '', split, cash: cash!, hospital: hospital!, family: family!, account: own! },
          fund: (form.accountInFund ? fund! + account : fund) as Fen,
          person: (form.personIsCash ? cash : account + cash!) as Fen,
          // Without the rows the last two forms cannot be told apart.
          funds: [{ type: '310100', amount: fund! }],
        }
        expect(readAmounts(sent)).toEqual({ ...truth, funds: sent.funds })
      }),
    )
  })

  it('names the source of every form', () => {
    for (const { source } of AMOUNT_FORMS) expect(source).toMatch(/\[[FKA]\]/)
  })
})

describe('found() of 5203', () => {
  const message = messageOf('2207')
  const { found } = message.operation.evidence!.questions![0]!
  const { setlinfo, setldetail } = fixture('5203').reply.output as { setlinfo: Row; setldetail: Row[] }
  const shown = (amounts: Row) => ({
    setlinfo: { ...setlinfo, medins_setl_id: message.id, ...amounts },
    setldetail,
  })

  it.each<Row>([
    { psn_pay: '', psn_part_amt: 400 },
    { psn_pay: null, psn_part_amt: 400, cash_payamt: '', psn_cash_pay: 300 },
    { psn_part_amt: '', psn_cash_pay: null },
  ])('reads the share and the cash under the name that is filled: %j', (amounts) => {
    const output = found!(message, shown(amounts))
    expect(message.operation.settlement!(output)).toEqual(fixture('2207').result!.settlement)
  })
})

describe('decode() of an account that pays more than the share', () => {
  it.each<[string, Row]>([
    ['with a negative cash', { acct_pay: 405, psn_cash_pay: -5 }],
    ['without a cash', { acct_pay: 405, psn_cash_pay: undefined }],
    ['out of a fund that would be negative', { acct_pay: 900, fund_pay_sumamt: 800, psn_cash_pay: -500 }],
  ])('takes it for no answer: %s', (_what, amounts) => {
    const setldetail: Row[] = []
    const body = Buffer.from(
      JSON.stringify({
        ...fixture('2207').reply,
        output: {
          ...(fixture('2207').reply.output as object),
          setldetail,
          setlinfo: { ...(fixture('2207').reply.output as { setlinfo: Row }).setlinfo, ...amounts },
        },
      }),
    )
    expect(() => national.decode(messageOf('2207'), body)).toThrow(Unproven)
  })
})
