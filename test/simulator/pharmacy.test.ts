/** A simulated purchase is one message, paid by the account first, undone with its lines, and reversible. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../src/simulator/people.ts'
import {
  ask,
  booked,
  clearFaults,
  filedEmployee,
  filingReason,
  folder,
  messageId,
  mustDo,
  personWhere,
  send,
  setFaults,
  startNation,
} from './support.ts'

const room = folder()
let nation: Awaited<ReturnType<typeof startNation>>

beforeAll(async () => {
  nation = await startNation(room.path)
})
beforeEach(() => clearFaults(nation.gansu))
afterAll(async () => {
  await nation.close()
  room.remove()
})

const PHARMACY = 'P44010000001'
const AT = { institution: PHARMACY }
const OTHER = { institution: 'P44010000002' }
const DRUG = 'XA02AXX095A001010103358'

/** A purchase of 33.35 and 15.80 yuan. */
function purchase(person: Person, druginfo: Record<string, unknown> = {}, code = DRUG) {
  const line = (feedetl_sn: string, pric: number, more = {}) => ({
    ...{ feedetl_sn, rx_circ_flag: '0', fee_ocur_time: '2026-06-15 09:00:00', med_list_codg: code },
    ...{ medins_list_codg: 'Y1', det_item_fee_sumamt: pric, cnt: 1, pric, ...more },
  })
  return {
    druginfo: {
      psn_no: person.number,
      mdtrt_cert_type: '02',
      mdtrt_cert_no: person.document,
      begntime: '2026-06-15 09:00:00',
      medfee_sumamt: 49.15,
      insutype: person.insurance[0]!.insutype,
      acct_used_flag: '1',
      med_type: '41',
      ...druginfo,
    },
    drugdetail: [line('F1', 33.35), line('F2', 15.8)],
  }
}

const buyer = () => filedEmployee()
const balance = async (person: Person) => {
  const data = { mdtrt_cert_type: '02', mdtrt_cert_no: person.document }
  return (await mustDo(nation.national, '1101', { data })).insuinfo[0].balc as number
}
const asked = (person: Person, mdtrt_id: string) => ({
  data: { psn_no: person.number, setl_id: '', mdtrt_id },
})
const visits = async (person: Person, med_type = '41') => {
  const data = {
    psn_no: person.number,
    begntime: '2026-06-15 00:00:00',
    endtime: '2026-06-15 23:59:59',
    med_type,
  }
  return (await mustDo(nation.national, '5201', { data }, AT)).mdtrtinfo as { mdtrt_id: string }[]
}
const cancellation = (person: Person, { setl_id, mdtrt_id }: Record<string, string>) => ({
  data: { setl_id, mdtrt_id, psn_no: person.number },
})

