/** Filings at a simulated platform: made and cancelled by every channel, judged anew at each trial and settlement. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, dayOf, type Instant } from '../../src/domain/day.ts'
import { type Person, peopleOf } from '../../src/simulator/people.ts'
import {
  ask,
  booked,
  dischargeStay,
  filingReason,
  folder,
  messageId,
  mustDo,
  outpatient,
  personWhere,
  startNation,
  stay,
} from './support.ts'

const room = folder()
let nation: Awaited<ReturnType<typeof startNation>>
const TODAY = dayOf(Date.now() as Instant)

beforeAll(async () => {
  nation = await startNation(room.path)
})
afterAll(async () => {
  await nation.close()
  room.remove()
})

const HOSPITAL = 'H44010000001'
/** People without any filing for Guangzhou, one for each test: what one files is another's no more. */
const unfiled = peopleOf('620000').filter(
  (one) =>
    one.insurance[0]!.area.startsWith('6210') &&
    one.insurance[0]!.status === '1' &&
    filingReason(one) === 'E101',
)
let taken = 0
const someone = () => {
  taken += 1
  const person = unfiled[taken]
  if (!person) throw new Error('No one is left')
  return person
}

const referral = (person: Person, more: Record<string, unknown> = {}) => ({
  refmedin: {
    psn_no: person.number,
    insutype: person.insurance[0]!.insutype,
    mdtrtarea_admdvs: '440106',
    reflin_medins_no: HOSPITAL,
    refl_type: '3',
    refl_date: '2026-06-15',
    hosp_agre_refl_flag: '1',
    diag_code: 'I10.x00x002',
    ...more,
  },
})
const file = async (person: Person, more = {}) =>
  (await mustDo(nation.national, '2501', referral(person, more))).result.trt_dcla_detl_sn as string
const back = (person: Person, trt_dcla_detl_sn: string) => ({
  data: { trt_dcla_detl_sn, psn_no: person.number },
})
const why = async (infno: string, input: unknown, difference = {}) =>
  (await ask(nation.national, infno, input, difference)).err_msg
