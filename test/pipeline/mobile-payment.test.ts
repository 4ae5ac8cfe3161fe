/** An order of mobile payment: 3, 4, 5 are not the end, it is paid once, and what is half given back is unknown. */
import { beforeEach, describe, expect, it } from 'vitest'
import { freshId, said, type Told, tell } from './owner-support.ts'
import { type Asked, type Bench, bench, DEADLINE_MS, HOSPITAL, type Said } from './recovery-support.ts'

const HERE = { insuplc_admdvs: '340102' }
const PERSON = { idNo: '99003419600101100X', userName: '张三', idType: '01' }

const upload = (data = {}): Told => ({
  infno: '6201',
  head: HERE,
  input: {
    data: {
      ...{ orgCodg: HOSPITAL, psnNo: 'P1', mdtrtId: '', chrgBchno: 'B1', medfeeSumamt: 100, ...PERSON },
      // An empty number is sent as 0, and names no visit.
      feedetailList: [40, 60].map((detItemFeeSumamt) => ({
        detItemFeeSumamt,
        chrgBchno: 'B1',
        mdtrtId: '0',
      })),
      ...data,
    },
  },
})
const payment = (id = freshId(), data = {}): Told => ({
  ...{ infno: '6202', id, head: HERE },
  input: { data: { payOrdId: 'O1', payToken: 'T1', orgCodg: HOSPITAL, mdtrtId: 'V1', ...data } },
})
const refund = (id = freshId(), data = {}): Told => ({
  ...{ infno: '6203', id, head: HERE },
  input: {
    data: {
      ...{ payOrdId: 'O1', appRefdSn: id, ecToken: 'E1', refdType: 'ALL' },
      ...{ totlRefdAmt: 100, psnAcctRefdAmt: 10, fundRefdAmt: 60, cashRefdAmt: 30, ...data },
    },
  },
})
const revocation = (): Told => ({
  ...{ infno: '6401', head: HERE },
  input: { data: { payOrdId: 'O1', payToken: 'T1', orgCodg: HOSPITAL, ...PERSON } },
})

/** A centre with one order, which answers as it is told. */
class Centre {
  /** What 6202 says of the order, and what 6301 does. */
  ordStas = '6'
  shows = '6'
  refStatus = 'SUCC'
  amounts = { feeSumamt: '100.00', ownPayAmt: '30.00', psnAcctPay: '10.00', fundPay: '60.00' }
  readonly silent = new Set<string>()

  says = ({ infno }: Asked): Said => {
    if (this.silent.has(infno)) return 'silence'
    if (infno === '6201')
      return { output: { data: { payOrdId: 'O1', payToken: 'T1', extData: '{"mdtrtId":"V1"}' } } }
    if (infno === '6202')
      return { output: { data: { payOrdId: 'O1', ordStas: this.ordStas, ...this.amounts } } }
    if (infno === '6203') return { output: { data: { refdSn: 'R1', refStatus: this.refStatus } } }
    if (infno === '6301')
      return { output: { data: { payOrdId: 'O1', ordStas: this.shows, ...this.amounts } } }
    return { output: { data: { success: true } } }
  }
}

let made: Bench
let centre: Centre
beforeEach(() => {
  centre = new Centre()
  made = bench({ behaviour: centre })
})

const known = (id: string, transaction = '6202') => made.disk.byMessage(HOSPITAL, id, transaction)
const leftOf = (transaction: string) => made.left.filter(({ asked }) => asked.infno === transaction)
/** Money of an outcome, in fen. */
const moneyOf = (id: string, transaction = '6202') => {
  const exchange = known(id, transaction)!.exchange.id
  const last = made.disk.batches.flat().findLast(({ outcome }) => outcome?.exchange === exchange)
  const { total, fund, personShare, account, cash } = last!.outcome!
  return { total, fund, personShare, account, cash }
}
const PAID = { total: 10_000, fund: 6_000, personShare: 4_000, account: 1_000, cash: 3_000 }
const turned = (money: object) => Object.fromEntries(Object.entries(money).map(([name, fen]) => [name, -fen]))
async function refused(told: Told, text: string, problem = 'invalid-field') {
  const before = made.left.length
  expect(await said(made, told)).toMatchObject({ problem, text: expect.stringContaining(text) })
  expect(made.left.length).toBe(before)
}

/** Sends what the centre leaves without an answer. */
async function unanswered(told: Told) {
  const answer = tell(made, told)
  await made.pass(DEADLINE_MS + 1)
  return (await answer).problem
}

