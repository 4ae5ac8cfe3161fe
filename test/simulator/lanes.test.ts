/** Lanes with rules of their own, and one bill of all payers; money goes back as it was taken. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayOf, type Instant } from '../../src/domain/day.ts'
import { type Person, peopleOf } from '../../src/simulator/people.ts'
import {
  ask,
  booked,
  filingReason,
  folder,
  line,
  messageId,
  mustDo,
  outpatient,
  personWhere,
  startNation,
  stay,
} from './support.ts'

const room = folder()
let nation: Awaited<ReturnType<typeof startNation>>
/** The same province: level two, and level three. */
const HOME = { treatment: '620100', institution: 'H62010000005' }
const BIG = { treatment: '620100', institution: 'H62010000001' }

beforeAll(async () => {
  nation = await startNation(room.path)
})
afterAll(async () => {
  await nation.close()
  room.remove()
})

const TODAY = dayOf(Date.now() as Instant)
const isFiled = (one: Person) => /^[12]/.test(filingReason(one))
const why = async (infno: string, input: unknown, difference = {}) =>
  (await ask(nation.gansu, infno, input, difference)).err_msg
const balanceOf = async (person: Person) => {
  const data = { mdtrt_cert_type: person.credentials[0]!.kind, mdtrt_cert_no: person.credentials[0]!.number }
  return (await mustDo(nation.national, '1101', { data })).insuinfo[0].balc as number
}
const at =
  (place: typeof HOME) =>
  (infno: string, input: unknown, more = {}) =>
    mustDo(nation.gansu, infno, input, { ...place, ...more })

/** A stay within the province. */
async function stayAt(person: Person, place = BIG, more: Record<string, unknown> = {}) {
  const insutype = person.insurance[0]!.insutype
  const mdtrtinfo = {
    psn_no: person.number,
    insutype,
    begntime: '2026-06-10 08:00:00',
    med_type: '21',
    ipt_no: 'Z',
    ...more,
  }
  const { result } = await at(place)('2401', { mdtrtinfo })
  const id = result.mdtrt_id as string
  const data = (total: number, said = {}) => ({
    data: {
      psn_no: person.number,
      mdtrt_cert_type: '02',
      mdtrt_id: id,
      insutype,
      acct_used_flag: '0',
      mid_setl_flag: '0',
      medfee_sumamt: total,
      ...{ fulamt_ownpay_amt: 0, overlmt_selfpay: 0, preselfpay_amt: 0, inscp_scp_amt: total },
      ...said,
    },
  })
  const charge = (serial: string, yuan: number) =>
    at(place)('2301', {
      feedetail: [line(serial, id, person, { det_item_fee_sumamt: yuan, cnt: 1, pric: yuan })],
    })
  const leave = (endtime = '2026-06-15 10:00:00') =>
    at(place)('2402', { dscginfo: { mdtrt_id: id, psn_no: person.number, insutype, endtime, dscg_way: '1' } })
  const undo = (setl_id: string) => ({ data: { mdtrt_id: id, psn_no: person.number, setl_id } })
  return { id, data, charge, leave, undo }
}
const resident = (n = 0) => {
  let seen = 0
  return personWhere((one) => {
    const fits =
      one.insurance[0]!.insutype === '390' &&
      !one.assistance &&
      one.supplements.length === 0 &&
      one.gender === '2'
    if (fits) seen += 1
    return fits && seen > n
  })
}