describe('2102 药店结算', () => {
  it('opens a visit, splits the lines and settles, by the personal account first; both books hold it', async () => {
    const before = await balance(buyer())
    const id = messageId()
    const { setlinfo, detlcutinfo } = await mustDo(nation.national, '2102', purchase(buyer()), { id, ...AT })
    expect(setlinfo).toMatchObject({ medfee_sumamt: 49.15, fund_pay_sumamt: 0, psn_part_amt: 49.15 })
    expect(setlinfo.acct_pay).toBe(Math.min(before, 49.15))
    expect(setlinfo).toMatchObject({ clr_type: '41', med_type: '41', medins_setl_id: id })
    expect(detlcutinfo).toMatchObject([{ feedetl_sn: 'F1' }, { feedetl_sn: 'F2' }])
    expect(await balance(buyer())).toBeCloseTo(before - setlinfo.acct_pay, 2)
    const { mdtrt_id, setl_id } = setlinfo
    for (const platform of ['national', 'gansu'] as const)
      expect(await booked(nation[platform], id)).toMatchObject([
        { mdtrt_id, setl_id, total: 4915, state: 'settled' },
      ])
  })

  it('is shown by 5201 under its category, and by 5203 in its visit with its message', async () => {
    const id = messageId()
    const { setlinfo } = await mustDo(nation.national, '2102', purchase(buyer()), { id, ...AT })
    const { mdtrt_id, setl_id } = setlinfo
    expect((await visits(buyer())).map((visit) => visit.mdtrt_id)).toContain(mdtrt_id)
    expect((await visits(buyer(), '11')).map((visit) => visit.mdtrt_id)).not.toContain(mdtrt_id)
    const shown = await mustDo(nation.national, '5203', asked(buyer(), mdtrt_id), AT)
    expect(shown.setlinfo).toMatchObject({ setl_id, medins_setl_id: id, refd_setl_flag: '0' })
    expect((await ask(nation.national, '5203', asked(buyer(), mdtrt_id), OTHER)).infcode).toBe(-1)
  })

  it('is booked once however often its message comes', async () => {
    const id = messageId()
    const [one, two] = await Promise.all(
      [1, 2].map(() => send(nation.national, '2102', purchase(buyer()), { id, ...AT })),
    )
    expect(one!.text).toBe(two!.text)
    expect(await booked(nation.gansu, id)).toHaveLength(1)
  })

  it.each([
    ['a service', () => purchase(buyer(), {}, '002503000010000-250301001'), AT, /^E501 /],
    ['a consumable', () => purchase(buyer(), {}, 'C0201010520000000001'), AT, /^E501 /],
    ['a sum that is not that of its lines', () => purchase(buyer(), { medfee_sumamt: 49.16 }), AT, /^E503 /],
    ['an outpatient category', () => purchase(buyer(), { med_type: '11' }), AT, /^E000 医疗类别/],
    ['a hospital', () => purchase(buyer()), {}, /^E301 /],
    [
      'somebody without a filing',
      () => purchase(personWhere((one) => filingReason(one) === 'E101')),
      AT,
      /^E101 /,
    ],
  ] as const)('refuses %s, and books nothing', async (_name, input, difference, text) => {
    const id = messageId()
    expect((await ask(nation.national, '2102', input(), { id, ...difference })).err_msg).toMatch(text)
    expect(await booked(nation.gansu, id)).toEqual([])
  })

  it('settles chronic medicine (14) by the fund of the chronic lane, for whom is certified', async () => {
    const person = personWhere((one) => one.chronic.length > 0 && filingReason(one).startsWith('1'))
    const chronic = { med_type: '14', dise_codg: person.chronic[0]!.code }
    const { setlinfo } = await mustDo(nation.national, '2102', purchase(person, chronic), AT)
    expect(setlinfo.fund_pay_sumamt).toBeGreaterThan(0)
    expect(setlinfo).toMatchObject({ med_type: '14', clr_type: '41' })
    const without = await ask(nation.national, '2102', purchase(person, { med_type: '14' }), AT)
    expect(without.err_msg).toMatch(/^E601 /)
  })

  it('is undone by 2601 with the visit that it opened, and refused when it comes again', async () => {
    const before = await balance(buyer())
    const id = messageId()
    const { setlinfo } = await mustDo(nation.national, '2102', purchase(buyer()), { id, ...AT })
    const undo = { data: { psn_no: buyer().number, omsgid: id, oinfno: '2102' } }
    expect((await ask(nation.national, '2601', undo, OTHER)).infcode).toBe(-1)
    await mustDo(nation.national, '2601', undo, AT)
    expect(await booked(nation.national, id)).toMatchObject([{ state: 'reversed' }])
    expect((await visits(buyer())).map((visit) => visit.mdtrt_id)).not.toContain(setlinfo.mdtrt_id)
    expect(await balance(buyer())).toBe(before)
    expect((await ask(nation.national, '2102', purchase(buyer()), { id, ...AT })).err_msg).toMatch(/^E504 /)
  })

  it('has the faults of any transaction: it may be booked and never answered', async () => {
    await setFaults(nation.gansu, { kind: 'drop-after', transaction: '2102', times: 1 })
    const id = messageId()
    const lost = send(nation.gansu, '2102', purchase(buyer()), { id, ...AT, timeoutMs: 300 })
    await expect(lost).rejects.toThrow()
    expect(await booked(nation.gansu, id)).toMatchObject([{ state: 'settled' }])
  })
})

describe('2101 药店预结算', () => {
  it('gives the amounts of the settlement, and books neither visit nor line', async () => {
    const book = async () =>
      (await (await fetch(`${nation.gansu.url}/book`)).json()) as Record<string, unknown>
    const before = await book()
    const tried = await mustDo(nation.national, '2101', purchase(buyer()), AT)
    expect(tried.setlinfo).toMatchObject({ medfee_sumamt: 49.15, psn_part_amt: 49.15, mdtrt_id: '' })
    expect(tried.setlinfo).not.toHaveProperty('setl_id')
    expect(await book()).toEqual(before)
  })
})

describe('2103 药店结算撤销', () => {
  it('books the negative and gives back what the account paid, once, and only for the pharmacy itself', async () => {
    const before = await balance(buyer())
    const { setlinfo } = await mustDo(nation.national, '2102', purchase(buyer()), AT)
    const undo = cancellation(buyer(), setlinfo)
    expect((await ask(nation.national, '2103', undo, OTHER)).err_msg).toMatch(/^E000 未查询到/)
    const undone = await mustDo(nation.national, '2103', undo, AT)
    expect(undone.setlinfo).toMatchObject({ medfee_sumamt: -49.15, psn_part_amt: -49.15 })
    expect(undone.setlinfo.pdn_cash_pay).toBeCloseTo(-setlinfo.psn_cash_pay, 2)
    expect(await balance(buyer())).toBe(before)
    expect((await ask(nation.national, '2103', undo, AT)).err_msg).toMatch(/^E504 /)
    expect((await ask(nation.national, '2208', undo, AT)).err_msg).toMatch(/^E000 /)
  })

  it('is reversible: then the purchase stands again', async () => {
    const { setlinfo } = await mustDo(nation.national, '2102', purchase(buyer()), AT)
    const id = messageId()
    await mustDo(nation.national, '2103', cancellation(buyer(), setlinfo), { id, ...AT })
    const undo = { data: { psn_no: buyer().number, omsgid: id, oinfno: '2103' } }
    await mustDo(nation.national, '2601', undo, AT)
    const shown = await mustDo(nation.national, '5203', asked(buyer(), setlinfo.mdtrt_id), AT)
    expect(shown.setlinfo).toMatchObject({ setl_id: setlinfo.setl_id, refd_setl_flag: '0' })
  })
})
