/** A platform does nothing to a visit, settlement or message for an institution, person or place not its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ask,
  booked,
  type Difference,
  filedEmployee,
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
beforeAll(async () => {
  nation = await startNation(room.path)
})
afterAll(async () => {
  await nation.close()
  room.remove()
})

const person = filedEmployee()
const other = personWhere(({ number }) => number !== person.number)
const STRANGER: Difference = { institution: 'H44010000002' }

async function refused(infno: string, input: unknown, difference: Difference = {}, says = /未查询到/) {
  const answer = await ask(nation.national, infno, input, difference)
  expect(answer.infcode).toBe(-1)
  expect(answer.err_msg).toMatch(says)
}

describe('another institution', () => {
  it('does nothing with an outpatient visit', async () => {
    const { id, request } = await outpatient(nation.national, person)
    const visit = { mdtrt_id: id, psn_no: person.number }
    const mdtrtinfo = { ...visit, med_type: '11', begntime: '2026-06-15 08:00:00' }
    await refused('2202', { data: visit }, STRANGER)
    await refused('2203', { mdtrtinfo, diseinfo: [] }, STRANGER)
    await refused('2204', { feedetail: [line('F9', id, person)] }, STRANGER)
    await refused('2205', { data: { ...visit, chrg_bchno: '0000' } }, STRANGER)
    await refused('2206', request, STRANGER)
    await refused('2207', request, STRANGER)
    await refused('5202', { data: visit }, STRANGER)
    const { setlinfo } = await mustDo(nation.national, '2207', request)
    const settled = { data: { ...visit, setl_id: setlinfo.setl_id } }
    await refused('2208', settled, STRANGER)
    await refused('5203', settled, STRANGER)
    await refused('5203', { data: { ...visit, setl_id: '' } }, STRANGER)
    await mustDo(nation.national, '2208', settled)
  })

  it('does nothing with a stay, and takes none of its lines', async () => {
    const { id } = await stay(nation.national, person)
    const visit = { mdtrt_id: id, psn_no: person.number }
    await refused('2301', { feedetail: [line('F9', id, person)] }, STRANGER)
    await refused('2302', { data: [{ ...visit, feedetl_sn: '0000' }] }, STRANGER)
    await refused('2402', { dscginfo: { ...visit, endtime: '2026-06-15 10:00:00' }, diseinfo: [] }, STRANGER)
    await refused('2404', { data: visit }, STRANGER)
    await mustDo(nation.national, '2302', { data: [{ ...visit, feedetl_sn: '0000' }] })
  })

  it('is shown none of its visits', async () => {
    const { id } = await outpatient(nation.national, person)
    const data = {
      ...{ psn_no: person.number, med_type: '11', mdtrt_id: id },
      ...{ begntime: '2026-06-15 00:00:00', endtime: '2026-06-15 23:59:59' },
    }
    expect((await mustDo(nation.national, '5201', { data })).mdtrtinfo).toHaveLength(1)
    expect((await mustDo(nation.national, '5201', { data }, STRANGER)).mdtrtinfo).toEqual([])
  })
})

describe('another person', () => {
  it('has no row among the lines of a visit', async () => {
    const { id } = await outpatient(nation.national, person)
    const rows = [line('F8', id, person), line('F9', id, other)]
    await refused('2204', { feedetail: rows })
    await mustDo(nation.national, '2204', { feedetail: rows.slice(0, 1) })
  })
})

describe('2601', () => {
  it.each<[string, Difference, string]>([
    ['another institution', STRANGER, person.number],
    ['another person', {}, other.number],
    ['another place of treatment', { treatment: '440300' }, person.number],
    ['another insured place', { insured: '621002' }, person.number],
  ])('of %s leaves the settlement as it is, at both platforms', async (_name, difference, psn_no) => {
    const { request } = await outpatient(nation.national, person)
    const id = messageId()
    await mustDo(nation.national, '2207', request, { id })
    const input = { data: { psn_no, omsgid: id, oinfno: '2207' } }
    await refused('2601', input, difference, /原交易/)
    if (!difference.insured) {
      expect((await ask(nation.gansu, '2601', input, difference)).infcode).toBe(-1)
    }
    for (const platform of [nation.national, nation.gansu]) {
      expect((await booked(platform, id))[0]!.state).toBe('settled')
    }
    await mustDo(nation.national, '2601', { data: { psn_no: person.number, omsgid: id, oinfno: '2207' } })
  })
})
