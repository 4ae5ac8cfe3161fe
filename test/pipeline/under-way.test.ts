/** The lines of a bill are let go once they stand in the bytes that go out. */
import { expect, it } from 'vitest'
import type { InboundRequest } from '../../src/pipeline/context.ts'
import type { Sending } from '../../src/transport/call.ts'
import { handle } from './alone.ts'
import { BILL, bench, envelope, SETTLEMENT } from './recovery-support.ts'

const LINE = {
  feedetl_sn: 'F1',
  mdtrt_id: 'V1',
  psn_no: 'P1',
  chrg_bchno: 'B1',
  fee_ocur_time: '2026-03-02 08:30:00',
  med_list_codg: '',
  medins_list_codg: 'Y0001',
  medins_list_name: '门诊诊查费',
  det_item_fee_sumamt: 100,
  cnt: 1,
  pric: 100,
  bilg_dept_codg: '0101',
  bilg_dept_name: '内科门诊',
  bilg_dr_codg: 'D340102000001',
  bilg_dr_name: '医师甲',
  rx_circ_flag: '0',
  hosp_appr_flag: '0',
}

it.each([
  ['bytes', JSON.stringify],
  ['JSON', (value: unknown) => JSON.stringify(value, null, 1)],
])('a bill read as %s leaves its lines behind once they stand in the bytes that go out', async (_, write) => {
  const made = bench()
  const sent: Sending[] = []
  const { send } = made.services.transport
  const transport: typeof made.services.transport = {
    ...made.services.transport,
    send: (sending, read) => {
      sent.push(sending)
      return send(sending, read)
    },
  }
  const { input, ...head } = envelope('2207', SETTLEMENT, BILL)
  const body = Buffer.from(write({ ...head, input: { ...input, feedetail: [LINE] } }))
  const { dialect, formats } = made.services
  const caller = { id: 'his', institutions: 'any' } as const
  const arrival: InboundRequest = {
    dialect,
    format: formats.get(dialect.id)!,
    caller,
    body,
    transaction: null,
  }
  const answered = handle({ ...made.services, transport }, arrival)
  await made.pass(10_000)
  expect((await answered).problem).toBe('outcome-unknown')
  const { message, body: bytes } = sent[0]!
  expect(message.subject).not.toHaveProperty('lines')
  expect(message.subject.encounter).toBe('V1')
  expect(message).not.toHaveProperty('judged')
  const [line] = JSON.parse(bytes.toString()).input.feedetail
  expect(line).toMatchObject({ feedetl_sn: 'F1', medins_list_codg: 'Y0001' })
  expect(line.med_list_codg).not.toBe('')
})
