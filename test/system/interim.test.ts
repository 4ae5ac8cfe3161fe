/** A stay that is settled in parts under lost answers: each part once, found or reversed, and both books agree. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { sumOfSplits } from '../../src/client/bill.ts'
import type { Fields } from '../../src/client/message.ts'
import { admission, discharge, stayBill, stayLines, type VisitOf } from '../../src/client/visit.ts'
import { peopleOf } from '../../src/simulator/people.ts'
import { messageId, type System, startSystem, timeNow, yes } from './support.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterEach(() => system.clearFaults())
afterAll(() => system.stop())

/** Insured in Wuhu, treated in Hefei: parts of a stay are settled within the province alone. */
const person = peopleOf('340000').find(
  ({ insurance }) => insurance[0]!.status === '1' && insurance[0]!.area === '340200',
)!
const AT = { insuplc_admdvs: '340200' }
const { kind, number } = person.credentials[0]!
const visit = (): VisitOf => ({
  patient: {
    psn_no: person.number,
    credential: { mdtrt_cert_type: kind, mdtrt_cert_no: number },
    insutype: person.insurance[0]!.insutype,
  },
  number: `ZY${messageId().slice(-12)}`,
  category: '21',
  at: timeNow(),
  diagnosis: { code: 'I10.x00x002', name: '高血压' },
})
const LINES = [{ item: 'Y0001', price: 500, count: 2, sum: 1000 }]

async function state(message: string): Promise<unknown> {
  const query = new URLSearchParams({ institution: 'H34010290001', transaction: '2304', message })
  const answer = await fetch(`${system.url()}/v1/status?${query}`)
  return ((await answer.json()) as { requests: { state: string }[] }).requests[0]?.state
}

/** Settles with a lost answer. @returns the state that it comes to, and what the same message is answered then */
async function lost(fault: 'drop-after' | 'drop-before', input: unknown) {
  await system.faults(system.treating, [{ kind: fault, transaction: '2304', times: 1 }])
  const id = messageId()
  expect((await system.send('2304', input, id, AT)).json.err_msg).toContain('[outcome-unknown]')
  await system.clearFaults()
  await expect.poll(() => state(id)).toMatch(/accepted|reversed/)
  return { state: await state(id), again: await system.send('2304', input, id, AT) }
}

it.each(['drop-after', 'drop-before'] as const)('with %s of each part', async (fault) => {
  const of = visit()
  const send = async (infno: string, input: unknown) => yes(await system.send(infno, input, messageId(), AT))
  const id = String((await send('2401', admission(of))).result.mdtrt_id)
  const charge = async (from: number) => {
    const { result } = await send('2301', stayLines(of, id, LINES, from))
    return stayBill(of, id, sumOfSplits(result), timeNow()) as { data: Fields }
  }
  /** The part as it stands at last: found, or made anew after its reversal. */
  const settled = async (bill: { data: Fields }) => {
    const { state: end, again } = await lost(fault, bill)
    expect(end).toBe(fault === 'drop-after' ? 'accepted' : 'reversed')
    return end === 'accepted' ? yes(again) : send('2304', bill)
  }
  const { data } = await charge(0)
  const part = await settled({ data: { ...data, mid_setl_flag: '1' } })
  const rest = await charge(1)
  await send('2402', discharge(of, id, timeNow()))
  const end = await settled(rest)
  expect([part, end].map(({ setlinfo }) => setlinfo.medfee_sumamt)).toEqual([1000, 1000])
  expect(part.setlinfo.setl_id).not.toBe(end.setlinfo.setl_id)
  for (const { setlinfo } of [end, part])
    await send('2305', { data: { setl_id: setlinfo.setl_id, mdtrt_id: id, psn_no: person.number } })
  await system.settled()
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, fenDifference: 0, differences: [] })
})
