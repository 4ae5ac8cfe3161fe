/** A purchase goes through the whole system: settled by a pharmacy, cancelled once, found where its answer was lost. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { sampleInput } from '../../src/extension/catalogue-samples.ts'
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

/** Two boxes of a drug under the code of the pharmacy. @param box the code on one of them */
const purchase = (box = '81000000000000000001') => ({
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
      durg_trac_info: [{ drug_trac_codg: box, trdn_flag: '0' }],
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

  it('keeps its boxes from every other message of the pharmacy until it has an outcome, and finds those of a sale kept', async () => {
    const [one, two] = ['81000000000000000011', '81000000000000000012']
    const sale = (code: string) => ({
      selinfo: sampleInput(national.catalogue!, '3505', {
        province: '34',
        values: { fixmedins_code: PHARMACY, drug_trac_codg: code },
        whole: true,
      }).selinfo,
    })
    const local = { ...AT, insuplc_admdvs: '' }
    await system.faults(system.insured, [
      { kind: 'drop-after', transaction: '2102', times: 1 },
      { kind: 'drop-before', transaction: '5201', times: 500 },
    ])
    const id = messageId()
    expect((await system.send('2102', purchase(one), id, AT)).json.err_msg).toContain('[outcome-unknown]')
    const sold = await system.send('3505', sale(one), messageId(), local)
    expect(sold.json.err_msg).toMatch(/drug_trac_codg所填追溯码在另一笔2102中尚无结果/)
    await system.clearFaults()
    await expect.poll(async () => (await status(id)).state).toBe('accepted')

    await system.faults(system.treating, [
      { kind: 'drop-after', transaction: '3505', times: 1 },
      { kind: 'drop-before', transaction: '3513', times: 500 },
    ])
    expect((await system.send('3505', sale(two), messageId(), local)).json.err_msg).toContain(
      '[outcome-unknown]',
    )
    const bought = await system.send('2102', purchase(two), messageId(), AT)
    expect(bought.json.err_msg).toMatch(
      /drugdetail\[0\]\.durg_trac_info\[0\]\.drug_trac_codg所填追溯码在另一笔3505中/,
    )
    await system.clearFaults()
  })
})
