/** A purchase goes through the whole system: settled by a pharmacy, cancelled once, found where its answer was lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filedPerson, messageId, type System, startSystem, timeNow, yes } from './support.ts'

const PHARMACY = 'P34010490001'
const person = filedPerson()
const AT = {
  fixmedins_code: PHARMACY,
  mdtrtarea_admvs: '340104',
  insuplc_admdvs: person.insurance[0]!.area,
}

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

/** Two boxes of a drug under the code of the pharmacy. */
const purchase = () => ({
  druginfo: {
    psn_no: person.number,
    mdtrt_cert_type: '02',
    mdtrt_cert_no: person.document,
    begntime: timeNow(),
    medfee_sumamt: 25,
    insutype: person.insurance[0]!.insutype,
    acct_used_flag: '1',
    med_type: '41',
  },
  drugdetail: [
    {
      feedetl_sn: 'F1',
      rx_circ_flag: '0',
      fee_ocur_time: timeNow(),
      med_list_codg: '',
      medins_list_codg: 'Y0001',
      det_item_fee_sumamt: 25,
      cnt: 2,
      pric: '12.50',
      durg_trac_info: [{ drug_trac_codg: '81000000000000000001', trdn_flag: '0' }],
    },
  ],
})

async function status(message: string) {
  const query = new URLSearchParams({ institution: PHARMACY, transaction: '2102', message })
  const answer = await fetch(`${system.url()}/v1/status?${query}`)
  return ((await answer.json()) as { requests: Record<string, unknown>[] }).requests[0]!
}

describe('a purchase', () => {
  it('is settled, cancelled once, and stands in the journal with the visit that it opened', async () => {
    const settled = messageId()
    const { setlinfo } = yes(await system.send('2102', purchase(), settled, AT))
    expect(setlinfo).toMatchObject({ medfee_sumamt: 25, psn_part_amt: 25, medins_setl_id: settled })
    const { mdtrt_id, setl_id } = setlinfo
    expect(await status(settled)).toMatchObject({
      state: 'accepted',
      settlement: setl_id,
      encounter: mdtrt_id,
    })
    const data = { setl_id, mdtrt_id, psn_no: person.number }
    const other = { ...AT, fixmedins_code: 'P34020290001', mdtrtarea_admvs: '340202' }
    const foreign = await system.send('2103', { data }, messageId(), other)
    expect(foreign.json.err_msg).toContain('[foreign-institution]')
    const undone = yes(await system.send('2103', { data }, messageId(), AT))
    expect(undone.setlinfo).toMatchObject({ medfee_sumamt: -25 })
    const twice = await system.send('2103', { data }, messageId(), AT)
    expect(twice.json.err_msg).toContain('不能重复撤销')
    const reversal = { data: { psn_no: person.number, omsgid: settled, oinfno: '2102' } }
    const late = await system.send('2601', reversal, messageId(), AT)
    expect(late.json.err_msg).toContain('已由2103撤销，不能再冲正')
  })

  it('that was booked without an answer is found, and answered with the visit and the settlement that stand', async () => {
    await system.faults(system.insured, [{ kind: 'drop-after', transaction: '2102', times: 1 }])
    const id = messageId()
    const input = purchase()
    expect((await system.send('2102', input, id, AT)).json.err_msg).toContain('[outcome-unknown]')
    await system.clearFaults()
    await expect.poll(async () => (await status(id)).state).toBe('accepted')
    const { setlinfo } = yes(await system.send('2102', input, id, AT))
    expect(setlinfo.medins_setl_id).toBe(id)
    expect(await status(id)).toMatchObject({ settlement: setlinfo.setl_id, encounter: setlinfo.mdtrt_id })
  })
})
