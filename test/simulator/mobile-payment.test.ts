/** The simulated centre of mobile payment: an order settles a visit once, and some of its states are not the end. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  ask,
  booked,
  clearFaults,
  folder,
  messageId,
  mustDo,
  personWhere,
  setFaults,
  startNation,
} from './support.ts'

const room = folder()
let nation: Awaited<ReturnType<typeof startNation>>
let now = Date.UTC(2026, 5, 15, 1)

beforeAll(async () => {
  nation = await startNation(room.path, { now: () => now as never })
})
beforeEach(() => clearFaults(nation.gansu))
afterAll(async () => {
  await nation.close()
  room.remove()
})

const HERE = { institution: 'H62100000001', treatment: '621000' }
const person = personWhere(({ insurance }) => insurance[0]!.insutype === '310')
const identity = { idNo: person.document, userName: person.name, idType: '01' }
const centre = (infno: string, data: object, id = messageId()) =>
  mustDo(nation.gansu, infno, { data }, { ...HERE, id })
const refused = async (infno: string, data: object) => {
  const answer = await ask(nation.gansu, infno, { data }, HERE)
  expect(answer.infcode).toBe(-1)
  return answer.err_msg
}

let serial = 0
function upload(more = {}) {
  serial += 1
  const line = (feedetlSn: string, pric: number) => ({
    ...{ feedetlSn, feeOcurTime: '2026-06-15 09:00:00', medListCodg: '002503000010000-250301001' },
    ...{ medinsListCodg: 'L1', detItemFeeSumamt: pric, cnt: 1, pric },
  })
  return {
    ...{
      orgCodg: HERE.institution,
      psnNo: person.number,
      insutype: '310',
      medOrgOrd: `M${serial}`,
      ...identity,
    },
    ...{
      begntime: '2026-06-15 09:00:00',
      ecToken: 'E1',
      iptOtpNo: `MZ${serial}`,
      medType: '11',
      mdtrtId: '',
    },
    ...{ chrgBchno: `B${serial}`, medfeeSumamt: 100, acctUsedFlag: '1', ...more },
    feedetailList: [line(`F${serial}a`, 40), line(`F${serial}b`, 60)],
  }
}
/** An order that was uploaded, as a payment names it. */
async function order() {
  const { data } = await centre('6201', upload())
  return {
    payOrdId: data.payOrdId,
    payToken: data.payToken,
    orgCodg: HERE.institution,
    mdtrtId: JSON.parse(data.extData).mdtrtId,
  }
}
const state = async (of: object) => (await centre('6301', { ...of, ...identity })).data.ordStas
const refund = (payOrdId: string, paid: Record<string, string>, more = {}) => ({
  ...{ payOrdId, appRefdSn: messageId(), ecToken: 'E1', refdType: 'ALL', totlRefdAmt: paid.feeSumamt },
  ...{ psnAcctRefdAmt: paid.psnAcctPay, fundRefdAmt: paid.fundPay, cashRefdAmt: paid.ownPayAmt, ...more },
})

describe('an order', () => {
  it('registers a visit, is paid once and given back once; its rows add up to nothing', async () => {
    const own = await order()
    expect(own.mdtrtId).toMatch(/^621000G/)
    const [pay, back] = [messageId(), messageId()]
    const { data } = await centre('6202', own, pay)
    expect(data).toMatchObject({ ordStas: '6', feeSumamt: '100.00' })
    expect(await refused('6202', own)).toContain('已支付')
    expect(await refused('6401', { ...own, ...identity })).toContain('不能撤销')
    expect((await centre('6203', refund(own.payOrdId, data), back)).data.refStatus).toBe('SUCC')
    expect(await state(own)).toBe('7')
    const rows = [...(await booked(nation.gansu, pay)), ...(await booked(nation.gansu, back))]
    expect(rows.map(({ total }) => total)).toEqual([10_000, -10_000])
    expect(rows.map(({ mdtrt_id }) => mdtrt_id)).toEqual([own.mdtrtId, own.mdtrtId])
  })

  it('is revoked while nothing is paid, and not paid then', async () => {
    const own = await order()
    expect((await centre('6401', { ...own, ...identity })).data.success).toBe(true)
    expect(await refused('6202', own)).toContain('已撤销')
  })

  it('whose total is not that of its lines is not opened, nor one of another person', async () => {
    expect(await refused('6201', upload({ medfeeSumamt: 101 }))).toContain('不一致')
    expect(await refused('6201', upload({ idNo: '99003419600101100X' }))).toContain('不符')
  })

  it('is shown to whoever knows whose it is', async () => {
    const own = await order()
    expect(await refused('6301', own)).toContain('idNo')
    expect(await refused('6301', { ...own, ...identity, userName: '李四' })).toContain('不符')
  })
})

