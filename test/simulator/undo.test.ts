/** 2601 undoes a message once, whether it was booked, is late or never came, and ends an unknown outcome. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { stretched } from '../support/stretched.ts'
import {
  ask,
  booked,
  clearFaults,
  filedEmployee,
  folder,
  messageId,
  mustDo,
  outpatient,
  setFaults,
  startNation,
} from './support.ts'

const room = folder()
let nation: Awaited<ReturnType<typeof startNation>>

beforeAll(async () => {
  nation = await startNation(room.path, { nationalDeadlineMs: stretched(150) })
})

beforeEach(async () => {
  await clearFaults(nation.gansu)
})

afterAll(async () => {
  await nation.close()
  room.remove()
})

const person = filedEmployee()
const reversal = (omsgid: string, oinfno = '2207') => ({ data: { psn_no: person.number, omsgid, oinfno } })
const stateOf = async (platform: 'national' | 'gansu', id: string) =>
  (await booked(nation[platform], id))[0]?.state

describe('2601', () => {
  it('reverses what was booked, once, and the message is refused when it comes again', async () => {
    const { request, id: visit } = await outpatient(nation.national, person)
    const id = messageId()
    const first = await mustDo(nation.national, '2207', request, { id })
    await mustDo(nation.national, '2601', reversal(id))
    await mustDo(nation.national, '2601', reversal(id))
    expect(await stateOf('gansu', id)).toBe('reversed')
    expect(await stateOf('national', id)).toBe('reversed')
    expect((await ask(nation.national, '2207', request, { id })).err_msg).toMatch(/^E504 该报文已冲正/)
    expect((await ask(nation.gansu, '2207', request, { id })).err_msg).toMatch(/^E504 该报文已冲正/)
    const query = { data: { psn_no: person.number, setl_id: '', mdtrt_id: visit } }
    expect((await ask(nation.national, '5203', query)).err_msg).toMatch(/^E000 .*未查询到结算记录/)
    const again = await mustDo(nation.national, '2207', request)
    expect(again.setlinfo.fund_pay_sumamt).toBe(first.setlinfo.fund_pay_sumamt)
  })

  it('leaves a tombstone for a message that never came', async () => {
    const { request } = await outpatient(nation.national, person)
    const id = messageId()
    await mustDo(nation.national, '2601', reversal(id))
    expect((await ask(nation.national, '2207', request, { id })).err_msg).toMatch(/^E504 /)
    expect((await ask(nation.gansu, '2207', request, { id })).err_msg).toMatch(/^E504 /)
    expect(await stateOf('gansu', id)).toBeUndefined()
  })

  it('overtakes a message that is late, which is refused then', async () => {
    const { request } = await outpatient(nation.national, person)
    await setFaults(nation.gansu, { kind: 'late', transaction: '2207', ms: stretched(400) })
    const id = messageId()
    const late = ask(nation.gansu, '2207', request, { id })
    expect((await ask(nation.national, '2207', request, { id })).err_msg).toMatch(/^E701 /)
    await mustDo(nation.national, '2601', reversal(id))
    expect((await late).err_msg).toMatch(/^E504 该报文已冲正/)
    expect(await stateOf('gansu', id)).toBeUndefined()
    expect(await stateOf('national', id)).toBe('reversed')
  })

  it('reverses a cancellation: the settlement stands again', async () => {
    const { request, id: visit } = await outpatient(nation.national, person)
    const { setlinfo } = await mustDo(nation.national, '2207', request)
    const undo = messageId()
    const cancel = { data: { setl_id: setlinfo.setl_id, mdtrt_id: visit, psn_no: person.number } }
    await mustDo(nation.national, '2208', cancel, { id: undo })
    await mustDo(nation.national, '2601', reversal(undo, '2208'))
    const query = { data: { psn_no: person.number, setl_id: setlinfo.setl_id, mdtrt_id: visit } }
    expect((await mustDo(nation.national, '5203', query)).setlinfo.refd_setl_flag).toBe('0')
    expect((await ask(nation.national, '2207', request)).err_msg).toMatch(/^E504 /)
    await mustDo(nation.national, '2208', cancel)
  })

  it('does not reverse a cancellation after which the visit was settled anew', async () => {
    const { request, id: visit } = await outpatient(nation.national, person)
    const { setlinfo } = await mustDo(nation.national, '2207', request)
    const undo = messageId()
    await mustDo(
      nation.national,
      '2208',
      { data: { setl_id: setlinfo.setl_id, mdtrt_id: visit, psn_no: person.number } },
      { id: undo },
    )
    await mustDo(nation.national, '2207', request)
    expect((await ask(nation.national, '2601', reversal(undo, '2208'))).err_msg).toMatch(/^E504 /)
  })

  it('reverses an admission and offers nothing else', async () => {
    const id = messageId()
    const insutype = person.insurance[0]!.insutype
    const mdtrtinfo = {
      psn_no: person.number,
      insutype,
      begntime: '2026-06-10 08:00:00',
      med_type: '21',
      ipt_no: 'Z',
    }
    const { result } = await mustDo(nation.national, '2401', { mdtrtinfo }, { id })
    await mustDo(nation.national, '2601', reversal(id, '2401'))
    const data = { mdtrt_id: result.mdtrt_id, psn_no: person.number }
    expect((await ask(nation.national, '2404', { data })).infcode).toBe(-1)
    expect((await ask(nation.national, '2601', reversal(id, '2204'))).infcode).toBe(-1)
  })
})

describe('an unknown outcome at the national platform', () => {
  it('is left by a query that shows the settlement', async () => {
    const { request, id: visit } = await outpatient(nation.national, person)
    await setFaults(nation.gansu, { kind: 'drop-after', transaction: '2207', times: 1 })
    const id = messageId()
    expect((await ask(nation.national, '2207', request, { id })).err_msg).toMatch(/^E701 /)
    expect(await stateOf('national', id)).toBe('unknown')
    expect(await stateOf('gansu', id)).toBe('settled')
    await mustDo(nation.national, '5203', { data: { psn_no: person.number, setl_id: '', mdtrt_id: visit } })
    const [[here], [there]] = await Promise.all([booked(nation.national, id), booked(nation.gansu, id)])
    expect(here).toMatchObject({
      state: 'settled',
      total: there!.total,
      fund: there!.fund,
      cash: there!.cash,
    })
  })

  it('is left by the same message again', async () => {
    const { request } = await outpatient(nation.national, person)
    await setFaults(nation.gansu, { kind: 'garbage', transaction: '2207', times: 1 })
    const id = messageId()
    expect((await ask(nation.national, '2207', request, { id })).err_msg).toMatch(/^E701 /)
    await mustDo(nation.national, '2207', request, { id })
    expect(await stateOf('national', id)).toBe('settled')
    expect(await booked(nation.gansu, id)).toHaveLength(1)
  })

  it('is left by a reversal', async () => {
    const { request } = await outpatient(nation.national, person)
    await setFaults(nation.gansu, { kind: 'reset', transaction: '2207', times: 1 })
    const id = messageId()
    expect((await ask(nation.national, '2207', request, { id })).err_msg).toMatch(/^E701 /)
    await mustDo(nation.national, '2601', reversal(id))
    expect(await stateOf('national', id)).toBe('reversed')
    expect(await stateOf('gansu', id)).toBe('reversed')
  })
})