describe('an interim settlement', () => {
  it('takes the lines there are; the final one takes the rest, and the deductible once', async () => {
    const person = resident()
    const { data, charge, leave, undo } = await stayAt(person)
    await charge('A1', 20_000)
    const first = await at(BIG)('2304', data(20_000, { mid_setl_flag: '1' }))
    expect(first.setlinfo.act_pay_dedc).toBeGreaterThan(0)
    expect(await why('2304', data(20_000, { mid_setl_flag: '1' }), BIG)).toMatch(/^E503 没有已上传/)
    expect(
      await why(
        '2302',
        { data: [{ mdtrt_id: undo('').data.mdtrt_id, psn_no: person.number, feedetl_sn: 'A1' }] },
        BIG,
      ),
    ).toMatch(/^E504 /)
    await charge('A2', 3_000)
    await leave()
    expect(await why('2304', data(23_000), BIG)).toMatch(/^E503 医疗费总额/)
    const last = await at(BIG)('2304', data(3_000))
    expect(last.setlinfo).toMatchObject({ act_pay_dedc: 0, medfee_sumamt: 3_000 })
    expect(await why('2305', undo(first.setlinfo.setl_id), BIG)).toMatch(/^E504 该次住院有较晚/)
    await at(BIG)('2305', undo(last.setlinfo.setl_id))
    await at(BIG)('2305', undo(first.setlinfo.setl_id))
    // Together they are one stay again, which pays what the two have paid.
    const whole = await at(BIG)('2304', data(23_000))
    const both = Number((first.setlinfo.fund_pay_sumamt + last.setlinfo.fund_pay_sumamt).toFixed(2))
    expect(whole.setlinfo.fund_pay_sumamt).toBe(both)
  })

  it('that is reversed gives its lines back, and its reversed cancellation takes them again', async () => {
    const person = resident(1)
    const { data, charge, undo } = await stayAt(person)
    await charge('B1', 9_000)
    const id = messageId()
    await at(BIG)('2304', data(9_000, { mid_setl_flag: '1' }), { id })
    await at(BIG)('2601', { data: { psn_no: person.number, omsgid: id, oinfno: '2304' } })
    const again = await at(BIG)('2304', data(9_000, { mid_setl_flag: '1' }))
    const cancellation = messageId()
    await at(BIG)('2305', undo(again.setlinfo.setl_id), { id: cancellation })
    await at(BIG)('2601', { data: { psn_no: person.number, omsgid: cancellation, oinfno: '2305' } })
    expect(await why('2304', data(9_000, { mid_setl_flag: '1' }), BIG)).toMatch(/^E503 没有已上传/)
    await at(BIG)('2305', undo(again.setlinfo.setl_id))
    await charge('B2', 1_000)
    await at(BIG)('2303', data(10_000))
  })

  it('whose lines were taken back since is not put back by reversing its cancellation', async () => {
    const person = resident(1)
    const { id, data, charge, undo } = await stayAt(person)
    await charge('D1', 400)
    await charge('D2', 100)
    const { setlinfo } = await at(BIG)('2304', data(500, { mid_setl_flag: '1' }))
    const cancellation = messageId()
    await at(BIG)('2305', undo(setlinfo.setl_id), { id: cancellation })
    await at(BIG)('2302', { data: [{ mdtrt_id: id, psn_no: person.number, feedetl_sn: 'D2' }] })
    const reversal = { data: { psn_no: person.number, omsgid: cancellation, oinfno: '2305' } }
    expect(await why('2601', reversal, BIG)).toMatch(/^E504 /)
    await at(BIG)('2303', data(400))
  })

  it('is not made across provinces, nor after the discharge', async () => {
    const { request } = await stay(nation.national, personWhere(isFiled))
    const midway = { data: { ...request.data, mid_setl_flag: '1' } }
    expect((await ask(nation.national, '2304', midway)).err_msg).toMatch(/^E301 跨省/)
    const { data, charge, leave } = await stayAt(resident(2))
    await charge('C1', 500)
    await leave()
    expect(await why('2304', data(500, { mid_setl_flag: '1' }), BIG)).toMatch(/^E000 已办理出院/)
  })
})

describe('a stay over the end of the year', () => {
  it('counts in the year of its discharge, whenever it is settled', async () => {
    const { id, data, charge, leave } = await stayAt(resident(3), BIG, { begntime: '2025-12-20 08:00:00' })
    await charge('Y1', 5_000)
    await leave('2025-12-31 10:00:00')
    const message = messageId()
    await at(BIG)('2304', data(5_000), { id: message })
    const { setlinfo } = await at(BIG)('5203', {
      data: { psn_no: resident(3).number, setl_id: '', mdtrt_id: id },
    })
    expect(setlinfo).toMatchObject({ year: '2025', begndate: '2025-12-20', enddate: '2025-12-31' })
  })
})