describe('6201', () => {
  it('opens the visit that it registers, and the order under which the hospital pays', async () => {
    const id = freshId()
    await said(made, { ...upload(), id })
    expect(known(id, '6201')).toMatchObject({ state: 'accepted', encounter: 'V1', settlement: 'O1' })
    expect(await said(made, payment())).toMatchObject({ problem: null })
  })

  it('whose answer was lost leaves once more as it was, and what it opened is known then', async () => {
    centre.silent.add('6201')
    const id = freshId()
    expect(await unanswered({ ...upload(), id })).toBe('outcome-unknown')
    centre.silent.clear()
    await made.pass(60_000)
    expect(known(id, '6201')).toMatchObject({ state: 'accepted', encounter: 'V1', settlement: 'O1' })
    const [first, second, ...more] = leftOf('6201').map(({ asked }) => asked)
    expect([second, more]).toEqual([first, []])
    centre.ordStas = '4'
    await said(made, payment())
    await made.pass(2_000)
    expect(leftOf('6301')[0]!.asked.data).toMatchObject(PERSON)
  })

  it('whose lines do not add up to its total does not leave', () =>
    refused(upload({ medfeeSumamt: 100.01 }), 'medfeeSumamt不等于'))

  it('names the institution that sends it', () =>
    refused(upload({ orgCodg: 'H34010490001' }), 'orgCodg', 'foreign-institution'))
})

describe('6202', () => {
  it('in state 6 is the settlement of its order, in fen', async () => {
    const id = freshId()
    expect(await said(made, payment(id))).toMatchObject({ problem: null })
    expect(known(id)).toMatchObject({ state: 'accepted', settlement: 'O1' })
    expect(moneyOf(id)).toEqual(PAID)
  })

  it.each(['0', '1', '2', '3', '4', '5', '16', '99', ''])(
    'in state %j has no outcome yet; 6301 ends it',
    async (ordStas) => {
      centre.ordStas = ordStas
      centre.shows = '4'
      const id = freshId()
      expect(await said(made, payment(id))).toMatchObject({
        problem: 'outcome-unknown',
        text: expect.stringContaining('尚未办结'),
      })
      await made.pass(60_000)
      expect(known(id)?.state).toBe('unknown')
      centre.shows = '6'
      await made.pass(60_000)
      expect(known(id)).toMatchObject({ state: 'accepted', settlement: 'O1' })
      expect(moneyOf(id)).toEqual(PAID)
      expect(leftOf('6202')).toHaveLength(1)
    },
  )

  it.each(['12', '13', '15'])('in state %s is refused for good', async (ordStas) => {
    centre.ordStas = ordStas
    const id = freshId()
    expect(await said(made, payment(id))).toMatchObject({ problem: 'fund-refused' })
    expect(known(id)?.state).toBe('refused')
  })

  it('that lingers and fails is ended by 6301 as not done', async () => {
    centre.ordStas = '3'
    centre.shows = '15'
    const id = freshId()
    await said(made, payment(id))
    await made.pass(DEADLINE_MS + 120_000)
    expect(known(id)?.state).toBe('reversed')
  })

  it('whose amounts do not add up is no answer, and no evidence', async () => {
    centre.amounts = { ...centre.amounts, fundPay: '60.01' }
    const id = freshId()
    expect(await said(made, payment(id))).toMatchObject({ problem: 'outcome-unknown' })
    await made.pass(60_000)
    expect(known(id)?.state).toBe('unknown')
  })

  it('is asked for with what the upload said of the person, though it carries none of it', async () => {
    await said(made, upload())
    centre.ordStas = '4'
    await said(made, payment())
    await made.pass(2_000)
    expect(leftOf('6301')[0]!.asked.data).toMatchObject({
      payOrdId: 'O1',
      payToken: 'T1',
      orgCodg: HOSPITAL,
      ...PERSON,
    })
  })

  it('of a paid order does not leave under another message id', async () => {
    await said(made, payment())
    await refused(payment(), '已由另一报文')
  })

  it('of an order that has no outcome does not leave under another message id, with or without its visit', async () => {
    centre.ordStas = '4'
    centre.shows = '4'
    await said(made, payment())
    await refused(payment(), '尚无结果', 'encounter-busy')
    await refused(payment(freshId(), { mdtrtId: '' }), '尚无结果', 'encounter-busy')
  })

  it('twice at one moment leaves once, under two message ids', async () => {
    const [one, two] = [tell(made, payment()), tell(made, payment())]
    await made.pass(100)
    expect([(await one).problem, (await two).problem]).toEqual([null, 'invalid-field'])
    expect(leftOf('6202')).toHaveLength(1)
  })
})

