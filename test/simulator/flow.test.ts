/** Visits and stays run from admission to cancellation across provinces, and only for those filed and entitled. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REGIONS } from '../../src/simulator/region.ts'
import {
  ask,
  booked,
  DAY,
  dischargeStay,
  filedEmployee,
  filingReason,
  folder,
  line,
  messageId,
  mustDo,
  outpatient,
  personWhere,
  send,
  settlement,
  startNation,
  stay,
} from './support.ts'

type Nation = Awaited<ReturnType<typeof startNation>>
const room = folder()
let nation: Nation

beforeAll(async () => {
  nation = await startNation(room.path)
})

afterAll(async () => {
  await nation.close()
  room.remove()
})

async function balanceOf(number: string): Promise<number> {
  const page = await (await fetch(`${nation.gansu.url}/people`)).json()
  const people = (page as { people: { psn_no: string; insurance: { balc: number }[] }[] }).people
  return people.find((person) => person.psn_no === number)!.insurance[0]!.balc
}

describe('an outpatient across provinces', () => {
  it('is identified, settled, queried, cancelled', async () => {
    const { national } = nation
    const person = filedEmployee()
    const shown = { mdtrt_cert_type: '01', mdtrt_cert_no: person.credentials[0]!.number }
    const identified = await mustDo(national, '1101', { data: shown }, { insured: '' })
    expect(identified.baseinfo.psn_no).toBe(person.number)
    expect(identified.insuinfo[0].insuplc_admdvs).toBe(person.insurance[0]!.area)
    const { id, request, sums } = await outpatient(national, person)
    expect(sums).toMatchObject({ medfee_sumamt: 649.15, fulamt_ownpay_amt: 15.8, preselfpay_amt: 3.34 })
    const balance = await balanceOf(person.number)
    const trial = await mustDo(national, '2206', request)
    const message = messageId()
    const { setlinfo, setldetail } = await mustDo(national, '2207', request, { id: message })
    expect(setlinfo).toMatchObject({ mdtrt_id: id, medins_setl_id: message, medfee_sumamt: 649.15 })
    expect(trial.setlinfo.setl_id).toBeUndefined()
    expect(trial.setlinfo.fund_pay_sumamt).toBe(setlinfo.fund_pay_sumamt)
    expect(setldetail[0].fund_pay_type).toBe('310100')
    expect(await balanceOf(person.number)).toBeCloseTo(balance - setlinfo.acct_pay, 2)
    const [there] = await booked(nation.gansu, message)
    const [here] = await booked(national, message)
    expect(there).toMatchObject({ state: 'settled', total: 64_915, mdtrt_id: id })
    expect({ ...here, at: 0, insured_area: '' }).toEqual({ ...there, at: 0, insured_area: '' })

    const query = await mustDo(national, '5203', {
      data: { psn_no: person.number, setl_id: '', mdtrt_id: id },
    })
    expect(query.setlinfo).toMatchObject({ medins_setl_id: message, pay_loc: '4', refd_setl_flag: '0' })
    const twice = await ask(national, '2207', request)
    expect(twice.err_msg).toMatch(/^E504 /)
    const removal = await ask(national, '2205', {
      data: { mdtrt_id: id, chrg_bchno: 'B1', psn_no: person.number },
    })
    expect(removal.err_msg).toMatch(/^E504 /)

    const undo = messageId()
    const cancel = { data: { setl_id: setlinfo.setl_id, mdtrt_id: id, psn_no: person.number } }
    const cancelled = await mustDo(national, '2208', cancel, { id: undo })
    expect(cancelled.setlinfo.setl_id).not.toBe(setlinfo.setl_id)
    expect(cancelled.setlinfo).toMatchObject({ medfee_sumamt: -649.15, medins_setl_id: undo })
    expect(cancelled.setlinfo.pdn_cash_pay + setlinfo.psn_cash_pay).toBe(0)
    expect(await balanceOf(person.number)).toBe(balance)
    expect((await booked(nation.gansu, message))[0]).toEqual(there)
    expect((await booked(nation.gansu, undo))[0]).toMatchObject({
      init_setl_id: setlinfo.setl_id,
      total: -64_915,
    })
    expect((await ask(national, '2208', cancel)).err_msg).toMatch(/^E504 /)
    const after = await mustDo(national, '5203', {
      data: { psn_no: person.number, setl_id: '', mdtrt_id: id },
    })
    expect(after.setlinfo).toMatchObject({ medins_setl_id: undo, refd_setl_flag: '1' })
    const visits = await mustDo(national, '5201', {
      data: {
        psn_no: person.number,
        begntime: '2026-06-15 00:00:00',
        endtime: '2026-06-15 23:59:59',
        med_type: '11',
      },
    })
    expect(visits.mdtrtinfo.map((row: { mdtrt_id: string }) => row.mdtrt_id)).toContain(id)

    await mustDo(national, '2207', request)
    expect(await balanceOf(person.number)).toBeCloseTo(balance - setlinfo.acct_pay, 2)
  })

  it('gives the same bytes for the same message, and refuses another body under its id', async () => {
    const { national, gansu } = nation
    const person = filedEmployee()
    const { request } = await outpatient(national, person)
    const id = messageId()
    const first = await send(national, '2207', request, { id })
    expect((await send(national, '2207', request, { id })).text).toBe(first.text)
    expect((await send(gansu, '2207', request, { id })).text).toBe(first.text)
    const other = { data: { ...request.data, medfee_sumamt: 1 } }
    expect((await ask(national, '2207', other, { id })).err_msg).toMatch(/^E504 /)
    expect(await booked(gansu, id)).toHaveLength(1)
    const both = messageId()
    const second = await outpatient(national, person)
    const answers = await Promise.all([1, 2].map(() => send(national, '2207', second.request, { id: both })))
    expect(answers[0]!.text).toBe(answers[1]!.text)
  })

  it.each(['medfee_sumamt', 'fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt'])(
    'is refused where %s is not that of the lines',
    async (field) => {
      const person = filedEmployee()
      const { request, sums } = await outpatient(nation.national, person)
      const wrong = { data: { ...request.data, [field]: (sums[field] ?? 0) + 0.01 } }
      const id = messageId()
      expect((await ask(nation.national, '2207', wrong, { id })).err_msg).toMatch(/^E503 /)
      expect(await booked(nation.gansu, id)).toEqual([])
      expect((await booked(nation.national, id))[0]!.state).toBe('refused')
    },
  )

  it('needs no filing inside the province, and pays as at home', async () => {
    const person = personWhere((one) => one.insurance[0]!.insutype === '310' && one.filings.length === 0)
    const { request } = await outpatient(nation.gansu, person)
    // Treated in Lanzhou: the visit is opened there too.
    const inside = { treatment: '620100' }
    const data = {
      psn_no: person.number,
      insutype: '310',
      ipt_otp_no: 'MZ9',
      begntime: '2026-06-15 08:00:00',
    }
    const visit = (await mustDo(nation.gansu, '2201', { data }, inside)).data.mdtrt_id
    const { result } = await mustDo(nation.gansu, '2204', { feedetail: [line('F1', visit, person)] }, inside)
    expect(result[0].inscp_scp_amt).toBe(600)
    const sums = {
      ...request.data,
      medfee_sumamt: 600,
      fulamt_ownpay_amt: 0,
      preselfpay_amt: 0,
      inscp_scp_amt: 600,
    }
    const settled = await mustDo(nation.gansu, '2207', { data: { ...sums, mdtrt_id: visit } }, inside)
    expect(settled.setlinfo.act_pay_dedc).toBe(200)
    expect((await ask(nation.gansu, '2207', request)).err_msg).toMatch(/^E101 /)
  })
})

describe('a stay across provinces', () => {
  it('is admitted, tried, discharged, settled, cancelled', async () => {
    const { national, gansu } = nation
    const person = filedEmployee()
    const { id, request, sums } = await stay(national, person)
    expect(sums).toMatchObject({ medfee_sumamt: 9400, preselfpay_amt: 200, inscp_scp_amt: 9200 })
    await mustDo(national, '2303', request)
    expect((await ask(national, '2304', request)).err_msg).toMatch(/尚未办理出院/)
    await dischargeStay(national, person, id)
    const message = messageId()
    const { setlinfo } = await mustDo(national, '2304', request, { id: message })
    expect(setlinfo).toMatchObject({ act_pay_dedc: 800, acct_pay: 0, clr_type: '21', clr_optins: '621000' })
    expect(setlinfo.fund_pay_sumamt + setlinfo.psn_part_amt).toBe(9400)
    const late = await ask(national, '2301', { feedetail: [line('F9', id, person)] })
    expect(late.err_msg).toMatch(/^E504 /)
    const remove = { data: [{ feedetl_sn: '0000', mdtrt_id: id, psn_no: person.number }] }
    expect((await ask(national, '2302', remove)).err_msg).toMatch(/^E504 /)
    const own = { mdtrt_id: id, psn_no: person.number }
    expect((await ask(national, '2405', { data: own })).infcode).toBe(-1)
    const undo = await mustDo(national, '2305', { data: { ...own, setl_id: setlinfo.setl_id } })
    expect(undo.setlinfo.psn_cash_pay + setlinfo.psn_cash_pay).toBe(0)
    await mustDo(national, '2405', { data: own })
    await mustDo(national, '2302', remove)
    await mustDo(national, '2404', { data: own })
    expect((await ask(national, '2303', request)).infcode).toBe(-1)
    expect((await booked(gansu, message))[0]!.total).toBe(940_000)
  })

  it('counts the stay again after a cancellation as if it had not been', async () => {
    const { national } = nation
    const person = personWhere(
      (one) => one.insurance[0]!.insutype === '390' && filingReason(one).startsWith('1') && !one.assistance,
    )
    const first = await stay(national, person)
    await dischargeStay(national, person, first.id)
    const settled = await mustDo(national, '2304', first.request)
    await mustDo(national, '2305', {
      data: { mdtrt_id: first.id, psn_no: person.number, setl_id: settled.setlinfo.setl_id },
    })
    const again = await mustDo(national, '2304', first.request)
    expect(again.setlinfo.fund_pay_sumamt).toBe(settled.setlinfo.fund_pay_sumamt)
  })

  it.each(['E101', 'E102', 'E103'])('is refused with %s without a valid filing', async (reason) => {
    const person = personWhere((one) => filingReason(one) === reason)
    const insutype = person.insurance[0]!.insutype
    const mdtrtinfo = {
      psn_no: person.number,
      insutype,
      begntime: `${DAY} 08:00:00`,
      med_type: '21',
      ipt_no: 'Z',
    }
    const answer = await ask(nation.national, '2401', { mdtrtinfo })
    expect(answer.err_msg.slice(0, 5)).toBe(`${reason} `)
    expect(answer.output).toBeNull()
    const emergency = { ...mdtrtinfo, exp_content: JSON.stringify({ IPT_TYPE: '2' }) }
    expect((await ask(nation.national, '2401', { mdtrtinfo: emergency })).infcode).toBe(0)
    expect(
      (await ask(nation.national, '2401', { mdtrtinfo: { ...mdtrtinfo, med_type: '24' } })).infcode,
    ).toBe(0)
  })

  it('is possible after a referral was filed with 2501', async () => {
    const person = personWhere((one) => filingReason(one) === 'E102')
    const insutype = person.insurance[0]!.insutype
    const refmedin = { psn_no: person.number, insutype, mdtrtarea_admdvs: '440106', refl_date: '2026-06-01' }
    await mustDo(nation.national, '2501', { refmedin })
    const mdtrtinfo = {
      psn_no: person.number,
      insutype,
      begntime: `${DAY} 08:00:00`,
      med_type: '21',
      ipt_no: 'Z',
    }
    await mustDo(nation.national, '2401', { mdtrtinfo })
  })

  it('refuses who is suspended with E201, and 2001 says why', async () => {
    const { peopleOf } = await import('../../src/simulator/people.ts')
    const person = peopleOf('620000').find((one) => one.insurance[0]!.status === '2')!
    const insured = person.insurance[0]!.area
    const data = {
      psn_no: person.number,
      insutype: person.insurance[0]!.insutype,
      med_type: '21',
      begntime: DAY,
    }
    expect((await ask(nation.national, '2401', { mdtrtinfo: data }, { insured })).err_msg).toMatch(/^E201 /)
    const { trtinfo } = await mustDo(nation.national, '2001', { data }, { insured })
    expect(trtinfo[0]).toMatchObject({ trt_enjymnt_flag: '0' })
    expect(trtinfo[0].trt_chk_rslt).toMatch(/^E201 /)
  })
})

describe('the chronic lane', () => {
  const certified = () =>
    personWhere((one) => one.chronic.some((row) => row.code === 'M03900') && /^[12]/.test(filingReason(one)))

  it('pays for a certified disease up to its yearly cap', async () => {
    const person = certified()
    const employee = person.insurance[0]!.insutype === '310'
    const rules = REGIONS['620000']!.insurances[employee ? 'employee' : 'resident']
    const more = { med_type: '14', dise_codg: 'M03900' }
    const { request } = await outpatient(nation.national, person, more)
    const { setlinfo } = await mustDo(nation.national, '2207', request)
    expect(setlinfo.act_pay_dedc).toBe(0)
    expect(setlinfo.fund_pay_sumamt).toBeGreaterThan(0)
    expect(setlinfo.fund_pay_sumamt * 100).toBeLessThanOrEqual(
      rules.chronic_outpatient.annual_cap_by_disease.M039!,
    )
  })

  it.each([
    ['a disease without certificate', 'M08300'],
    ['a disease beyond the ten', 'M07800'],
    ['no disease', ''],
  ])('refuses %s with E601', async (_name, disease) => {
    const person = personWhere(
      (one) => one.chronic.every((row) => row.code !== 'M08300') && /^[12]/.test(filingReason(one)),
    )
    const { request } = await outpatient(nation.national, person, { med_type: '14', dise_codg: disease })
    expect((await ask(nation.national, '2207', request)).err_msg).toMatch(/^E601 /)
  })
})

describe('lines', () => {
  it('are refused as a whole where one is wrong', async () => {
    const person = filedEmployee()
    const { id } = await outpatient(nation.national, person)
    const more = (changes: Record<string, unknown>) => ({
      feedetail: [
        line('G1', id, person, { chrg_bchno: 'B2' }),
        line('G2', id, person, { chrg_bchno: 'B2', ...changes }),
      ],
    })
    const reason = async (changes: Record<string, unknown>) =>
      (await ask(nation.national, '2204', more(changes))).err_msg.slice(0, 4)
    expect(await reason({ det_item_fee_sumamt: 600.02 })).toBe('E503')
    expect(await reason({ det_item_fee_sumamt: 600.001 })).toBe('E503')
    expect(await reason({ med_list_codg: '阿司匹林' })).toBe('E501')
    expect(await reason({ feedetl_sn: 'F1' })).toBe('E504')
    expect(await reason({ det_item_fee_sumamt: -600, cnt: -2 })).toBe('E503')
    const empty = settlement(person, id, { medfee_sumamt: 600 }, { chrg_bchno: 'B2' })
    expect((await ask(nation.national, '2206', empty)).err_msg).toMatch(/^E503 /)
  })
})