const apply = async (body: unknown) => {
  const response = await fetch(`${nation.gansu.url}/filings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, told: (await response.json()) as Record<string, string> }
}

describe('a referral', () => {
  it.each(['2501', '2501A'])(
    'by %s is shown by 5304, made once, and taken back once by whom it was made',
    async (infno) => {
      const person = someone()
      const { result } = await mustDo(nation.national, infno, referral(person))
      const sn = result.trt_dcla_detl_sn as string
      const asked = {
        data: { psn_no: person.number, begntime: '2026-06-01 00:00:00', endtime: '2026-06-30 00:00:00' },
      }
      const { refmedin } = await mustDo(nation.national, '5304', asked)
      expect(refmedin).toMatchObject([
        {
          trt_dcla_detl_sn: sn,
          reflin_medins_no: HOSPITAL,
          begndate: '2026-06-15',
          enddate: '2026-12-15',
          dcla_souc: '01',
        },
      ])
      expect(await why('2501', referral(person))).toMatch(/^E504 已有相同/)
      expect(await why('2502', back(person, sn), { institution: 'H44010000002' })).toMatch(
        /^E000 未查询到本机构/,
      )
      await mustDo(nation.national, '2502', back(person, sn))
      expect(await why('2502', back(person, sn))).toMatch(/^E504 /)
      expect((await mustDo(nation.national, '5304', asked)).refmedin).toEqual([])
    },
  )

  it.each([
    [
      'by a hospital of a third place',
      {},
      { treatment: '340100', institution: 'H34010000001' },
      /^E301 转院/,
    ],
    [
      'to another hospital than the one that sends it',
      { reflin_medins_no: 'H44010000002' },
      {},
      /^E301 转院/,
    ],
    ['by a pharmacy', {}, { institution: 'P44010000001' }, /^E301 定点零售药店/],
    ['within the province by its type', { refl_type: '2' }, {}, /^E000 转院类型/],
    ['that the hospital did not agree to', { hosp_agre_refl_flag: '0' }, {}, /^E000 医院未同意/],
    ['that ends before it begins', { begndate: '2026-06-15', enddate: '2026-06-14' }, {}, /^E000 结束日期/],
  ])('%s is refused', async (_what, more, difference, text) => {
    expect(await why('2501', referral(unfiled[0]!, more), difference)).toMatch(text)
  })

  it('is filed by a hospital of the insured province for another one elsewhere', async () => {
    const person = someone()
    const difference = { treatment: '621000', institution: 'H62100000001' }
    await mustDo(nation.gansu, '2501', referral(person, { reflin_medins_no: 'H44010000009' }), difference)
    await stay(nation.national, person)
  })
})

describe('what is filed', () => {
  it('late, while the person lies in hospital, makes the settlement direct', async () => {
    const person = someone()
    const admission = {
      psn_no: person.number,
      insutype: person.insurance[0]!.insutype,
      med_type: '21',
      ipt_no: 'Z',
    }
    const mdtrtinfo = { ...admission, begntime: '2026-06-10 08:00:00' }
    expect(await why('2401', { mdtrtinfo })).toMatch(/^E101 /)
    await file(person, { begndate: TODAY, refl_date: TODAY })
    const { id, request } = await stay(nation.national, person)
    await dischargeStay(nation.national, person, id)
    expect((await mustDo(nation.national, '2304', request)).setlinfo.fund_pay_sumamt).toBeGreaterThan(0)
  })

  it('and cancelled between trial and settlement settles nothing, until it is filed again', async () => {
    const person = someone()
    const sn = await file(person)
    const { id, request } = await stay(nation.national, person)
    await mustDo(nation.national, '2303', request)
    await mustDo(nation.national, '2502', back(person, sn))
    await dischargeStay(nation.national, person, id)
    const message = messageId()
    expect(await why('2304', request, { id: message })).toMatch(/^E101 /)
    expect(await booked(nation.gansu, message)).toEqual([])
    expect(await why('2303', request)).toMatch(/^E101 /)
    await file(person, { begndate: TODAY, refl_date: TODAY })
    await mustDo(nation.national, '2304', request)
  })

  it.each([
    ['in exp_content', { exp_content: JSON.stringify({ IPT_TYPE: '2' }) }],
    ['as a field of its own', { ipt_type: '2' }],
    ['as the mark of one client', { er_flag: '1' }],
  ])('is deemed so in an emergency that is marked %s', async (_how, more) => {
    const { request } = await stay(nation.national, unfiled[0]!, more)
    await mustDo(nation.national, '2303', request)
  })

  it('by an outpatient mark counts at the counter, and without it does not', async () => {
    const person = unfiled[0]!
    const { request } = await outpatient(nation.national, person)
    expect(await why('2207', request)).toMatch(/^E101 /)
    const marked = { data: { ...request.data, exp_content: '{"OTP_ER_REFL_FLAG":"3"}' } }
    await mustDo(nation.national, '2207', marked)
  })
})

describe('the other channels', () => {
  it.each(['02', '03', '04', '99'])('file by %s what the next admission needs', async (source) => {
    const person = someone()
    const asked = { psn_no: person.number, kind: '23', destination: '440100', source, begins: '2026-06-01' }
    const { status, told } = await apply({ ...asked, does: 'file' })
    expect([status, told.trt_dcla_detl_sn!.length]).toEqual([200, 24])
    await stay(nation.national, person)
    expect((await apply({ ...asked, does: 'file' })).told.error).toMatch(/^E504 /)
    expect((await apply({ ...asked, does: 'cancel' })).status).toBe(200)
    expect((await apply({ ...asked, does: 'cancel' })).told.error).toMatch(/^E000 /)
  })

  it('change a long-term filing half a year after it began, and have one at a time', async () => {
    const person = someone()
    const asked = { psn_no: person.number, kind: '12', source: '04' }
    const begins = addDays(TODAY, -179)
    expect((await apply({ ...asked, does: 'file', destination: '440100', begins })).status).toBe(200)
    const another = { ...asked, destination: '340100' }
    expect((await apply({ ...another, does: 'file' })).told.error).toMatch(/^E504 已有长期备案/)
    expect((await apply({ ...another, does: 'change' })).told.error).toMatch(/^E000 长期备案自办理/)
    const old = someone()
    const of = { ...asked, psn_no: old.number }
    await apply({ ...of, does: 'file', destination: '340100', begins: addDays(TODAY, -180) })
    expect((await apply({ ...of, does: 'change', destination: '440100', begins: '2026-06-01' })).status).toBe(
      200,
    )
    await stay(nation.national, old)
  })

  it.each([
    [{ psn_no: 'NOBODY', does: 'file', kind: '23', destination: '440100', source: '02' }, 409],
    [{ psn_no: 'X', does: 'file', kind: '77', destination: '440100', source: '02' }, 400],
    [{ psn_no: 'X', does: 'file', kind: '23', destination: '440100', source: '01' }, 400],
    ['nothing', 400],
  ])('refuse %j', async (body, status) => {
    expect((await apply(body)).status).toBe(status)
  })
})

describe('who is insured twice', () => {
  it('files under the participation that is named, or the only one in force (E202)', async () => {
    const person = personWhere((one) => one.insurance.filter(({ status }) => status === '1').length === 2)
    expect(await why('2501', referral(person, { insutype: '' }))).toMatch(/^E202 /)
    await file(person, { insutype: '390' })
    const { insuinfo } = await mustDo(nation.national, '1101', {
      data: { mdtrt_cert_type: '02', mdtrt_cert_no: person.document },
    })
    expect(insuinfo).toMatchObject([{ insutype: '310' }, { insutype: '390' }])
    const once = personWhere((one) => one.insurance.length === 2 && one.insurance[1]!.status === '2')
    await file(once, { insutype: '' })
  })
})