describe('told to linger', () => {
  it.each([
    ['3', '6'],
    ['4', '6'],
    ['5', '15'],
  ])('stays at %s and comes to %s', async (at, ends) => {
    await setFaults(nation.gansu, { kind: 'linger', state: at, ends, ms: 60_000, times: 1 })
    const [own, pay] = [await order(), messageId()]
    expect((await centre('6202', own, pay)).data.ordStas).toBe(at)
    expect(await state(own)).toBe(at)
    expect(await refused('6202', own)).toContain('正在支付')
    now += 60_000
    expect(await state(own)).toBe(ends)
    expect((await booked(nation.gansu, pay))[0]!.state).toBe(ends === '6' ? 'settled' : 'reversed')
  })

  it('a notice is due when it is paid, once', async () => {
    await setFaults(nation.gansu, { kind: 'linger', state: '4', ms: 60_000, times: 1 })
    const notices = async () => {
      const answer = await fetch(`${nation.gansu.url}/notices`, { method: 'PUT' })
      return ((await answer.json()) as { notices: { input: { data: object } }[] }).notices
    }
    await notices()
    const own = await order()
    const { data } = await centre('6202', own)
    expect(await notices()).toEqual([])
    now += 60_000
    const [notice, ...more] = await notices()
    expect(more).toEqual([])
    expect(notice!.input.data).toMatchObject({
      payOrdId: own.payOrdId,
      callType: '02',
      ownpayAmt: data.ownPayAmt,
    })
    expect(await notices()).toEqual([])
  })
})

describe('told to give half back', () => {
  it.each(['7', '6'])('answers EXP and comes to %s', async (ends) => {
    const [own, back] = [await order(), messageId()]
    const { data } = await centre('6202', { ...own })
    if (data.ownPayAmt === '0.00') return
    await setFaults(nation.gansu, { kind: 'half', ends, ms: 60_000, times: 1 })
    expect((await centre('6203', refund(own.payOrdId, data), back)).data.refStatus).toBe('EXP')
    expect(await state(own)).toBe('8')
    now += 60_000
    expect(await state(own)).toBe(ends)
    const [row] = await booked(nation.gansu, back)
    expect(row).toMatchObject(ends === '7' ? { state: 'settled', total: -10_000 } : { state: 'reversed' })
  })
})

describe('across provinces', () => {
  it.each([
    ['6201', 'insutype', upload],
    ['6202', 'payOrdId', () => ({ payOrdId: 'ORD1', payToken: 'PT1' })],
    ['6203', 'payOrdId', () => ({ payOrdId: 'ORD1', ecToken: 'E1', refdType: 'ALL' })],
    ['6301', 'payToken', () => ({ payOrdId: 'ORD1', payToken: 'PT1', ...identity })],
    ['6401', 'payToken', () => ({ payOrdId: 'ORD1', payToken: 'PT1' })],
  ])(
    '%s is not taken, and where %s is missing that is told first, as by the centre',
    async (infno, field, whole) => {
      const told = async (data: object) => (await ask(nation.national, infno, { data }, HERE)).err_msg
      expect(await told({})).toContain(`${field}不能为空`)
      expect(await refused(infno, {})).toContain(`${field}不能为空`)
      expect(await told(whole())).toContain('暂不支持跨省')
    },
  )
})