describe('a birth', () => {
  it.each([
    ['1', 1_080],
    ['3', 1_800],
  ])('within the province pays the flat amount of %s, of a dear one no more', async (matn_type, flat) => {
    const { data, charge, leave } = await stayAt(resident(4), BIG, { med_type: '52', matn_type })
    await charge('M1', 6_000)
    await leave()
    const { setlinfo } = await at(BIG)('2303', data(6_000))
    expect(setlinfo).toMatchObject({ hifp_pay: flat, fund_pay_sumamt: flat, act_pay_dedc: 0 })
  })

  it('is refused across provinces when the person is admitted; 2001 says so before', async () => {
    const person = personWhere(isFiled)
    const insutype = person.insurance[0]!.insutype
    const mdtrtinfo = { psn_no: person.number, insutype, begntime: '2026-06-10', med_type: '52', ipt_no: 'Z' }
    expect((await ask(nation.national, '2401', { mdtrtinfo })).err_msg).toMatch(/^E301 生育/)
    const data = { psn_no: person.number, insutype, med_type: '52', begntime: '2026-06-10' }
    const { trtinfo } = await mustDo(nation.national, '2001', { data })
    expect(trtinfo[0]).toMatchObject({ trt_enjymnt_flag: '0' })
  })

  it('is followed by the newborn with its mother, at the same hospital alone', async () => {
    const mother = resident(5)
    const mdtrtinfo = (place: typeof HOME) => stayAt(mother, place, { med_type: '9921' })
    await expect(mdtrtinfo(BIG)).rejects.toThrow(/E601 未查询到母亲/)
    await stayAt(mother, BIG, { med_type: '52' })
    const { data, charge, leave } = await mdtrtinfo(BIG)
    await charge('N1', 2_000)
    await leave()
    const { setlinfo } = await at(BIG)('2303', data(2_000))
    expect(setlinfo.act_pay_dedc).toBe(0)
    expect(setlinfo.fund_pay_sumamt).toBeGreaterThan(0)
    await expect(mdtrtinfo(HOME)).rejects.toThrow(/E601/)
  })
})

describe('a trauma', () => {
  it.each([
    ['a third party is settled by nobody', { trum_flag: '1', rel_ttp_flag: '1' }, /^E602 外伤涉及第三方/],
    ['nothing said of a third party is not settled', { med_type: '22', trum_flag: '1' }, /^E602 外伤未注明/],
    [
      'no third party is settled',
      { exp_content: '{"TRUM_FLAG":"1","REL_TTP_FLAG":"0"}', med_type: '22' },
      /^$/,
    ],
  ])('with %s', async (_what, more, text) => {
    const { request } = await stay(nation.national, personWhere(isFiled), more)
    expect((await ask(nation.national, '2303', request)).err_msg).toMatch(text)
  })

  it('whose accident was filed with 2507 is settled', async () => {
    const person = personWhere(isFiled)
    const { request } = await stay(nation.national, person, { med_type: '22' })
    expect((await ask(nation.national, '2303', request)).err_msg).toMatch(/^E602 /)
    const data = { psn_no: person.number, insutype: person.insurance[0]!.insutype, trum_time: '2026-06-09' }
    expect(
      (await ask(nation.national, '2507', { data: { ...data, trum_time: '2030-01-01' } })).err_msg,
    ).toMatch(/^E000 受伤/)
    const { result } = await mustDo(nation.national, '2507', { data })
    expect(result.trt_dcla_detl_sn).toMatch(/^\d{24}$/)
    expect((await ask(nation.national, '2507', { data })).err_msg).toMatch(/^E504 /)
    await mustDo(nation.national, '2303', request)
  })
})

