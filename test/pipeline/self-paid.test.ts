/** A visit is paid once, directly or by hand, by the journal alone; a bill bears what failed before it. */
import { beforeEach, describe, expect, it } from 'vitest'
import { freshId, said, type Told, tell } from './owner-support.ts'
import { type Asked, type Bench, BILL, bench, DEADLINE_MS, HOSPITAL, type Said } from './recovery-support.ts'

const HERE = { insuplc_admdvs: '340102' }

const bill = (visit = {}, upType = '0', id = freshId()): Told => ({
  ...{ infno: '4261', id, head: HERE },
  input: {
    fmiOwnpayPatnMdtrtDDTO: {
      ...{ mdtrtId: 'V1', fixmedinsCode: HOSPITAL, fixmedinsName: '示例医院（虚构）', psnCertType: '99' },
      ...{ certno: 'X1', psnName: '张三', begntime: '2026-03-02 09:00:00', medType: '11' },
      ...{ inhospStas: '2', valiFlag: '1', ...visit },
    },
    fmiOwnpayPatnDiseListDDTOS: [{ diagCode: 'I10.x00x002' }],
    fmiOwnpayPatnFeeListDDTO: [
      { detItemFeeSumamt: '40.000000', valiFlag: '1' },
      { detItemFeeSumamt: 60.05, valiFlag: '1' },
      { detItemFeeSumamt: 9, valiFlag: '0' },
    ],
    upType,
  },
})
const takenBack = (): Told => bill({ valiFlag: '0' })
const settlement = (id = freshId()): Told => ({ infno: '2207', id, head: HERE, input: { data: BILL } })
const cancellation = (): Told => ({
  ...{ infno: '2208', head: HERE },
  input: { data: { setl_id: 'S1', mdtrt_id: 'V1', psn_no: 'P1' } },
})
const amounts = { fund_pay_sumamt: 60, psn_part_amt: 40, acct_pay: 10, psn_cash_pay: 30, hosp_part_amt: 0 }
const parts = { fulamt_ownpay_amt: 0, overlmt_selfpay: 0, preselfpay_amt: 0, inscp_scp_amt: 100 }

/** A platform that does what it is asked, says no to a settlement where it is told to, and may be silent. */
class Platform {
  refuses: string | null = null
  readonly silent = new Set<string>()
  balanced = '1'
  bare: unknown = { code: '0', type: 'success', message: '成功', data: null }

  says = ({ infno, msgid }: Asked): Said => {
    if (this.silent.has(infno)) return 'silence'
    if (infno === '2207' && this.refuses) return { no: this.refuses }
    const ids = { setl_id: 'S1', mdtrt_id: 'V1', psn_no: 'P1', medins_setl_id: msgid }
    const setlinfo = { ...ids, medfee_sumamt: 100, ...parts, ...amounts }
    if (infno === '2207') return { output: { setlinfo, setldetail: [] } }
    if (infno === '2208') {
      const turned = Object.entries({ medfee_sumamt: 100, ...parts, ...amounts }).map(([k, v]) => [k, -v + 0])
      const { psn_cash_pay, ...money } = Object.fromEntries(turned) as Record<string, number>
      return { output: { setlinfo: { ...ids, setl_id: 'S2', ...money, pdn_cash_pay: psn_cash_pay } } }
    }
    if (infno === '4262') return { output: { code: 0, data: { stmtResult: this.balanced } }, isBare: true }
    return { output: this.bare, isBare: true }
  }
}

let made: Bench
let platform: Platform
beforeEach(() => {
  platform = new Platform()
  made = bench({ behaviour: platform })
})

const stateOf = (id: string) => made.disk.byMessage(HOSPITAL, id, '4261')?.state
const leftOf = (transaction: string) => made.left.filter(({ asked }) => asked.infno === transaction)
async function done(told: Told) {
  expect(await said(made, told)).toMatchObject({ problem: null })
}
async function refused(told: Told, text: string, problem = 'invalid-field') {
  const before = made.left.length
  expect(await said(made, told)).toMatchObject({ problem, text: expect.stringContaining(text) })
  expect(made.left.length).toBe(before)
}
async function unanswered(told: Told) {
  const answer = tell(made, told)
  await made.pass(DEADLINE_MS + 1)
  return (await answer).problem
}