describe('6203', () => {
  beforeEach(() => said(made, payment()))

  it('gives back what it says, as money of the visit', async () => {
    const id = freshId()
    expect(await said(made, refund(id))).toMatchObject({ problem: null })
    expect(known(id, '6203')).toMatchObject({
      state: 'accepted',
      exchange: { encounter: 'V1', settlement: 'O1' },
    })
    expect(moneyOf(id, '6203')).toEqual(turned(PAID))
  })

  it('whose legs do not add up does not leave', () =>
    refused(refund(freshId(), { cashRefdAmt: 29.99 }), 'totlRefdAmt不等于'))
  it('without its total does not leave', () => refused(refund(freshId(), { totlRefdAmt: '' }), 'totlRefdAmt'))

  it('once done is not done again under another message id', async () => {
    await said(made, refund())
    await refused(refund(), '已由另一报文')
  })

  it('of one leg leaves room for the other, and for no second of it', async () => {
    const insurance = { refdType: 'HI', totlRefdAmt: 70, cashRefdAmt: 0 }
    const cash = { refdType: 'CASH', totlRefdAmt: 10, psnAcctRefdAmt: 0, fundRefdAmt: 0, cashRefdAmt: 10 }
    expect(await said(made, refund(freshId(), insurance))).toMatchObject({ problem: null })
    await refused(refund(freshId(), insurance), '已由另一报文')
    for (const _ of [1, 2]) expect(await said(made, refund(freshId(), cash))).toMatchObject({ problem: null })
    await refused(refund(), '已由另一报文')
  })

  it('FAIL is refused for good', async () => {
    centre.refStatus = 'FAIL'
    const id = freshId()
    await said(made, refund(id))
    expect(known(id, '6203')?.state).toBe('refused')
  })

  it('EXP is unknown until 6301 shows which, and stays a person’s where one leg is all that went back', async () => {
    centre.refStatus = 'EXP'
    centre.shows = '8'
    const id = freshId()
    expect(await said(made, refund(id))).toMatchObject({ problem: 'outcome-unknown' })
    await made.pass(40 * 60_000)
    expect(known(id, '6203')?.state).toBe('unknown')
    expect(await made.workers[0]!.cases()).toMatchObject([{ transaction: '6203', owner: 'operator' }])
    centre.shows = '7'
    await made.pass(120_000)
    expect(known(id, '6203')?.state).toBe('accepted')
    expect(moneyOf(id, '6203')).toEqual(turned(PAID))
    expect(leftOf('6203')).toHaveLength(1)
  })

  it('EXP of which nothing went back in the end is not done', async () => {
    centre.refStatus = 'EXP'
    const id = freshId()
    await said(made, refund(id))
    await made.pass(DEADLINE_MS + 120_000)
    expect(known(id, '6203')?.state).toBe('reversed')
  })

  it('asks with the token of the payment', async () => {
    centre.refStatus = 'EXP'
    await said(made, refund())
    await made.pass(2_000)
    expect(leftOf('6301')[0]!.asked.data).toMatchObject({ payToken: 'T1' })
  })
})

describe('6401', () => {
  it('takes an order back while nothing is paid', async () => {
    await said(made, upload())
    expect(await said(made, revocation())).toMatchObject({ problem: null })
  })

  it.each([
    ['12', 'accepted'],
    ['1', 'reversed'],
    ['4', 'unknown'],
  ])('whose answer was lost is found by 6301: state %s is %s', async (shows, state) => {
    await said(made, upload())
    centre.silent.add('6401')
    centre.shows = shows
    const id = freshId()
    expect(await unanswered({ ...revocation(), id })).toBe('outcome-unknown')
    await made.pass(DEADLINE_MS + 120_000)
    expect(known(id, '6401')?.state).toBe(state)
    expect(leftOf('6401')).toHaveLength(1)
  })

  it('does not leave once it is paid, nor while its payment has no outcome', async () => {
    centre.ordStas = '4'
    centre.shows = '4'
    await said(made, payment())
    await refused(revocation(), '尚无结果', 'encounter-busy')
    centre.shows = '6'
    await made.pass(60_000)
    await refused(revocation(), '该订单已支付')
  })
})