describe('a chronic disease', () => {
  const filed = (person: Person, code: string, place: typeof HOME, more = {}) => ({
    data: {
      psn_no: person.number,
      insutype: person.insurance[0]!.insutype,
      opsp_dise_code: code,
      ide_fixmedins_no: place.institution,
      begndate: '2026-01-01',
      ...more,
    },
  })

  it('is certified with 2503, shown by 5301, and paid from then on; the rest of the bill apart', async () => {
    const person = personWhere(
      (one) => isFiled(one) && one.chronic.length === 0 && one.insurance[0]!.insutype === '310',
    )
    const refused = await outpatient(nation.national, person, { med_type: '14', dise_codg: 'M04600' })
    expect((await ask(nation.national, '2207', refused.request)).err_msg).toMatch(/^E601 /)
    const { result } = await at(BIG)('2503', filed(person, 'M04600', BIG))
    const { feedetail } = await mustDo(nation.national, '5301', { data: { psn_no: person.number } })
    expect(feedetail).toEqual([
      {
        opsp_dise_code: 'M04600',
        opsp_dise_name: '冠心病',
        begndate: '2026-01-01',
        enddate: '',
        trt_dcla_detl_sn: result.trt_dcla_detl_sn,
      },
    ])
    expect(await why('2503', filed(person, 'M04600', BIG), BIG)).toMatch(/^E504 /)
    const { id, request } = await outpatient(nation.national, person, { med_type: '14', dise_codg: 'M04600' })
    await mustDo(nation.national, '2204', { feedetail: [line('R1', id, person, { chrg_bchno: 'B2' })] })
    const disease = await mustDo(nation.national, '2207', request)
    const rest = { ...request.data, chrg_bchno: 'B2', med_type: '11', dise_codg: '', medfee_sumamt: 600 }
    const sums = { fulamt_ownpay_amt: 0, overlmt_selfpay: 0, preselfpay_amt: 0, inscp_scp_amt: 600 }
    const ordinary = await mustDo(nation.national, '2207', { data: { ...rest, ...sums } })
    expect(disease.setlinfo).toMatchObject({ med_type: '14', act_pay_dedc: 0 })
    expect(ordinary.setlinfo).toMatchObject({ med_type: '11', medfee_sumamt: 600 })
    await at(BIG)('2504', {
      data: { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no: person.number, memo: '' },
    })
    expect((await mustDo(nation.national, '5301', { data: { psn_no: person.number } })).feedetail).toEqual([])
  })

  it('of the local list is paid within the province alone', async () => {
    const person = personWhere(
      (one) => isFiled(one) && one.chronic.length === 0 && one.insurance[0]!.insutype === '310',
    )
    await at(BIG)('2503', filed(person, 'M02500', BIG))
    const { request } = await outpatient(nation.national, person, { med_type: '14', dise_codg: 'M02500' })
    expect((await ask(nation.national, '2207', request)).err_msg).toMatch(/^E601 该病种不在可直接结算的十种/)
    expect(await why('2001', { data: {} })).not.toBe('')
    const data = {
      psn_no: person.number,
      insutype: '310',
      med_type: '14',
      begntime: TODAY,
      dise_codg: 'M02500',
    }
    expect((await at(BIG)('2001', { data })).trtinfo[0]).toMatchObject({ trt_enjymnt_flag: '1' })
  })

  it.each([
    ['for another institution', 'M04600', { ide_fixmedins_no: 'H62010000009' }, BIG, /^E301 鉴定/],
    ['of no list', 'M55555', {}, BIG, /^E601 /],
    [
      'by a foreign hospital',
      'M04600',
      { ide_fixmedins_no: 'H44010000001' },
      undefined,
      /^E301 门诊慢特病资格/,
    ],
  ])('is not certified %s', async (_what, code, more, place, text) => {
    const input = filed(personWhere(isFiled), code, BIG, more)
    expect(await why('2503', input, place)).toMatch(text)
  })
})

describe('the two diseases', () => {
  const registration = (person: Person, place: typeof HOME) => ({
    data: {
      ...{ psn_no: person.number, biz_appy_type: '23', begndate: '2026-01-01', fix_srt_no: '1' },
      ...{ fixmedins_code: place.institution, fixmedins_name: '示例医院（虚构）' },
    },
  })
  const visit = async (person: Person, place: typeof HOME, med_type = '11') => {
    const insutype = person.insurance[0]!.insutype
    const opened = await at(place)('2201', {
      data: { psn_no: person.number, insutype, begntime: '2026-06-15 08:00:00', ipt_otp_no: messageId() },
    })
    const mdtrt_id = opened.data.mdtrt_id as string
    await at(place)('2203', { mdtrtinfo: { mdtrt_id, psn_no: person.number, med_type, dise_codg: 'M03900' } })
    await at(place)('2204', { feedetail: [line('T1', mdtrt_id, person)] })
    const sums = {
      medfee_sumamt: 600,
      fulamt_ownpay_amt: 0,
      overlmt_selfpay: 0,
      preselfpay_amt: 0,
      inscp_scp_amt: 600,
    }
    return {
      data: {
        psn_no: person.number,
        mdtrt_id,
        insutype,
        chrg_bchno: 'B1',
        med_type,
        acct_used_flag: '0',
        ...sums,
      },
    }
  }

  it('are registered with 2505, shown by 5302, and pay half up to the yearly cap at that institution', async () => {
    const person = personWhere(
      (one) =>
        one.insurance[0]!.insutype === '390' && one.chronic.length === 0 && one.supplements.length === 0,
    )
    const { result } = await at(HOME)('2505', registration(person, HOME))
    const asked = { data: { psn_no: person.number, biz_appy_type: '23' } }
    const { psnfixmedin } = await at(HOME)('5302', asked)
    expect(psnfixmedin).toMatchObject([{ fixmedins_code: HOME.institution, begndate: '2026-01-01' }])
    expect(await why('2505', registration(person, BIG), BIG)).toMatch(/^E504 /)
    const paid = [600, 600].map(() => visit(person, HOME))
    const [first, second] = await Promise.all(paid)
    expect((await at(HOME)('2207', first)).setlinfo.fund_pay_sumamt).toBe(300)
    expect((await at(HOME)('2207', second)).setlinfo.fund_pay_sumamt).toBe(0)
    await at(HOME)('2506', {
      data: { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no: person.number, memo: '' },
    })
    expect((await at(HOME)('5302', asked)).psnfixmedin).toEqual([])
  })
})