describe('a self-paid bill', () => {
  it('keeps its visit from being settled until it is taken back', async () => {
    await done(bill())
    await refused(settlement(), '该就诊已按自费上传')
    await done(takenBack())
    await done(settlement())
  })

  it('of a settled visit is refused in the form of its answers, until the settlement is cancelled', async () => {
    await done(settlement())
    const no = await said(made, bill())
    expect(JSON.parse(no.body)).toMatchObject({ code: '-1', type: 'error', data: null })
    await refused(bill(), '该就诊已直接结算')
    await done(cancellation())
    await done(bill())
    await refused(settlement(), '该就诊已按自费上传')
  })

  it('sent again under a new id takes the place of itself, and is taken back once for all', async () => {
    await done(bill())
    await done(bill())
    await done(takenBack())
    await done(bill())
    await refused(settlement(), '该就诊已按自费上传')
  })

  it('does not change what the key of an earlier settlement is answered with', async () => {
    const id = freshId()
    const first = await said(made, settlement(id))
    await done(cancellation())
    await done(bill())
    expect((await said(made, settlement(id))).body).toBe(first.body)
    expect(leftOf('2207')).toHaveLength(1)
  })

  it('waits while money of the visit has no outcome, and the other way round', async () => {
    platform.silent.add('2207')
    platform.silent.add('5203')
    expect(await unanswered(settlement())).toBe('outcome-unknown')
    await refused(bill(), '结果未知', 'encounter-busy')

    made = bench({ behaviour: platform })
    platform.silent.add('4261')
    expect(await unanswered(bill({}, '1'))).toBe('outcome-unknown')
    await refused(settlement(), '结果未知', 'encounter-busy')
  })

  it('bears the settlement that failed before it, with its reason, where the hospital has written nothing', async () => {
    platform.refuses = 'E101 参保人未办理异地就医备案'
    const id = freshId()
    expect(await said(made, settlement(id))).toMatchObject({ problem: 'fund-refused' })
    const own = freshId()
    await done(bill({}, '0', own))
    const sent = leftOf('4261')[0]!.asked.data as unknown as Record<string, { memo?: string }>
    expect(sent.fmiOwnpayPatnMdtrtDDTO!.memo).toBe(`直接结算未成功：2207报文${id}，原因E101`)
    expect(made.disk.byMessage(HOSPITAL, own, '4261')).toMatchObject({
      ...{ reason: 'E101', state: 'accepted' },
      exchange: { original: id },
    })
    await done(bill({ memo: '医院备注' }))
    const second = leftOf('4261')[1]!.asked.data as unknown as Record<string, { memo?: string }>
    expect(second.fmiOwnpayPatnMdtrtDDTO!.memo).toBe('医院备注')
  })

  it('for which nothing was tried was chosen by the patient', async () => {
    const own = freshId()
    await done(bill({}, '0', own))
    expect(made.disk.byMessage(HOSPITAL, own, '4261')).toMatchObject({
      ...{ reason: 'E901', exchange: { original: null } },
    })
  })
})

describe('4261 whose answer was lost', () => {
  beforeEach(() => platform.silent.add('4261'))

  it('stands where its sum is balanced, and keeps the visit from being settled', async () => {
    const id = freshId()
    expect(await unanswered(bill({}, '0', id))).toBe('outcome-unknown')
    await made.pass(60_000)
    expect(leftOf('4262')[0]!.asked.data).toMatchObject({ mdtrtId: 'V1', totalFeeSumamt: '100.05' })
    expect(stateOf(id)).toBe('accepted')
    await refused(settlement(), '该就诊已按自费上传')
  })

  it.each([
    ['is not balanced', bill({}, '0'), '0'],
    ['was an update, which the same sum does not show', bill({}, '1'), '1'],
    ['took the bill back, which no sum shows', bill({ valiFlag: '0' }), '1'],
  ])('is a person’s where it %s', async (_, told, balanced) => {
    platform.balanced = balanced
    expect(await unanswered(told)).toBe('outcome-unknown')
    await made.pass(600_000)
    expect(stateOf(told.id!)).toBe('unknown')
  })
})

describe('a bare answer', () => {
  it('that says no is a refusal; one that says both is none', async () => {
    platform.bare = { code: -1, type: 'error', message: 'E503 费用明细与总额不符', data: null }
    expect(await said(made, bill())).toMatchObject({
      problem: 'fund-refused',
      text: expect.stringContaining('E503'),
    })
    platform.bare = { code: '0', type: 'error', message: '成功', data: null }
    const told = bill()
    await said(made, told)
    expect(stateOf(told.id!)).toBe('unknown')
  })
})
