/** A filing goes through the whole system: made, taken back, found where its answer was lost. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parseArea } from '../../src/domain/area.ts'
import { filingFor } from '../../src/domain/filing.ts'
import { peopleOf } from '../../src/simulator/people.ts'
import { HOSPITAL, messageId, type System, startSystem, timeNow, yes } from './support.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterEach(() => system.clearFaults())
afterAll(() => system.stop())

const TODAY = timeNow().slice(0, 10)
/** Insured of Gansu who have no filing for Hefei. */
const unfiled = peopleOf('620000').filter(
  ({ insurance, filings, chronic }) =>
    insurance[0]!.status === '1' &&
    chronic.length === 0 &&
    !filingFor(filings, parseArea('340102'), TODAY as never).valid,
)
const AREAS = (index: number) => ({ insuplc_admdvs: unfiled[index]!.insurance[0]!.area })

const referral = (index: number) => ({
  refmedin: {
    ...{ psn_no: unfiled[index]!.number, insutype: unfiled[index]!.insurance[0]!.insutype },
    ...{
      diag_code: 'I10.x00x002',
      diag_name: '高血压',
      reflin_medins_no: HOSPITAL,
      reflin_medins_name: '示例',
    },
    ...{
      mdtrtarea_admdvs: '340102',
      refl_type: '3',
      refl_date: TODAY,
      refl_rea: '病情需要',
      refl_opnn: '同意',
    },
  },
})

async function status(transaction: string, message: string) {
  const query = new URLSearchParams({ institution: HOSPITAL, transaction, message })
  const answer = await fetch(`${system.url()}/v1/status?${query}`)
  return ((await answer.json()) as { requests: Record<string, unknown>[] }).requests[0]!
}

/** A message whose answer is lost, and what the same message is answered with when it has an outcome. */
async function lost(infno: string, input: unknown, index: number, kind: 'drop-after' | 'drop-before') {
  await system.faults(system.insured, [{ kind, transaction: infno, times: 1 }])
  const id = messageId()
  expect((await system.send(infno, input, id, AREAS(index))).json.err_msg).toContain('[outcome-unknown]')
  await system.clearFaults()
  await expect.poll(async () => (await status(infno, id)).state).not.toMatch(/unknown|open/)
  return {
    id,
    again: await system.send(infno, input, id, AREAS(index)),
    state: (await status(infno, id)).state,
  }
}

describe('a lost answer', () => {
  it.each(['2501', '2501A'])(
    'of %s that was booked is found by 5304, with the number that stands',
    async (infno) => {
      const index = infno === '2501' ? 0 : 1
      const { again, state } = await lost(infno, referral(index), index, 'drop-after')
      expect(state).toBe('accepted')
      const { trt_dcla_detl_sn } = yes(again).result
      expect(trt_dcla_detl_sn).toMatch(/^\d{24}$/)
      const back = { data: { trt_dcla_detl_sn, psn_no: unfiled[index]!.number } }
      yes(await system.send('2502', back, messageId(), AREAS(index)))
    },
  )

  it('of 2501 that never came is told as not made, and may be filed anew', async () => {
    const { again, state } = await lost('2501', referral(2), 2, 'drop-before')
    expect(state).not.toBe('accepted')
    expect(again.json.infcode).not.toBe(0)
    yes(await system.send('2501', referral(2), messageId(), AREAS(2)))
  })

  it('of 2505 is found by 5302, of 2507 by the message itself, of 2502 too', async () => {
    const [person] = unfiled.slice(3)
    const psn_no = person!.number
    const named = { fix_srt_no: '1', fixmedins_code: HOSPITAL, fixmedins_name: '示例', biz_appy_type: '03' }
    const designation = { data: { psn_no, begndate: TODAY, ...named } }
    const two = await lost('2505', designation, 3, 'drop-after')
    expect(yes(two.again).result.trt_dcla_detl_sn).toMatch(/^\d{24}$/)
    const accident = { data: { psn_no, insutype: person!.insurance[0]!.insutype, trum_time: TODAY } }
    expect(yes((await lost('2507', accident, 3, 'drop-after')).again).result.trt_dcla_detl_sn).toMatch(
      /^\d{24}$/,
    )
    const filed = yes(await system.send('2501', referral(3), messageId(), AREAS(3))).result.trt_dcla_detl_sn
    const back = { data: { trt_dcla_detl_sn: filed, psn_no } }
    expect((await lost('2502', back, 3, 'drop-after')).state).toBe('accepted')
  })
})

it('a chronic filing that was lost is found by 5301', async () => {
  // The insured place certifies: the hospital and the person are of one province here.
  const person = peopleOf('340000').find(
    (one) =>
      one.insurance[0]!.status === '1' &&
      one.chronic.length === 0 &&
      one.insurance[0]!.area.startsWith('3401'),
  )!
  const { insutype, area } = person.insurance[0]!
  const dated = {
    hosp_ide_date: TODAY,
    diag_dr_codg: 'D340102000001',
    diag_dr_name: '医师甲',
    begndate: TODAY,
  }
  const data = {
    ...{
      psn_no: person.number,
      insutype,
      opsp_dise_code: 'M04600',
      opsp_dise_name: '冠心病',
      insu_optins: area,
    },
    ...{ ide_fixmedins_no: HOSPITAL, ide_fixmedins_name: '示例', ...dated },
  }
  await system.faults(system.treating, [{ kind: 'drop-after', transaction: '2503', times: 1 }])
  const id = messageId()
  const more = { insuplc_admdvs: area }
  expect((await system.send('2503', { data }, id, more)).json.err_msg).toContain('[outcome-unknown]')
  await system.clearFaults()
  await expect.poll(async () => (await status('2503', id)).state).toBe('accepted')
  const { trt_dcla_detl_sn } = yes(await system.send('2503', { data }, id, more)).result
  yes(
    await system.send(
      '2504',
      { data: { trt_dcla_detl_sn, psn_no: person.number, memo: '误报' } },
      messageId(),
      more,
    ),
  )
})