describe('the family account', () => {
  const giverOf = (person: Person) => peopleOf('620000').find((one) => one.number === person.family)!

  it('pays what the own one cannot; the relative has it back with the cancellation', async () => {
    const person = personWhere((one) => one.family !== null && isFiled(one))
    const giver = giverOf(person)
    const before = await balanceOf(giver)
    const { id, request } = await outpatient(nation.national, person)
    const { setlinfo } = await mustDo(nation.national, '2207', {
      data: { ...request.data, acct_used_flag: '2' },
    })
    expect(setlinfo.acct_mulaid_pay).toBeGreaterThan(0)
    expect(setlinfo.acct_pay).toBe(setlinfo.acct_mulaid_pay)
    expect(setlinfo.acct_pay + setlinfo.psn_cash_pay).toBeCloseTo(setlinfo.psn_part_amt, 2)
    expect(await balanceOf(giver)).toBeCloseTo(before - setlinfo.acct_mulaid_pay, 2)
    await mustDo(nation.national, '2208', {
      data: { mdtrt_id: id, psn_no: person.number, setl_id: setlinfo.setl_id },
    })
    expect(await balanceOf(giver)).toBe(before)
  })

  it('is refused to whom it was not agreed with', async () => {
    const person = personWhere((one) => one.family === null && isFiled(one))
    const { request } = await outpatient(nation.national, person)
    const message = messageId()
    const data = { ...request.data, acct_used_flag: '2' }
    expect((await ask(nation.national, '2207', { data }, { id: message })).err_msg).toMatch(
      /^E601 未查询到家庭/,
    )
    expect(await booked(nation.gansu, message)).toEqual([])
  })
})

describe('one bill', () => {
  it.each([
    ['civilServant', 'cvlserv_pay', '320100'],
    ['disabled', 'hifdm_pay', '350100'],
  ] as const)('has the %s layer in its amounts and its rows', async (name, field, fund) => {
    const person = personWhere((one) => one.supplements[0] === name)
    const { data, charge, leave } = await stayAt(person)
    await charge('L1', 30_000)
    await leave()
    const { setlinfo, setldetail } = await at(BIG)('2304', data(30_000))
    expect(setlinfo[field]).toBeGreaterThan(0)
    expect(setldetail).toContainEqual(
      expect.objectContaining({ fund_pay_type: fund, fund_payamt: setlinfo[field] }),
    )
    const layers = [
      'hifp_pay',
      'cvlserv_pay',
      'hifes_pay',
      'hifmi_pay',
      'hifob_pay',
      'hifdm_pay',
      'maf_pay',
      'oth_pay',
    ]
    const sum = layers.reduce((all, one) => all + setlinfo[one], 0)
    expect(sum).toBeCloseTo(setlinfo.fund_pay_sumamt, 2)
    expect(setlinfo.fund_pay_sumamt + setlinfo.psn_part_amt).toBeCloseTo(30_000, 2)
  })

  it('pays the enterprise layer at home, and names it to be claimed from another province', async () => {
    const person = personWhere((one) => one.supplements.includes('enterprise') && isFiled(one))
    const { data, charge, leave } = await stayAt(person)
    await charge('E1', 30_000)
    await leave()
    const home = await at(BIG)('2303', data(30_000))
    expect(home.setlinfo.hifes_pay).toBeGreaterThan(0)
    expect(home.setlinfo.exp_content).toBeUndefined()
    const { request } = await stay(nation.national, person)
    const { setlinfo } = await mustDo(nation.national, '2303', request)
    expect(setlinfo.hifes_pay).toBe(0)
    const later = JSON.parse(setlinfo.exp_content) as { CLAIM_LATER: Record<string, string> }
    expect(Number(later.CLAIM_LATER['370100'])).toBeGreaterThan(0)
    expect(setlinfo.fund_pay_sumamt + setlinfo.psn_part_amt).toBeCloseTo(setlinfo.medfee_sumamt, 2)
  })
})

it('5303 lists who lies in the hospital that asks', async () => {
  const person = resident(6)
  const { id, leave } = await stayAt(person)
  const asked = {
    data: { psn_no: person.number, begntime: '2026-06-01 00:00:00', endtime: '2026-06-30 00:00:00' },
  }
  const ids = async (place: typeof HOME) =>
    (await at(place)('5303', asked)).data.map((row: { mdtrt_id: string }) => row.mdtrt_id)
  expect(await ids(BIG)).toContain(id)
  expect(await ids(HOME)).not.toContain(id)
  await leave()
  expect(await ids(BIG)).not.toContain(id)
})
